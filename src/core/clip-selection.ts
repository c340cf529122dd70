/** Which of a request's matches belong together, what they cover, and what was shared with it already. */
import type { Match } from '../contracts/match-api.ts';
import type { ShareRecord } from '../contracts/share.ts';
import type { Ms, TimeWindow } from '../contracts/units.ts';

export type Shared = 'sent' | 'waiting';

export interface SelectableClip extends Match {
  /** `waiting`: in a package that is sealed but not sent. */
  readonly shared: Shared | null;
}

export interface CameraClips {
  readonly cameraId: string;
  readonly clips: readonly SelectableClip[];
  /** What the clips cover together, as stretches that neither overlap nor touch, in order. */
  readonly covered: readonly TimeWindow[];
  readonly coveredMs: Ms;
}

/** The union of spans as disjoint ones in order; spans that touch become one. */
export const mergedSpans = (spans: readonly TimeWindow[]): readonly TimeWindow[] => {
  const union: TimeWindow[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last && span.from <= last.to) union[union.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else union.push(span);
  }
  return union;
};

const lengthOf = (spans: readonly TimeWindow[]): Ms => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** Recordings that a request has got, or that wait in a package for it. */
export const sharedWith = (requestId: string, shares: readonly ShareRecord[]): ReadonlyMap<string, Shared> => {
  const shared = new Map<string, Shared>();
  for (const share of shares) {
    if (share.requestId !== requestId) continue;
    for (const id of share.recordingIds)
      if (shared.get(id) !== 'sent') shared.set(id, share.status === 'sent' ? 'sent' : 'waiting');
  }
  return shared;
};

/** Camera by camera, in the order of each camera's first match. */
export const clipsByCamera = (
  matches: readonly Match[],
  shared: ReadonlyMap<string, Shared>,
): readonly CameraClips[] => {
  const cameras = Map.groupBy(matches, ({ cameraId }) => cameraId);
  return [...cameras].map(([cameraId, own]) => {
    const covered = mergedSpans(own.map(({ overlap }) => overlap));
    const clips = own.map((match) => ({ ...match, shared: shared.get(match.recordingId) ?? null }));
    return { cameraId, clips, covered, coveredMs: lengthOf(covered) };
  });
};

/** What is chosen until the person says otherwise: all that may be shared and was not. */
export const preselected = (cameras: readonly CameraClips[]): readonly SelectableClip[] =>
  cameras.flatMap(({ clips }) => clips.filter(({ timeConfirmed, shared }) => timeConfirmed && shared === null));

/** How much of real time the chosen ones cover, camera by camera, what overlaps counted once. */
export const chosenMs = (cameras: readonly CameraClips[], chosen: ReadonlySet<string>): Ms =>
  cameras.reduce(
    (sum, { clips }) =>
      sum +
      lengthOf(mergedSpans(clips.filter(({ recordingId }) => chosen.has(recordingId)).map(({ overlap }) => overlap))),
    0,
  );
