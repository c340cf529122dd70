/** The ledger's own account of a share: it must cover every byte of the package, with these bytes and no others. */
import { describe, expect, test } from 'vitest';
import type { LedgerLine } from '../../../../src/contracts/ledger.ts';
import type { LedgerEntry, ShareRecord } from '../../../../src/contracts/share.ts';
import { chainLine, ledgerRequests } from '../../../../src/core/ledger-chain.ts';
import { sha256Hex } from '../../../../src/core/sha256.ts';
import { bodyOf, compareHashes } from '../../../../src/stages/receipt/what-left.ts';

const SEALED = crypto.getRandomValues(new Uint8Array(1_000));
const sha256 = await sha256Hex(SEALED);
const UPLOAD = '/v1/packages/abc';

const share = (receiptHash: string | null): ShareRecord =>
  ({
    ...{ id: 's', sha256, bytes: SEALED.length, uploadUrl: UPLOAD },
    receipt: receiptHash === null ? null : { note: '', receipt: { sha256: receiptHash } },
  }) as ShareRecord;

const part = async (
  offset: number,
  length: number,
  bytes = SEALED.slice(offset, offset + length),
): Promise<LedgerEntry> => ({
  ...{
    at: 1,
    purpose: 'send a part',
    method: 'PATCH',
    url: `https://hub.example${UPLOAD}`,
    bytesOut: bytes.length,
    bytesIn: 0,
  },
  ...{ bodySha256: await sha256Hex(bytes), status: 204, problem: null, headers: { 'Upload-Offset': String(offset) } },
});

const ledgerOf = async (...entries: readonly LedgerEntry[]) => {
  const lines: LedgerLine[] = [];
  for (const entry of entries) lines.push(await chainLine(entry, lines.at(-1) ?? null, []));
  return { all: () => Promise.resolve(lines), body: () => Promise.resolve(null) };
};
const shares = { all: () => Promise.resolve([share(sha256)]), package: () => Promise.resolve(new Blob([SEALED])) };

describe('the three hashes', () => {
  test('agree when the parts cover the package, also when one had to be sent again', async () => {
    const ledger = await ledgerOf(await part(0, 400), await part(400, 400), await part(600, 400));
    expect(await compareHashes(share(sha256), ledger, shares)).toEqual({
      ...{ ledger: sha256, inspected: sha256, receipt: sha256, agree: true, problem: '' },
    });
  });

  test.each([
    ['a line is missing', () => ledgerOf(), 'accounts for 0 of 1000 bytes'],
    [
      'a part in the middle is missing',
      async () => ledgerOf(await part(0, 400), await part(600, 400)),
      'accounts for 400 of 1000',
    ],
    ['the end is missing', async () => ledgerOf(await part(0, 999)), 'accounts for 999 of 1000'],
    [
      'other bytes left',
      async () => ledgerOf(await part(0, 1_000, new Uint8Array(1_000))),
      'Line 1 of the ledger is about other bytes',
    ],
    [
      'more bytes left',
      async () => ledgerOf(await part(0, 1_001, new Uint8Array(1_001))),
      'Line 1 of the ledger is about other bytes',
    ],
  ])('differ when %s', async (_, ledger, problem) => {
    const compared = await compareHashes(share(sha256), await ledger(), shares);
    expect(compared).toMatchObject({ agree: false, ledger: null });
    expect(compared.problem).toContain(problem);
  });

  test('differ when the receipt is for other bytes, or not there yet', async () => {
    const ledger = await ledgerOf(await part(0, 1_000));
    expect(await compareHashes(share('0'.repeat(64)), ledger, shares)).toMatchObject({ agree: false, ledger: sha256 });
    expect(await compareHashes(share(null), ledger, shares)).toMatchObject({
      agree: false,
      problem: 'There is no receipt yet.',
    });
  });
});

test('a body that was not kept is cut from the package again, if it is the one that left', async () => {
  const ledger = await ledgerOf(await part(300, 200), await part(300, 200, new Uint8Array(200)));
  const [good, bad] = ledgerRequests(await ledger.all());
  if (!good || !bad) throw new Error('two requests');
  expect(await bodyOf(good, ledger, shares)).toEqual(SEALED.slice(300, 500));
  expect(await bodyOf(bad, ledger, shares)).toBeNull();
});
