/** What a request means for this household, in one sentence, and whether its recordings can be shared. */
import type { LibraryState } from '../contracts/journey-api.ts';
import type { RequestVerdict } from '../contracts/match-api.ts';
import type { RequestView } from '../contracts/public-record.ts';
import { clockLength } from '../core/clock-length.ts';
import { requestClosed } from '../core/request-open.ts';
import { count, distance, duration } from './format.ts';
import { STATUS } from './words.ts';

export type ForYouKind =
  | 'match'
  | 'unconfirmed'
  | 'nothing-then'
  | 'outside'
  | 'no-place'
  | 'no-camera'
  | 'checking'
  | 'closed'
  | 'refused';

export interface ForYou {
  readonly kind: ForYouKind;
  /** The *for you* line. */
  readonly line: string;
  /** Why nothing can be shared and what could be done; null when something can. */
  readonly whyNot: string | null;
}

const closed = (view: RequestView): ForYou => ({
  kind: 'closed',
  line: `${STATUS[view.status]}: your recordings are not compared with it.`,
  whyNot: `This request is closed (${STATUS[view.status].toLowerCase()}). Nothing can be shared with it any more.`,
});

const refused = (view: RequestView): ForYou => {
  const why = requestClosed(view, -Infinity);
  const because =
    why?.kind === 'breaks-rule' ? `it breaks rule ${why.number}` : 'your recordings are not compared with it';
  const detail =
    why?.kind === 'breaks-rule' ? `It breaks rule ${why.number}: ${why.detail}` : (view.problem?.detail ?? '');
  return {
    kind: 'refused',
    line: `Refused by this page: ${because}.`,
    whyNot: `This page does not accept the request. ${detail} Nothing can be shared with it.`,
  };
};

/** Only open requests have a verdict; the others are never matched. */
export const forYou = (view: RequestView, verdict: RequestVerdict | null, library: LibraryState | null): ForYou => {
  if (view.status === 'refused' || view.problem) return refused(view);
  if (view.status !== 'open') return closed(view);
  if (library?.loaded && library.cameras.length === 0) {
    return {
      kind: 'no-camera',
      line: 'You have no cameras here yet.',
      whyNot: 'You have no cameras here yet. Add one in the Library, say where it hangs, and import its recordings.',
    };
  }
  if (library?.loaded && library.cameras.every((camera) => camera.place === null)) {
    return {
      kind: 'no-place',
      line: 'None of your cameras has a place yet.',
      whyNot:
        'None of your cameras has a place yet. Say in the Library where they hang; without a place nothing can match.',
    };
  }
  if (!verdict) {
    return {
      kind: 'checking',
      line: 'Comparing with your recordings, on this device…',
      whyNot: 'Still comparing with your recordings.',
    };
  }
  if (verdict.camerasInside === 0) {
    const far =
      verdict.nearestOutsideM === null ? 'outside the area' : `${distance(verdict.nearestOutsideM)} outside the area`;
    const cameras = verdict.cameras === 1 ? 'Your camera is' : 'Your cameras are';
    return {
      kind: 'outside',
      line: `${cameras} ${far}.`,
      whyNot: `${cameras} ${far}. Recordings from outside the area that was asked about cannot be shared.`,
    };
  }
  const inside = `${count(verdict.camerasInside, 'camera')} inside the area`;
  if (verdict.recordings === 0) {
    const miss = missed(verdict);
    return {
      kind: 'nothing-then',
      line: `${inside} · no recordings in that time`,
      whyNot: `You have ${inside}, but no recordings in that time.${miss === null ? '' : ` ${miss}`}`,
    };
  }
  const line = `${inside} · ${count(verdict.recordings, 'recording overlaps', 'recordings overlap')} · ${duration(verdict.overlapMs)}`;
  if (verdict.unconfirmed === verdict.recordings) {
    return {
      kind: 'unconfirmed',
      line: `${line}, if the times are right`,
      whyNot:
        'Your recordings may fall inside this request, but their times are not certain. Confirm the times in the Library first.',
    };
  }
  const doubtful = verdict.unconfirmed > 0 ? ` · ${count(verdict.unconfirmed, 'time')} to confirm` : '';
  return { kind: 'match', line: `${line}${doubtful}`, whyNot: null };
};

/** How narrowly the recordings miss the window. */
const missed = ({ miss }: RequestVerdict): string | null => {
  if (miss === null) return null;
  const by = clockLength(miss.byMs);
  return miss.side === 'before'
    ? `The nearest one ended ${by} before the requested time.`
    : `The nearest one began ${by} after the requested time.`;
};
