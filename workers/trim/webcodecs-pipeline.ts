/** One segment through the browser's decoder and encoder, a few frames at a time. */
import type { EdgeSegment, EdgeSource } from './edge-encoder.ts';
import { withBlackBoxes } from './webcodecs-boxes.ts';
import { withEightBits } from './webcodecs-depth.ts';
import { encodeOptions, encoderConfigs, supportedConfig, type PictureShape } from './webcodecs-configs.ts';
import type { EncodedFrame } from './webcodecs-samples.ts';

/** The browser cannot do it, or did it wrong; the message says what. Thrown inside this room, returned as a failure outside. */
export class CoderProblem extends Error {
  override readonly name = 'CoderProblem';
}

export interface EncodedSegment {
  /** In presentation order, one for each wanted frame. */
  readonly frames: readonly EncodedFrame[];
  /** The encoder's own decoder configuration, where its codec has one. */
  readonly description: Uint8Array | null;
}

/** Packets and frames that may wait in front of decoder and encoder: enough to keep both busy, little enough for 4K. */
const IN_FLIGHT = 4;
/** A coder that says nothing for so long has hung. */
const PATIENCE_MS = 20_000;
const FORMATS: readonly (VideoPixelFormat | null)[] = ['I420', 'NV12'];

/**
 * Decodes the segment's packets and encodes its wanted frames. Packets are numbered in the order in which they are presented and
 * carry that number as their timestamp, so that each frame that comes back names its packet exactly, whatever the ticks are.
 * Rejects with CoderProblem. Whatever happens, both coders are closed and no frame is left open.
 */
export const runSegment = async (
  source: EdgeSource,
  segment: EdgeSegment,
  onEncoded: (frames: number) => void,
): Promise<EncodedSegment> => {
  const ranks = rankTicks(segment);
  const wanted = new Set(segment.wanted);
  const pulse = new Pulse();
  const rates = usualRates(segment, source.timescale);
  let encoder: SegmentEncoder | null = null;
  let unhandled = 0;
  let handling: Promise<void> = Promise.resolve();

  const handle = async (frame: VideoFrame): Promise<void> => {
    let current = frame;
    try {
      const ticks = ranks.ticks[frame.timestamp / RANK_STEP];
      if (pulse.problem !== null || ticks === undefined || !wanted.delete(ticks)) return;
      if (source.encodeAs !== source.codec) current = (await withEightBits(frame)) ?? frame;
      const boxes = source.boxes.filter(({ from, to }) => within(ticks / source.timescale, from, to));
      if (boxes.length > 0) {
        const blackened = await withBlackBoxes(current, boxes);
        if (!blackened) throw new CoderProblem(`frames of format ${current.format ?? 'unknown'} cannot be blackened`);
        current = blackened;
      }
      encoder ??= await openEncoder(source, current, rates, pulse, onEncoded);
      encoder.encode(current, ticks);
      while (encoder.waiting() > IN_FLIGHT) await pulse.next();
    } finally {
      current.close();
    }
  };

  const decoder = new VideoDecoder({
    output: (frame) => {
      unhandled++;
      handling = handling
        .then(() => handle(frame))
        .catch((error: unknown) => pulse.fail(error))
        .finally(() => {
          unhandled--;
          pulse.beat();
        });
    },
    error: (error) => pulse.fail(error),
  });
  decoder.addEventListener('dequeue', () => pulse.beat());
  try {
    decoder.configure(source.decoderConfig);
    for (const [index, packet] of segment.packets.entries()) {
      while (decoder.decodeQueueSize + unhandled > IN_FLIGHT) await pulse.next();
      pulse.check();
      const timestamp = (ranks.ofTicks.get(packet.ticks) ?? 0) * RANK_STEP;
      // Decoders verify what is called a key; only the first has to be one.
      const type = index === 0 ? 'key' : 'delta';
      decoder.decode(new EncodedVideoChunk({ type, timestamp, data: packet.data }));
    }
    await pulse.until(decoder.flush());
    await pulse.until(handling);
    pulse.check();
    if (wanted.size > 0 || !encoder) {
      const [missing = 0] = wanted;
      throw new CoderProblem(
        `the picture at ${(missing / source.timescale).toFixed(3)} s did not come out of the decoder`,
      );
    }
    return await (encoder as SegmentEncoder).finish();
  } catch (error) {
    throw error instanceof CoderProblem
      ? error
      : new CoderProblem(error instanceof Error ? error.message : String(error));
  } finally {
    pulse.fail(new CoderProblem('over'));
    close(decoder);
    (encoder as SegmentEncoder | null)?.close();
    await handling;
  }
};

/** Microseconds between ranks: decoders are only asked to give timestamps back, but zero distances would be odd. */
const RANK_STEP = 1_000;

const rankTicks = (segment: EdgeSegment): { ticks: readonly number[]; ofTicks: ReadonlyMap<number, number> } => {
  const ticks = [...new Set(segment.packets.map((packet) => packet.ticks))].sort((a, b) => a - b);
  return { ticks, ofTicks: new Map(ticks.map((value, rank) => [value, rank])) };
};

type Rates = Pick<PictureShape, 'framesPerSecond' | 'sourceBitrate'>;

/** By the packets' median duration, so that gaps in a recording do not count. */
const usualRates = ({ packets }: EdgeSegment, timescale: number): Rates => {
  const durations = packets.map((packet) => packet.durationTicks).sort((a, b) => a - b);
  const median = durations[durations.length >> 1] ?? 0;
  const framesPerSecond = Math.min(120, Math.max(5, median > 0 ? timescale / median : 25));
  const bytes = packets.reduce((sum, packet) => sum + packet.data.length, 0);
  return { framesPerSecond, sourceBitrate: (bytes * 8 * framesPerSecond) / Math.max(1, packets.length) };
};

/** Boxes hold from `from` up to but not including `to`, in whole microseconds, like windows. */
const within = (seconds: number, from: number, to: number): boolean => {
  const at = Math.round(seconds * 1e6);
  return at >= Math.round(from * 1e6) && at < Math.round(to * 1e6);
};

interface SegmentEncoder {
  encode(frame: VideoFrame, ticks: number): void;
  waiting(): number;
  finish(): Promise<EncodedSegment>;
  close(): void;
}

/** Frames that become another codec's are rounded to 8 bits first. */
const encodedKind = ({ codec, encodeAs, bitDepth }: EdgeSource): Pick<EdgeSource, 'codec' | 'bitDepth'> =>
  encodeAs === codec ? { codec, bitDepth } : { codec: encodeAs, bitDepth: 8 };

/** An encoder for frames like `first`. Rejects with CoderProblem when the browser has none. */
const openEncoder = async (
  source: EdgeSource,
  first: VideoFrame,
  rates: Rates,
  pulse: Pulse,
  onEncoded: (frames: number) => void,
): Promise<SegmentEncoder> => {
  const { width = 0, height = 0 } = first.visibleRect ?? {};
  if (!FORMATS.includes(first.format)) {
    throw new CoderProblem(`frames of format ${first.format ?? 'unknown'} cannot be encoded without a loss`);
  }
  const config = await supportedConfig(encoderConfigs(encodedKind(source), { ...rates, width, height }));
  if (!config) throw new CoderProblem(`this browser does not encode ${source.encodeAs} at ${width}×${height}`);
  const step = Math.round(1e6 / rates.framesPerSecond);
  const asked: number[] = [];
  const frames: EncodedFrame[] = [];
  let description: Uint8Array | null = null;
  const encoder = new VideoEncoder({
    output: (chunk, metadata) => {
      const ticks = asked[Math.round(chunk.timestamp / step)];
      if (ticks === undefined) return pulse.fail(new CoderProblem('the encoder made a frame of its own'));
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      frames.push({ data, ticks, key: chunk.type === 'key' });
      const given = metadata?.decoderConfig?.description;
      if (given && !description) description = copyOf(given);
      onEncoded(frames.length);
    },
    error: (error) => pulse.fail(error),
  });
  encoder.addEventListener('dequeue', () => pulse.beat());
  encoder.configure(config);
  return {
    encode: (frame, ticks) => {
      const visible = frame.visibleRect;
      if (visible?.width !== width || visible.height !== height) {
        throw new CoderProblem('the picture changes its size within the window');
      }
      // Square pixels and times of its own: an encoder that scales or reorders by what the frame says has nothing to go by.
      const plain = new VideoFrame(frame, {
        timestamp: asked.length * step,
        displayWidth: width,
        displayHeight: height,
      });
      try {
        encoder.encode(plain, encodeOptions(source.encodeAs, asked.length === 0));
        asked.push(ticks);
      } finally {
        plain.close();
      }
    },
    waiting: () => encoder.encodeQueueSize,
    finish: async () => {
      await pulse.until(encoder.flush());
      pulse.check();
      const inOrder = frames.length === asked.length && frames.every(({ ticks }, index) => ticks === asked[index]);
      if (!inOrder || frames[0]?.key !== true) throw new CoderProblem('the encoder dropped or reordered frames');
      return { frames, description };
    },
    close: () => close(encoder),
  };
};

const copyOf = (source: AllowSharedBufferSource): Uint8Array =>
  ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();

const close = (coder: VideoDecoder | VideoEncoder): void => {
  if (coder.state !== 'closed') coder.close();
};

/** Signs of life of both coders, and the first thing that went wrong with either. */
class Pulse {
  problem: Error | null = null;
  private waiting: (() => void)[] = [];

  beat(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  fail(error: unknown): void {
    this.problem ??= error instanceof Error ? error : new CoderProblem(String(error));
    this.beat();
  }

  check(): void {
    if (this.problem) throw this.problem;
  }

  /** Resolves on the next sign of life. Rejects with the problem, or when there is none for too long. */
  async next(): Promise<void> {
    this.check();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new CoderProblem('the browser’s coder hung')), PATIENCE_MS);
    });
    try {
      await Promise.race([new Promise<void>((wake) => this.waiting.push(wake)), late]);
    } finally {
      clearTimeout(timer);
    }
    this.check();
  }

  /** Waits for `work` as long as there are signs of life. */
  async until(work: Promise<unknown>): Promise<void> {
    let done = false;
    work.then(
      () => {
        done = true;
        this.beat();
      },
      (error: unknown) => this.fail(error),
    );
    while (!done) await this.next();
  }
}
