/** What the judge finds wrong and is known: listed in docs/cut-table.md with its reason, and not failed upon again by the tests. */

export interface KnownLimit {
  /** A recording's or film's name. */
  readonly file: string;
  /** In the judge's words. */
  readonly problem: RegExp;
  readonly why: string;
}

export const KNOWN_LIMITS: readonly KnownLimit[] = [];

/** Parts the judge's findings (`FILE, KIND (…): PROBLEM`) into those that are new and those that are known, with their reason. */
export const partByKnown = (
  findings: readonly string[],
): { readonly fresh: readonly string[]; readonly known: readonly string[] } => {
  const reasonFor = (finding: string): string | null =>
    KNOWN_LIMITS.find(({ file, problem }) => finding.startsWith(`${file},`) && problem.test(finding))?.why ?? null;
  return {
    fresh: findings.filter((finding) => reasonFor(finding) === null),
    known: findings.flatMap((finding) => {
      const why = reasonFor(finding);
      return why === null ? [] : [`${finding} (${why})`];
    }),
  };
};
