/**
 * Verifies an agency's whole chain: every entry signed by the agency with a key that was good then, in its place, linked by hash to
 * the one before, and reviewed where it was published. What does not hold is named with its position.
 */
import type {
  AgencyHistory,
  ChainHead,
  HistoryProblem,
  SeenHistory,
  VerifiedHistory,
} from '../contracts/agency-history.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { EpochMs, Sha256Hex } from '../contracts/units.ts';
import { readClosings, readEntry, type ReadEntry } from './history-entries.ts';
import { PROBLEM_SENTENCES, Problems } from './history-problems.ts';
import type { TrustedDirectory } from './trusted-directory.ts';

/** What the numbers alone say: doubled, out of order, missing. */
const checkNumbers = (seqs: readonly number[], problems: Problems): void => {
  let highest = 0;
  const seen = new Set<number>();
  for (const seq of seqs) {
    if (seen.has(seq)) problems.add('forked', seq);
    else if (seq < highest) problems.add('reordered', seq);
    seen.add(seq);
    highest = Math.max(highest, seq);
  }
  for (let position = 1; position <= highest; position += 1) if (!seen.has(position)) problems.add('dropped', position);
};

/** A link that does not hold accuses the entry before: if the agency signed that one too, it signed two for one place. */
const checkLinks = (entries: readonly ReadEntry[], problems: Problems): void => {
  const byPlace = new Map(entries.map((entry) => [entry.seq, entry]));
  for (const entry of entries) {
    if (entry.prev === undefined || !entry.signed) continue;
    const before = byPlace.get(entry.seq - 1);
    if (entry.seq === 1 ? entry.prev === null : before === undefined || before.textSha256 === entry.prev) continue;
    if (before === undefined) problems.add('changed', entry.seq);
    else problems.add(before.signed && before.prev !== undefined ? 'forked' : 'changed', before.seq);
  }
};

export type HistoryRefusal = 'unknown-agency';

/** Verifies what a hub answered about an agency; `unknown-agency` when the directory does not list it. The agency's facts are the directory's. */
export const verifyHistory = async (
  history: AgencyHistory,
  trusted: TrustedDirectory,
  now: EpochMs,
): Promise<Result<VerifiedHistory, HistoryRefusal>> => {
  const entry = trusted.agencies.get(history.agency.id);
  if (entry === undefined) {
    return failure('unknown-agency', `The directory knows no agency called “${history.agency.id}”.`);
  }
  const problems = new Problems();
  const { rejections, closings } = await readClosings(history, trusted);
  const context = { agency: entry.agency.id, keys: entry.keys, trusted, rejections, closings, problems, now };
  checkNumbers(
    history.entries.map(({ seq }) => seq),
    problems,
  );
  const read: ReadEntry[] = [];
  for (const one of history.entries) read.push(await readEntry(one, context));
  const ordered = read.toSorted((a, b) => a.seq - b.seq);
  checkLinks(ordered, problems);
  const last = ordered.at(-1);
  return ok({
    agency: entry.agency,
    entries: ordered.map(({ verified }) => verified),
    problems: problems.all(),
    head: last === undefined ? null : { seq: last.seq, textSha256: last.textSha256 },
  });
};

/** Where a verified history is no continuation of the one seen before: the first place that differs; null when it continues it. */
export const continuationProblem = (history: VerifiedHistory, seen: SeenHistory | null): HistoryProblem | null => {
  const texts = textsOf(history);
  const at = (seen?.texts ?? []).findIndex((text, index) => texts[index] !== text);
  if (at === -1) return null;
  const position = at + 1;
  const detail =
    position > texts.length
      ? `The history ends before entry ${position}, which this page saw before.`
      : PROBLEM_SENTENCES['not-a-continuation'](position);
  return { kind: 'not-a-continuation', position, detail };
};

/** The hashes of the chain's texts in order: what a page remembers. */
export const textsOf = (history: VerifiedHistory): readonly Sha256Hex[] =>
  history.entries.map((entry) => (entry.kind === 'unreadable' ? '' : entry.textSha256));

/** What the agency's next note carries as its place. */
export const nextPlace = (head: ChainHead | null): { readonly seq: number; readonly prev: Sha256Hex | null } => ({
  seq: (head?.seq ?? 0) + 1,
  prev: head?.textSha256 ?? null,
});
