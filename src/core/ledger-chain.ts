/** The ledger's hash chain: each line carries the SHA-256 of itself and of the line before, so a line taken out or changed shows. */
import type { LedgerCheck, LedgerLine, LedgerRequest } from '../contracts/ledger.ts';
import type { LedgerEntry } from '../contracts/share.ts';
import type { Sha256Hex } from '../contracts/units.ts';
import { sha256Hex } from './sha256.ts';

const hashOf = (value: unknown): Promise<Sha256Hex> => sha256Hex(new TextEncoder().encode(JSON.stringify(value)));

/** Everything of an entry, in a fixed order; what is absent counts as null. */
const fields = (entry: LedgerEntry): readonly unknown[] => [
  ...[entry.at, entry.kind ?? 'request', entry.of ?? null, entry.purpose, entry.method, entry.url],
  Object.entries(entry.headers ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ...[entry.bytesOut, entry.bytesIn, entry.bodySha256, entry.status, entry.problem, entry.tookMs ?? null],
];

/** What the first chained line names as its predecessor: the lines from before the chain, none for a new ledger. */
const genesis = (unchained: readonly LedgerEntry[]): Promise<Sha256Hex> => hashOf(unchained.map(fields));

const lineHash = (seq: number, prev: Sha256Hex, entry: LedgerEntry): Promise<Sha256Hex> =>
  hashOf(['porchlight/ledger-line/v1', seq, prev, ...fields(entry)]);

/**
 * The next line of a ledger. `before` is its last line, or null for the first one ever; `unchained` the lines from before the chain,
 * asked for only when `before` has no hash.
 */
export const chainLine = async (
  entry: LedgerEntry,
  before: LedgerLine | null,
  unchained: readonly LedgerEntry[],
): Promise<LedgerLine & { readonly hash: Sha256Hex; readonly prev: Sha256Hex }> => {
  const seq = (before?.seq ?? 0) + 1;
  const prev = before?.hash ?? (await genesis(unchained));
  return { ...entry, seq, prev, hash: await lineHash(seq, prev, entry) };
};

/**
 * Checks a whole ledger: numbers without a gap, every hash its line's, every `prev` the line's before. A ledger that begins with a
 * `cleared` line begins there. What is cut off at the end shows only against a head (number and hash) that was noted elsewhere.
 */
export const checkLedger = async (lines: readonly LedgerLine[]): Promise<LedgerCheck> => {
  const first = lines.findIndex(({ hash }) => hash !== undefined);
  const chained = first < 0 ? [] : lines.slice(first);
  let expected: Sha256Hex | null =
    chained[0]?.kind === 'cleared' && first === 0 ? null : await genesis(lines.slice(0, Math.max(0, first)));
  let seq = first === 0 && expected === null ? (chained[0]?.seq ?? 1) : first + 1;
  for (const line of chained) {
    const { prev = '', hash } = line;
    const fits = line.seq === seq && (expected === null || prev === expected);
    if (!fits || hash !== (await lineHash(line.seq, prev, line)))
      return { ok: false, lines: lines.length, brokenAt: line.seq };
    expected = hash;
    seq += 1;
  }
  return { ok: true, lines: lines.length, head: chained.at(-1)?.hash ?? null };
};

/** Requests, blocked attempts and clearings, each once, in the order in which they began. */
export const ledgerRequests = (lines: readonly LedgerLine[]): readonly LedgerRequest[] => {
  const answers = new Map<number, LedgerLine>();
  for (const line of lines) if (line.of !== undefined) answers.set(line.of, line);
  const begun = new Set(lines.map(({ seq }) => seq));
  return lines
    .filter(({ of }) => of === undefined || !begun.has(of))
    .map((line) => {
      const answer = answers.get(line.seq);
      const whole = line.hash === undefined || line.of !== undefined || (line.kind ?? 'request') !== 'request';
      if (answer === undefined || whole) return { ...line, answered: whole };
      return { ...answer, at: line.at, seq: line.seq, answered: true };
    });
};
