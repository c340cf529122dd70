/** What an audit found, check by check, and how it is told. */

/** The checks, in the order of the verdict, with their questions. */
export const CHECKS = {
  hosts: 'Which hosts were contacted?',
  names: 'Which names were looked up, which sockets opened past the proxy?',
  bytes: 'Does every byte on the wire belong to a request?',
  requests: 'Is every request in the ledger, or one for a file of the page?',
  ledger: 'Do ledger and wire agree to the byte?',
  chain: 'Is the ledger’s chain unbroken?',
  har: 'Do HAR and wire agree to the byte?',
  upload: 'Is the upload what was saved before sending?',
  package: 'What is in the upload?',
  frames: 'Are there frames from outside the window?',
  metadata: 'Is there metadata?',
} as const;

export type Check = keyof typeof CHECKS;

export interface Finding {
  readonly check: Check;
  readonly problems: readonly string[];
  /** What is right, in a few words. */
  readonly fact: string;
}

export class Findings {
  readonly all: Finding[] = [];

  /** `fact` is told only when there is no problem. */
  add(check: Check, problems: readonly string[], fact: string): void {
    this.all.push({ check, problems, fact });
  }

  get problems(): readonly string[] {
    return this.all.flatMap(({ problems }) => problems);
  }
}

/** The verdict as text: one line for each check, each problem below it. */
export const describe = (findings: Findings): string =>
  (Object.keys(CHECKS) as Check[])
    .map((check) => {
      const mine = findings.all.filter((finding) => finding.check === check);
      const problems = mine.flatMap((finding) => finding.problems);
      const mark = mine.length === 0 ? '–' : problems.length === 0 ? '✓' : '✗';
      const told = problems.length > 0 ? problems : mine.map(({ fact }) => fact);
      return `${mark} ${CHECKS[check]}\n${(told.length === 0 ? ['not looked at'] : told).map((line) => `    ${line}`).join('\n')}`;
    })
    .join('\n');
