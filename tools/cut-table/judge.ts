/** Judges one clip by what native ffmpeg and ffprobe make of it and of its recording. Nothing of ours has a say here. */
import type { Seconds } from '../../src/contracts/units.ts';
import { isWithin, judgeDamaged, packetsOf, type Stretch } from './judge-damaged.ts';
import { judgeBytes, judgeMessages, judgeTracks } from './judge-leftovers.ts';
import { judgeSound } from './judge-sound.ts';
import { ask, complaintKinds } from './native.ts';
import { decode, likenessDb, type Area, type Picture } from './pictures.ts';
import { mainStream, probe, tickOf, type Packet, type Probe } from './probe.ts';
import type { Source } from './source.ts';
import type { Window } from './windows.ts';

/** The report that `npm run cut` writes, as far as it matters here. */
export interface Report {
  readonly ok: boolean;
  readonly reason?: string;
  readonly detail?: string;
  readonly framesOriginal?: number;
  readonly ms?: number;
  /** Stretches of the window, from first to last frame, whose pictures are damaged in the recording and were left out. */
  readonly missing?: readonly Stretch[];
  /** Stretches that show what players make of damaged pictures. */
  readonly damaged?: readonly Stretch[];
}

export type Verdict =
  | {
      readonly kind: 'cut';
      readonly frames: number;
      readonly original: number;
      /** As the report names them: seconds that could not be kept. */
      readonly missing: readonly Stretch[];
      /** As the report names them: seconds that are in the clip and damaged in the recording. */
      readonly damaged: readonly Stretch[];
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly detail: string;
      readonly problems: readonly string[];
    };

/** Where the black box of redacted cuts lies, in shares of the displayed picture. */
export const BLACKENED: Area = { left: 0.25, top: 0.25, right: 0.6, bottom: 0.7 };

/** Re-encoded pictures are at least so near, scaled down: x264 and its like at high quality stay above 40. */
const NEAR_DB = 33;
/** Pictures that differ more than this from their neighbours can be told from them after re-encoding. */
const TELLING_DB = 34;
const ROUNDING_US = 1.01;

/** The recording's pictures that belong in the window. */
export const picturesIn = (source: Source, { from, to }: Window): readonly Picture[] => {
  const first = Math.round(from * 1e6);
  const end = Math.round(to * 1e6);
  return source.decoded.pictures.filter(({ us }) => us >= first && us < end);
};

/** Judges what came of cutting `window` out of `source`: `clip` if the report says that it was cut. */
export const judge = async (source: Source, window: Window, report: Report, clip: string): Promise<Verdict> => {
  const wanted = picturesIn(source, window);
  if (!report.ok) return judgeRefusal(source, window, report, wanted);
  const found = await probe(clip, 'ignoring');
  const video = found && mainStream(found, 'video');
  if (!found || !video)
    return {
      kind: 'cut',
      frames: 0,
      original: 0,
      missing: [],
      damaged: [],
      problems: ['ffprobe makes nothing of the clip'],
    };

  const decoded = await decode(clip, video.index, 'ignoring');
  const { pictures } = decoded;
  const kept = keptOf(wanted, window, report, pictures);
  const problems: string[] = [];
  const samples = found.packets.filter(({ stream }) => stream === video.index);
  const tickUs = Math.max(source.decoded.tickUs, decoded.tickUs);
  // Which pictures a decoder shows of damaged ones, and when, depends on what it has seen before: there their packets are judged.
  const isDamaged = decoded.complaints.length > 0 && source.decoded.complaints.length > 0;
  const packets = isDamaged ? packetsOf(source, window, report.missing ?? []) : [];
  if (isDamaged) problems.push(...judgeDamaged(packets, samples, window, tickUs));
  else {
    if (samples.length !== pictures.length) problems.push(`${samples.length} samples hold ${pictures.length} pictures`);
    problems.push(...judgeTimes(kept, pictures, tickUs));
    if (kept.length === pictures.length) problems.push(...judgePictures(window, kept, pictures, report));
  }
  // A clip that leaves out what comes before its first keyframe begins with a picture that decodes cleanly.
  const beginsAt = (kept[0]?.us ?? 0) / 1e6;
  const firstAt = isDamaged && window.mode !== 'original' ? (packets[0]?.from ?? beginsAt) : beginsAt;
  problems.push(
    ...(await judgeShown(clip, window, source, firstAt, found)),
    ...judgeTracks(found, source, window),
    ...(await judgeBytes(clip, source)),
    ...(await judgeMessages(clip, video.codec_name)),
    ...(await judgeComplaints(clip, source)),
    ...(await judgeAlarm(source, report)),
  );
  return {
    kind: 'cut',
    frames: pictures.length,
    original: report.framesOriginal ?? 0,
    missing: report.missing ?? [],
    damaged: report.damaged ?? [],
    problems,
  };
};

/** What is said to be damaged must be so. */
const judgeAlarm = async (source: Source, { missing = [], damaged = [] }: Report): Promise<readonly string[]> => {
  const [first] = [...missing, ...damaged];
  if (!first || (await source.complaints()).length > 0) return [];
  return [`said to be damaged at ${first.from} s, though ffmpeg plays it without a complaint`];
};

const judgeRefusal = async (
  source: Source,
  window: Window,
  report: Report,
  wanted: readonly Picture[],
): Promise<Verdict> => {
  const { reason = 'none', detail = '' } = report;
  const problems: string[] = [];
  if (reason === 'nothing-in-window' && wanted.length > 0)
    problems.push(`refused as empty, though it holds ${wanted.length} frames`);
  if (reason !== 'nothing-in-window' && wanted.length === 0)
    problems.push('holds no frame, and is refused for another reason');
  if (reason === 'damaged-in-window' && (await source.complaints()).length === 0)
    problems.push('refused as damaged, though ffmpeg plays it without a complaint');
  if (reason === 'no-keyframe-in-window' && window.mode !== 'original') problems.push('refused for want of a keyframe');
  if (/crashed|hung/.test(reason) || AUDIT_RULES.has(reason)) problems.push(`${reason}: ${detail}`);
  return { kind: 'refused', reason, detail, problems };
};

/** The trimmer must not make what its own audit refuses. */
const AUDIT_RULES = new Set(
  'not-a-clip sample-outside-window frame-missing frame-extra wrong-timestamp altered-frame not-redacted unaccounted-bytes unknown-box sei-user-data encoder-string location creation-time extra-track source-unreadable'.split(
    ' ',
  ),
);

/**
 * The recording's pictures that the clip must show: all of the window's, but for damaged stretches that the report names, and
 * in `original` mode for what it leaves out at both ends.
 */
const keptOf = (
  wanted: readonly Picture[],
  { mode }: Window,
  { missing = [] }: Report,
  found: readonly Picture[],
): readonly Picture[] => {
  if (mode === 'original') {
    // Where nothing moves several pictures look like the first: what follows them tells which of them it is.
    const likeFrom = (offset: number): number =>
      found.filter(({ md5 }, index) => md5 === wanted[offset + index]?.md5).length;
    const offsets = wanted.flatMap(({ md5 }, index) => (md5 === found[0]?.md5 ? [index] : []));
    const offset = offsets.reduce((best, one) => (likeFrom(one) > likeFrom(best) ? one : best), offsets[0] ?? 0);
    return wanted.slice(offset, offset + found.length);
  }
  return wanted.filter(({ us }) => !isWithin(us, missing));
};

const judgeTimes = (own: readonly Picture[], found: readonly Picture[], tickUs: number): readonly string[] => {
  if (own.length !== found.length) return [`${found.length} pictures instead of ${own.length}`];
  const shift = (own[0]?.us ?? 0) - (found[0]?.us ?? 0);
  const late = found.filter(
    ({ us }, index) => !(Math.abs(us + shift - (own[index]?.us ?? NaN)) <= tickUs + ROUNDING_US),
  );
  return late.length > 0 ? [`${late.length} pictures are not at their times`] : [];
};

/** Both lists are equally long. */
const judgePictures = (
  window: Window,
  own: readonly Picture[],
  found: readonly Picture[],
  { framesOriginal: original = 0, damaged = [] }: Report,
): readonly string[] => {
  const problems: string[] = [];
  if (longestIdenticalRun(own, found) < original)
    problems.push(`${longestIdenticalRun(own, found)} pictures in a row are the recording's, not ${original}`);
  if (window.mode === 'original' && original !== found.length) problems.push('not all is original');
  const blackened = window.mode === 'redacted' ? BLACKENED : null;
  const unlike = found.flatMap((picture, index) => {
    if (picture.md5 === own[index]?.md5 && !blackened) return [];
    // What is shown of damaged pictures depends on the decoder; that it is damaged was told.
    if (isWithin(own[index]?.us ?? NaN, damaged)) return [];
    const db = likenessDb(own[index]?.likeness ?? picture.likeness.subarray(0, 0), picture.likeness, blackened);
    if (!(db >= NEAR_DB)) return [`picture ${index} is unlike its original (${db.toFixed(1)} dB)`];
    return [-1, 1].flatMap((step) => {
      const neighbour = own[index + step];
      const self = own[index];
      if (!neighbour || !self || likenessDb(self.likeness, neighbour.likeness) > TELLING_DB) return [];
      const nearer = likenessDb(neighbour.likeness, picture.likeness, blackened) > db;
      return nearer ? [`picture ${index} is its neighbour's`] : [];
    });
  });
  if (unlike.length > 0) problems.push(`${unlike.length} pictures are wrong: ${unlike[0]}`);
  return problems;
};

const longestIdenticalRun = (own: readonly Picture[], found: readonly Picture[]): number => {
  let longest = 0;
  let run = 0;
  found.forEach(({ md5 }, index) => {
    run = md5 === own[index]?.md5 ? run + 1 : 0;
    longest = Math.max(longest, run);
  });
  return longest;
};

/** A player that honours edit lists shows every sample too, and sound and picture in step. */
const judgeShown = async (
  clip: string,
  window: Window,
  source: Source,
  firstAt: Seconds,
  ignoring: Probe,
): Promise<readonly string[]> => {
  const honouring = await probe(clip, 'honouring');
  const shown = honouring && { ...honouring, packets: withDurationsOf(honouring.packets, ignoring.packets) };
  const video = shown && mainStream(shown, 'video');
  if (!shown || !video) return ['ffprobe makes nothing of the clip'];
  const hidden = shown.packets.filter(({ isDiscarded }) => isDiscarded).length;
  const starts = shown.packets.filter(({ stream }) => stream === video.index).map(({ from }) => from);
  const shift = firstAt - Math.min(...starts);
  return [
    ...(hidden > 0 ? [`${hidden} samples are hidden by an edit list`] : []),
    ...(await judgeSound(source, window, clip, shown, { shift, tick: tickOf(video) })),
  ];
};

/** Of a delayed track's last packet ffprobe does not say how long it lasts, but a codec's usual length, unless it ignores edit lists. */
const withDurationsOf = (honouring: readonly Packet[], ignoring: readonly Packet[]): readonly Packet[] => {
  const places = new Map<number, number>();
  return honouring.map((packet) => {
    const place = places.get(packet.stream) ?? 0;
    places.set(packet.stream, place + 1);
    const same = ignoring.filter(({ stream }) => stream === packet.stream)[place];
    return same ? { ...packet, to: packet.from + (same.to - same.from) } : packet;
  });
};

const judgeComplaints = async (clip: string, source: Source): Promise<readonly string[]> => {
  const { stderr } = await ask('ffmpeg', ['-nostdin', '-v', 'warning', '-i', clip, '-f', 'null', '-']);
  const kinds = complaintKinds(stderr);
  const known = kinds.length > 0 ? await source.complaints() : [];
  const fresh = kinds.filter((kind) => !known.includes(kind));
  return fresh.length > 0 ? [`ffmpeg complains: ${fresh[0]}`] : [];
};
