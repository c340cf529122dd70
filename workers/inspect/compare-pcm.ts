/** Rules 1 and 2 for uncompressed and G.711 sound: to the sample, the camera's own bytes, however either file packs them. */
import type { AuditJob } from '../../src/contracts/inspect-api.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import type { ClipFile, ClipTrack } from './clip-file.ts';
import type { SoundVerdict } from './compare-audio.ts';
import type { Findings } from './findings.ts';
import { bytesPerFrame, type PcmFormat } from './pcm.ts';
import type { SourceTrackReader } from './sources/source.ts';
import { show } from './window.ts';

/** Microseconds by which decimal times of the same instant may differ. */
const EDGE_SLACK = 2;
/** How far from its expected place the clip's beginning is looked for, and how much of it must agree there. */
const SEARCH: Seconds = 0.1;
const PROOF: Seconds = 0.05;

/** A stretch of the source's samples that belong to the window. */
interface Stretch {
  /** Time of its first sample. */
  readonly at: Seconds;
  readonly bytes: Uint8Array;
  /** How many of its samples, from its beginning and its end, may be left out: at most one at the window's very edge. */
  readonly spareFirst: number;
  readonly spareLast: number;
}

/** The part of a packet whose samples lie in the window; null when none does. */
const belonging = (
  job: AuditJob,
  at: Seconds,
  bytes: Uint8Array,
  { sampleRate }: PcmFormat,
  frame: number,
): Stretch | null => {
  const total = Math.floor(bytes.length / frame);
  const first = (slack: number): number => Math.max(0, Math.ceil((job.from - at - slack / 1e6) * sampleRate - 1e-6));
  const last = (slack: number): number => Math.min(total, Math.floor((job.to - at + slack / 1e6) * sampleRate + 1e-6));
  const start = first(EDGE_SLACK);
  const end = last(EDGE_SLACK);
  if (end <= start) return null;
  return {
    at: at + start / sampleRate,
    bytes: bytes.subarray(start * frame, end * frame),
    spareFirst: Math.min(1, first(-EDGE_SLACK) - start),
    spareLast: Math.min(1, end - last(-EDGE_SLACK)),
  };
};

async function* stretchesOf(reader: SourceTrackReader, pcm: PcmFormat, job: AuditJob): AsyncGenerator<Stretch> {
  const frame = bytesPerFrame(pcm);
  for await (const packet of reader.packets(job.from)) {
    if (packet.at >= job.to) return;
    if (!packet.shown || packet.at + packet.duration <= job.from - 1) continue;
    const stretch = belonging(job, packet.at, await packet.load(), pcm, frame);
    if (stretch !== null) yield stretch;
  }
}

const agree = (a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, count: number): boolean => {
  for (let index = 0; index < count; index += 1) if (a[aAt + index] !== b[bAt + index]) return false;
  return true;
};

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** The clip's sound as one run of bytes, read piece by piece: it is not copied. */
class ClipRun {
  readonly #clip: ClipFile;
  readonly #track: ClipTrack;
  #sample = 0;
  #inside = 0;
  left: number;

  constructor(clip: ClipFile, track: ClipTrack) {
    this.#clip = clip;
    this.#track = track;
    this.left = track.samples.reduce((sum, { size }) => sum + size, 0);
  }

  /** Calls `see` with the next `count` bytes, in one or several pieces; fewer where the clip ends before. */
  take(count: number, see: (bytes: Uint8Array, at: number, length: number, doneBefore: number) => void): void {
    let done = 0;
    while (done < count && this.left > 0) {
      const sample = this.#track.samples[this.#sample];
      if (sample === undefined) return;
      const length = Math.min(count - done, sample.size - this.#inside);
      see(this.#clip.bytes, sample.offset + this.#inside, length, done);
      done += length;
      this.left -= length;
      this.#inside += length;
      if (this.#inside >= sample.size) {
        this.#sample += 1;
        this.#inside = 0;
      }
    }
  }
}

/** Where in the first stretches the clip's sound begins: the place nearest to the expected one at which bytes agree. Null when none. */
const findStart = (
  head: Uint8Array,
  opening: Uint8Array,
  frame: number,
  expected: number,
  reach: number,
): number | null => {
  const places = Math.floor(head.length / frame);
  for (let distance = 0; distance <= reach; distance += 1) {
    for (const place of distance === 0 ? [expected] : [expected - distance, expected + distance]) {
      if (place < 0 || place >= places) continue;
      const count = Math.min(opening.length, head.length - place * frame);
      if (count > 0 && agree(head, place * frame, opening, 0, count)) return place;
    }
  }
  return null;
};

/** Follows the source's stretches through the clip's run. */
class Comparison {
  readonly #run: ClipRun;
  readonly #frame: number;
  readonly #rate: number;
  /** Where in the clip, in samples, each stretch begins, and its time. */
  readonly starts: { readonly sample: number; readonly at: Seconds }[] = [];
  foreign = false;
  /** Bytes of the source that the clip ends before, how many of them it may, and the time of the first. */
  #lacking = 0;
  #spare = 0;
  #lacksAt: Seconds = 0;
  #compared = 0;

  constructor(run: ClipRun, frame: number, rate: number) {
    this.#run = run;
    this.#frame = frame;
    this.#rate = rate;
  }

  add({ at, bytes, spareLast }: Stretch): void {
    this.starts.push({ sample: this.#compared / this.#frame, at });
    const before = this.#run.left;
    this.#run.take(bytes.length, (own, ownAt, length, done) => {
      if (!agree(own, ownAt, bytes, done, length)) this.foreign = true;
    });
    const took = before - this.#run.left;
    if (took < bytes.length && this.#lacking === 0) this.#lacksAt = at + took / this.#frame / this.#rate;
    this.#compared += took;
    this.#lacking += bytes.length - took;
    this.#spare = spareLast * this.#frame;
  }

  /** Time of the first sample that must be in the clip and is not; null when none. */
  get lacks(): Seconds | null {
    return this.#lacking > this.#spare ? this.#lacksAt : null;
  }
}

/** The stretches from the clip's first sample on; null where its beginning is nowhere near the expected place. */
const fromStart = (
  held: readonly Stretch[],
  opening: Uint8Array,
  frame: number,
  rate: number,
  expectedAt: Seconds,
): { readonly skipped: number; readonly stretches: readonly Stretch[] } | null => {
  const [first] = held;
  if (first === undefined) return null;
  const expected = Math.max(0, Math.round((expectedAt - first.at) * rate));
  const start = findStart(joined(held.map(({ bytes }) => bytes)), opening, frame, expected, Math.ceil(SEARCH * rate));
  if (start === null) return null;
  let left = start * frame;
  const stretches = held.flatMap((stretch) => {
    const cut = Math.min(left, stretch.bytes.length);
    left -= cut;
    if (cut === stretch.bytes.length) return [];
    return [{ ...stretch, at: stretch.at + cut / frame / rate, bytes: stretch.bytes.subarray(cut) }];
  });
  return { skipped: Math.max(0, start - first.spareFirst), stretches };
};

/**
 * Compares the clip's samples with the source's samples of the window, reading the source once and keeping none of it.
 * `sourceTimeOf` says where on the source's timeline a moment of the track's media lies, going by the picture.
 */
export const comparePcm = async (
  clip: ClipFile,
  track: ClipTrack,
  pcm: PcmFormat,
  reader: SourceTrackReader,
  job: AuditJob,
  sourceTimeOf: (mediaTime: Seconds) => Seconds,
  findings: Findings,
): Promise<SoundVerdict> => {
  const frame = bytesPerFrame(pcm);
  const rate = pcm.sampleRate;
  const window = `${show(job.from)}–${show(job.to)}`;
  const firstAt = (track.samples[0]?.pts ?? 0) / track.timescale;
  const begins = sourceTimeOf(firstAt);
  const run = new ClipRun(clip, track);
  const total = run.left / frame;
  if (!Number.isInteger(total)) findings.add('unaccounted-bytes', 'The clip’s sound ends inside a sample.');
  const opening = new Uint8Array(Math.min(run.left, Math.ceil(PROOF * rate) * frame));
  new ClipRun(clip, track).take(opening.length, (bytes, at, length, before) =>
    opening.set(bytes.subarray(at, at + length), before),
  );
  const comparison = new Comparison(run, frame, rate);
  const enough = Math.ceil((2 * SEARCH + PROOF) * rate) * frame;
  let held: Stretch[] = [];
  let begun = false;
  const begin = (): void => {
    begun = true;
    const start = fromStart(held, opening, frame, rate, begins);
    if (start === null) comparison.foreign = true;
    else if (start.skipped > 0 && job.mode !== 'original') {
      findings.add(
        'frame-missing',
        `The source’s sound of ${show(held[0]?.at ?? 0)} belongs to the window and is not in the clip.`,
      );
    }
    for (const stretch of start?.stretches ?? []) comparison.add(stretch);
    held = [];
  };
  for await (const stretch of stretchesOf(reader, pcm, job)) {
    if (comparison.foreign) break;
    if (begun) comparison.add(stretch);
    // In original mode the clip may begin well behind the window's edge: what ends before its beginning is not looked at.
    else if (job.mode !== 'original' || stretch.at + stretch.bytes.length / frame / rate >= begins - SEARCH) {
      held.push({ ...stretch, bytes: stretch.bytes.slice() });
      if (held.reduce((sum, { bytes }) => sum + bytes.length, 0) >= enough) begin();
    }
  }
  if (!begun) begin();

  const { starts, foreign, lacks } = comparison;
  if (foreign)
    findings.add('sample-outside-window', `The clip’s sound is not the source’s of ${window}, sample for sample.`);
  else if (run.left > 0)
    findings.add(
      'sample-outside-window',
      `The clip has ${run.left / frame} samples of sound more than the source has in ${window}.`,
    );
  else if (lacks !== null && job.mode !== 'original')
    findings.add('frame-missing', `The source’s sound of ${show(lacks)} belongs to the window and is not in the clip.`);
  const tolerance = Math.max(reader.tick, 1 / track.timescale, clip.delayTick) + 1 / rate + 2e-6;
  if (!foreign) checkTimes(track, starts, frame, rate, sourceTimeOf, tolerance, findings);
  const from = starts[0]?.at ?? begins;
  return { audio: { from, to: from + total / rate, packets: track.samples.length }, offset: from - firstAt, tolerance };
};

/** Each of the clip's runs must lie where its first sample lies in the source, and last as long as its samples. */
const checkTimes = (
  track: ClipTrack,
  starts: readonly { readonly sample: number; readonly at: Seconds }[],
  frame: number,
  rate: number,
  sourceTimeOf: (mediaTime: Seconds) => Seconds,
  tolerance: Seconds,
  findings: Findings,
): void => {
  let sample = 0;
  let place = 0;
  for (const { number, pts, duration, size } of track.samples) {
    while ((starts[place + 1]?.sample ?? Infinity) <= sample) place += 1;
    const start = starts[place];
    if (start === undefined) return;
    const at = start.at + (sample - start.sample) / rate;
    const claimed = sourceTimeOf(pts / track.timescale);
    const lasts = size / frame / rate;
    const says = duration / track.timescale;
    if (Math.abs(claimed - at) > tolerance) {
      findings.add('wrong-timestamp', `Sound sample ${number} lies at ${show(claimed)} and belongs at ${show(at)}.`);
      return;
    }
    if (Math.abs(says - lasts) > tolerance) {
      findings.add(
        'wrong-timestamp',
        `Sound sample ${number} says it lasts ${show(says)} and has ${show(lasts)} of sound.`,
      );
      return;
    }
    sample += size / frame;
  }
};
