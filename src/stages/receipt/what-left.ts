/** What left for a share, put together again from the ledger: bodies for an export, and the hash to compare with the hub's receipt. */
import type { HashAgreement, LedgerRequest } from '../../contracts/ledger.ts';
import type { ShareRecord } from '../../contracts/share.ts';
import type { LedgerStore, ShareStore } from '../../contracts/storage.ts';
import { ledgerRequests } from '../../core/ledger-chain.ts';
import { sha256Hex } from '../../core/sha256.ts';

type Sent = Pick<LedgerRequest, 'method' | 'url' | 'headers' | 'bytesOut' | 'bodySha256'>;

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);

const isPartOf = ({ method, url }: Sent, { uploadUrl }: Pick<ShareRecord, 'uploadUrl'>): boolean =>
  method === 'PATCH' && uploadUrl !== null && pathOf(url) === uploadUrl;

/** Where in the package a part lay; null when the line does not say. */
const offsetOf = ({ headers = {} }: Sent): number | null => {
  const offset = Number(headers['Upload-Offset']);
  return headers['Upload-Offset'] !== undefined && Number.isInteger(offset) && offset >= 0 ? offset : null;
};

const slice = async (sealed: Blob, part: Sent): Promise<Uint8Array<ArrayBuffer> | null> => {
  const offset = offsetOf(part);
  if (offset === null || offset + part.bytesOut > sealed.size) return null;
  return new Uint8Array(await sealed.slice(offset, offset + part.bytesOut).arrayBuffer());
};

/** The body of a request as the ledger kept it, or cut anew from the sealed package; only if its SHA-256 is the ledger's. */
export const bodyOf = async (
  request: LedgerRequest,
  ledger: Pick<LedgerStore, 'body'>,
  shares: Pick<ShareStore, 'all' | 'package'>,
): Promise<Uint8Array<ArrayBuffer> | null> => {
  const kept = await ledger.body(request.seq);
  if (kept !== null) return kept;
  const share = (await shares.all()).find((one) => isPartOf(request, one));
  const sealed = share === undefined ? null : await shares.package(share.id);
  const body = sealed === null ? null : await slice(sealed, request);
  return body !== null && (await sha256Hex(body)) === request.bodySha256 ? body : null;
};

/**
 * SHA-256 of what the ledger says has left for a share: every part's own SHA-256 must be that of the sealed bytes at its offset, and
 * together they must cover the package from its first byte to its last. Null, with a sentence, when they do not.
 */
const ledgerHash = async (
  share: ShareRecord,
  sealed: Blob,
  requests: readonly LedgerRequest[],
): Promise<{ readonly hash: string | null; readonly problem: string }> => {
  const parts = requests.filter((request) => isPartOf(request, share));
  let covered = 0;
  for (const part of parts.toSorted((a, b) => (offsetOf(a) ?? 0) - (offsetOf(b) ?? 0))) {
    const bytes = await slice(sealed, part);
    if (bytes === null || (await sha256Hex(bytes)) !== part.bodySha256) {
      return { hash: null, problem: `Line ${part.seq} of the ledger is about other bytes than the sealed ones.` };
    }
    const offset = offsetOf(part) ?? 0;
    if (offset > covered) break;
    covered = Math.max(covered, offset + part.bytesOut);
  }
  if (covered !== sealed.size) {
    return { hash: null, problem: `The ledger accounts for ${covered} of ${sealed.size} bytes of the package.` };
  }
  return { hash: await sha256Hex(new Uint8Array(await sealed.arrayBuffer())), problem: '' };
};

/** Compares what the ledger wrote down, what was inspected and sealed, and what the hub signed for. */
export const compareHashes = async (
  share: ShareRecord,
  ledger: Pick<LedgerStore, 'all'>,
  shares: Pick<ShareStore, 'package'>,
): Promise<HashAgreement> => {
  const inspected = share.sha256;
  const receipt = share.receipt?.receipt.sha256 ?? null;
  const sealed = await shares.package(share.id);
  const left =
    sealed === null
      ? { hash: null, problem: 'The sealed package is not on this device any more.' }
      : await ledgerHash(share, sealed, ledgerRequests(await ledger.all()));
  const agree = left.hash === inspected && receipt === inspected;
  const differs = receipt === null ? 'There is no receipt yet.' : 'The three are not the same.';
  return { ledger: left.hash, inspected, receipt, agree, problem: agree ? '' : left.problem || differs };
};
