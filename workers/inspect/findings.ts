/** What the audit finds wrong: collected rather than thrown, so that the gravest finding is the one a person reads. */
import type { AuditRule } from '../../src/contracts/inspect-api.ts';

export interface Finding {
  readonly rule: AuditRule;
  readonly detail: string;
}

/** Gravest first: what shows moments that nobody asked for, then what tells about the household, then what is merely wrong. */
const GRAVITY: readonly AuditRule[] = [
  'source-unreadable',
  'sample-outside-window',
  'not-redacted',
  'location',
  'extra-track',
  'sei-user-data',
  'creation-time',
  'frame-extra',
  'frame-missing',
  'wrong-timestamp',
  'altered-frame',
  'encoder-string',
  'unknown-box',
  'unaccounted-bytes',
  'not-a-clip',
];

/** No further findings are kept than this: a clip of garbage would otherwise collect one for each of its samples. */
const MOST_KEPT = 200;

/** Thrown inside the engine when the bytes cannot be read any further; the engine's entry turns it into a finding. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.detail);
    this.finding = finding;
  }
}

/** Stops reading the clip: its bytes do not have the narrow shape that clips have. */
export const notAClip = (detail: string): never => {
  throw new Unreadable({ rule: 'not-a-clip', detail });
};

export class Findings {
  readonly #found: Finding[] = [];

  add(rule: AuditRule, detail: string): void {
    if (this.#found.length < MOST_KEPT) this.#found.push({ rule, detail });
  }

  /** The gravest finding, its detail followed by how many others there are; null when nothing was found. */
  gravest(): Finding | null {
    const sorted = this.#found.toSorted((a, b) => GRAVITY.indexOf(a.rule) - GRAVITY.indexOf(b.rule));
    const [first] = sorted;
    if (first === undefined) return null;
    const others = sorted.length - 1;
    return others === 0 ? first : { rule: first.rule, detail: `${first.detail} (and ${others} more findings)` };
  }
}
