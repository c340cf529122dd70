/** Checks a hub's receipt: signed by the directory's hub key, for these bytes, this request and this upload. */
import { failure, ok, type Result } from '../../contracts/result.ts';
import type { Receipt } from '../../contracts/request.ts';
import type { ShareRecord } from '../../contracts/share.ts';
import type { VerifierKey } from '../../core/signed-note.ts';
import { openReceipt } from '../../core/trusted-directory.ts';

/**
 * The receipt in `note` when it is genuine and about exactly what was sent; `bad-receipt`, saying what differs, otherwise.
 * `hubKey` is the key of the directory that the page trusts, or null while it has none.
 */
export const verifyReceipt = async (
  note: string,
  share: Pick<ShareRecord, 'sha256' | 'bytes' | 'requestId' | 'uploadUrl'>,
  hubKey: VerifierKey | null,
): Promise<Result<Receipt, 'bad-receipt'>> => {
  if (hubKey === null) return failure('bad-receipt', 'There is no directory yet to check the receipt with.');
  const opened = await openReceipt(note, hubKey);
  if (!opened.ok) return opened;
  const { sha256, bytes, request, package: id } = opened.value;
  if (sha256 !== share.sha256)
    return failure('bad-receipt', 'The receipt is for other bytes: its SHA-256 is not the package’s.');
  if (bytes !== share.bytes)
    return failure('bad-receipt', `The receipt says ${bytes} bytes arrived; ${share.bytes} were sent.`);
  if (request !== share.requestId) return failure('bad-receipt', 'The receipt is for another request.');
  if (share.uploadUrl?.endsWith(`/${id}`) !== true) return failure('bad-receipt', 'The receipt is for another upload.');
  return ok(opened.value);
};
