/** What is wrong with a history: one problem for each position, each as a sentence that names it. */
import type { HistoryProblem, HistoryProblemKind } from '../contracts/agency-history.ts';

export const PROBLEM_SENTENCES: Readonly<Record<HistoryProblemKind, (position: number) => string>> = {
  changed: (position) => `Entry ${position} was changed after it was signed.`,
  dropped: (position) => `Entry ${position} is missing.`,
  reordered: (position) => `Entry ${position} is not in its place.`,
  forked: (position) => `There are two different entries ${position}.`,
  unreadable: (position) => `Entry ${position} cannot be read.`,
  'not-signed-by-agency': (position) => `Entry ${position} is not signed by the agency.`,
  'key-not-valid-then': (position) => `Entry ${position} is signed with a key that was not good then.`,
  'not-reviewed': (position) => `Entry ${position} is shown as published, but no reviewer signed it.`,
  'not-a-continuation': (position) => `Entry ${position} is not the one this page saw before.`,
};

/** Collects one problem per position: the first found is the gravest, because the checks go from the entry outwards. */
export class Problems {
  readonly #byPosition = new Map<number, HistoryProblem>();

  add(kind: HistoryProblemKind, position: number): void {
    if (this.#byPosition.has(position)) return;
    this.#byPosition.set(position, { kind, position, detail: PROBLEM_SENTENCES[kind](position) });
  }

  all(): readonly HistoryProblem[] {
    return [...this.#byPosition.values()].toSorted((a, b) => a.position - b.position);
  }
}
