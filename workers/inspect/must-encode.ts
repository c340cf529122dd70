/** Which frames an exact cut has to encode anew, worked out from the recording alone: the rest must stay as the camera wrote them. */
import type { AuditJob } from '../../src/contracts/inspect-api.ts';
import type { SourceSample, SourceVideo } from './source-video.ts';
import { frameBelongs } from './window.ts';

/** Whether a clip may have the frame at all: in the window, and shown by players. */
export const mayStay = (job: AuditJob, { at, shown }: SourceSample): boolean => shown && frameBelongs(job, at);

const isMissing = (job: AuditJob, at: number): boolean =>
  (job.missing ?? []).some(({ from, to }) => at >= from - 1e-6 && at <= to + 1e-6);

/** Whether it must have it: hidden pictures, what no player can show, and what was damaged may be absent. */
export const mustStay = (job: AuditJob, sample: SourceSample): boolean =>
  mayStay(job, sample) && sample.shows > 0 && !sample.doubtful && !isMissing(job, sample.at);

/**
 * Whether the whole window may be encoded anew in another way than the recording's: its codec is none that clips hold, browsers
 * cannot encode its kind of H.264 or AV1, it changes its format or is put together from pieces, or HEVC, which the trimmer cannot always
 * write.
 */
const wholeMayChange = (source: SourceVideo, clipCodec: string): boolean => {
  if (source.codec === null) return clipCodec === 'avc';
  if (source.codec === 'hevc' && clipCodec === 'avc') return true;
  if (source.pieced || source.formats.size > 1) return clipCodec === 'avc';
  // Browsers decode AV1 of more than 8 bits and encode none.
  if (source.codec === 'av1') {
    return (
      clipCodec === 'avc' &&
      source.formats.size > 0 &&
      [...source.formats].every((format) => !format.endsWith(' 8 bit'))
    );
  }
  return (
    source.codec === 'avc' &&
    clipCodec === 'avc' &&
    [...source.formats].some((format) => !format.endsWith('chroma 1, 8 bit'))
  );
};

/**
 * A test for each frame of the source: whether it holds a picture that players do not show and that may be of a moment after the window.
 * Such a picture is shown, or referred to, by frames decoded later, but by none from the next place on where decoding can start: where that lies in the
 * window, or all that follows in the recording, the picture's moment does. Otherwise the camera's own bits must not be in the clip.
 */
export const mayTellOfLater = (source: SourceVideo, job: AuditJob): ((sample: SourceSample) => boolean) => {
  const lastKey = source.samples
    .filter((sample) => sample.cleanStart && mayStay(job, sample))
    .reduce((latest, { decodeIndex }) => Math.max(latest, decodeIndex), -1);
  const lastOutside = source.samples
    .filter((sample) => sample.shows > 0 && !mayStay(job, sample))
    .reduce((latest, { decodeIndex }) => Math.max(latest, decodeIndex), -1);
  return ({ hides, decodeIndex }) => hides > 0 && decodeIndex >= lastKey && decodeIndex < lastOutside;
};

/** A place where a body of copied frames can begin: no frame decoded after it is shown before it, leading pictures apart. */
const firstBodyStart = (decoded: readonly SourceSample[], job: AuditJob): SourceSample | null => {
  let earliest = Infinity;
  let start: SourceSample | null = null;
  for (const sample of decoded.toReversed()) {
    if (sample.cleanStart && mayStay(job, sample) && sample.at <= earliest) start = sample;
    if (mayStay(job, sample) && !sample.leading) earliest = Math.min(earliest, sample.at);
  }
  return start;
};

/** A test for each frame of the source. Frames for which it is false must be the camera's own in the clip. */
export const mayBeEncoded = (
  source: SourceVideo,
  clipCodec: string,
  job: AuditJob,
): ((sample: SourceSample) => boolean) => {
  if (job.mode === 'redacted' || wholeMayChange(source, clipCodec)) return () => true;
  if (job.mode === 'original' || source.codec !== clipCodec) return () => false;
  const decoded = source.samples.toSorted((a, b) => a.decodeIndex - b.decodeIndex);
  const start = firstBodyStart(decoded, job);
  if (start === null) return () => true;
  const behind = decoded.filter((sample) => sample.decodeIndex > start.decodeIndex && sample.at > start.at);
  // Decode order ends the body at the first frame that does not belong: one shown later, or hidden between two edits …
  const endsBody = (sample: SourceSample): boolean =>
    sample.decodeIndex > start.decodeIndex &&
    sample.shows > 0 &&
    !mayStay(job, sample) &&
    (sample.at > start.at || (!sample.shown && !sample.leading));
  let end = decoded.find(endsBody)?.decodeIndex ?? Infinity;
  // … and before every frame that is shown after one behind that end, since what is encoded anew follows the body.
  for (let shrunk = true; shrunk;) {
    const tail = behind.filter((sample) => sample.decodeIndex >= end && mayStay(job, sample));
    const earliest = tail.reduce((least, { at }) => Math.min(least, at), Infinity);
    const next = behind.find((sample) => sample.decodeIndex < end && mayStay(job, sample) && sample.at > earliest);
    shrunk = next !== undefined;
    if (next !== undefined) end = next.decodeIndex;
  }
  // A picture that the decoder keeps to itself is of a later moment, which only a key frame behind it shows to lie in the window.
  const body = decoded.filter(({ decodeIndex }) => decodeIndex >= start.decodeIndex && decodeIndex < end);
  const lastKey = body.findLast(({ cleanStart }) => cleanStart)?.decodeIndex ?? start.decodeIndex;
  const hidden = body.find(({ decodeIndex, hides }) => decodeIndex > lastKey && hides > 0)?.decodeIndex ?? Infinity;
  return (sample) => sample.at < start.at || sample.decodeIndex >= Math.min(end, hidden);
};
