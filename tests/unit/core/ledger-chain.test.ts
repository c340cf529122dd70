/** The ledger's chain: whatever is taken out, changed or put elsewhere shows, and a clearing leaves a line that counts on. */
import { describe, expect, test } from 'vitest';
import type { LedgerLine } from '../../../src/contracts/ledger.ts';
import type { LedgerEntry } from '../../../src/contracts/share.ts';
import { chainLine, checkLedger, ledgerRequests } from '../../../src/core/ledger-chain.ts';

const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...{ at: 1, purpose: 'p', method: 'GET', url: '/v1/feed', bytesOut: 0, bytesIn: 0, bodySha256: null },
  ...{ status: null, problem: null },
  ...change,
});

const ledger = async (...entries: readonly LedgerEntry[]): Promise<LedgerLine[]> => {
  const lines: LedgerLine[] = [];
  for (const one of entries) lines.push(await chainLine(one, lines.at(-1) ?? null, []));
  return lines;
};

const fiveLines = (): Promise<LedgerLine[]> =>
  ledger(...[1, 2, 3, 4, 5].map((at) => entry({ at, headers: { b: '2', a: '1' } })));

test('a whole ledger holds, the empty one too', async () => {
  const lines = await fiveLines();
  expect(await checkLedger(lines)).toEqual({ ok: true, lines: 5, head: lines[4]?.hash });
  expect(await checkLedger([])).toEqual({ ok: true, lines: 0, head: null });
});

describe('shows where it breaks', () => {
  test('a line taken out', async () => {
    const lines = await fiveLines();
    expect(await checkLedger(lines.toSpliced(2, 1))).toEqual({ ok: false, lines: 4, brokenAt: 4 });
    expect(await checkLedger(lines.slice(1))).toEqual({ ok: false, lines: 4, brokenAt: 2 });
  });

  test.each<Partial<LedgerLine>>([
    { at: 9 },
    { url: '/elsewhere' },
    { bytesOut: 1 },
    { bodySha256: '0'.repeat(64) },
    { status: 200 },
    { problem: 'x' },
    { headers: { a: '1', b: '3' } },
    { kind: 'blocked' },
    { of: 1 },
    { tookMs: 3 },
    { purpose: 'q' },
    { method: 'POST' },
    { bytesIn: 4 },
  ])('a line changed to %j', async (change) => {
    const lines = (await fiveLines()).map((line) => (line.seq === 3 ? { ...line, ...change } : line));
    expect(await checkLedger(lines)).toMatchObject({ ok: false, brokenAt: 3 });
  });

  test('a line made anew with a hash of its own', async () => {
    const lines = await fiveLines();
    const forged = await chainLine(entry({ url: '/elsewhere' }), lines[1] ?? null, []);
    expect(await checkLedger(lines.with(2, forged))).toMatchObject({ ok: false, brokenAt: 4 });
  });

  test('two lines in the other order', async () => {
    const lines = await fiveLines();
    const [, second, third] = lines;
    if (second === undefined || third === undefined) throw new Error('five lines');
    expect((await checkLedger(lines.with(1, third).with(2, second))).ok).toBe(false);
  });
});

test('lines from before the chain are sealed in by its first line', async () => {
  const old: LedgerLine[] = [entry({ at: 1 }), entry({ at: 2 })].map((one, index) => ({ ...one, seq: index + 1 }));
  const lines = [...old, await chainLine(entry({ at: 3 }), old[1] ?? null, old)];
  expect(await checkLedger(lines)).toMatchObject({ ok: true, lines: 3 });
  expect(await checkLedger(lines.with(0, { ...entry({ at: 7 }), seq: 1 }))).toMatchObject({ ok: false, brokenAt: 3 });
  expect(await checkLedger(lines.slice(1))).toMatchObject({ ok: false, brokenAt: 3 });
});

test('a cleared ledger begins with the line that says so, and goes on from there', async () => {
  const lines = await fiveLines();
  const cleared = await chainLine(entry({ kind: 'cleared' }), lines[4] ?? null, []);
  const next = await chainLine(entry(), cleared, []);
  expect([cleared.seq, cleared.prev]).toEqual([6, lines[4]?.hash]);
  expect(await checkLedger([cleared, next])).toMatchObject({ ok: true, lines: 2 });
  expect(await checkLedger([next])).toMatchObject({ ok: false });
});

test('a request’s two lines are shown as one, and one without an answer is told', async () => {
  const lines = await ledger(
    entry({ at: 1, purpose: 'answered' }),
    entry({ at: 1, purpose: 'answered', of: 1, status: 200, bytesIn: 7 }),
    entry({ at: 2, purpose: 'blocked', kind: 'blocked' }),
    entry({ at: 3, purpose: 'cut short' }),
  );
  expect(ledgerRequests(lines).map(({ seq, purpose, status, answered }) => [seq, purpose, status, answered])).toEqual([
    [1, 'answered', 200, true],
    [3, 'blocked', null, true],
    [4, 'cut short', null, false],
  ]);
});
