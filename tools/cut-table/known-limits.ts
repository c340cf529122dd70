/** What the judge finds wrong and is known: listed in docs/cut-table.md with its reason, and not failed upon again by the tests. */

export interface KnownLimit {
  /** A recording's or film's name. */
  readonly file: string;
  /** In the judge's words. */
  readonly problem: RegExp;
  readonly why: string;
}

const limit = (file: string, problem: RegExp, why: string): KnownLimit => ({ file, problem, why });

export const KNOWN_LIMITS: readonly KnownLimit[] = [
  limit('bad-no-timescale.mp4', /sample-outside-window/, 'trimmer and audit disagree about a damaged index; not sent'),
  limit(
    'f4v-fragmented-co64-emptyedit.mp4',
    /sample-outside-window|altered-frame/,
    'two sample descriptions; not sent',
  ),
  limit('edits-several.mp4', /sample-outside-window/, 'several edits: trimmer and audit disagree; not sent'),
  limit('vp8-75-keyframes-30s.webm', /unaccounted-bytes/, 'the length of a clip of one block; not sent'),
  limit('wmv.wmv', /source-unreadable/, 'the audit does not read ASF; not sent'),
  limit('fmp4-rotated-5.1.mp4', /pictures are wrong/, 'fragments with an edit list: two frames late against ffprobe'),
  limit('two-resolutions.ts', /in a row|are wrong|complains/, 'the size changes midway in a transport stream'),
  limit('clock-wraps.ts', /instead of|refused as empty/, 'a clock that runs over: what lies before is left out'),
];

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
