/** The page on which the cutters are timed: the product's own trimmer, and what others offer for browsers. */
import { FFmpeg } from '@ffmpeg/ffmpeg';
import coreUrl from '@ffmpeg/core?url';
import wasmUrl from '@ffmpeg/core/wasm?url';
import { ALL_FORMATS, BlobSource, BufferTarget, Conversion, Input, Mp4OutputFormat, Output } from 'mediabunny';
import { createInspector } from '../../../src/bridge/inspect.ts';
import { createTrimmer, type Trimmer } from '../../../src/bridge/trim.ts';
import type { EncoderChoice, TrimJob } from '../../../src/contracts/trim-api.ts';
import '../../../workers/trim/trusted-types.ts';

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What one cut took; the clip itself waits behind the link. */
export interface TimedCut {
  readonly ms: number;
  readonly bytes: number;
  /** Bytes read of the recording, where the cutter says. */
  readonly bytesRead: number | null;
}

const JOB = { mode: 'exact', mute: false, boxes: [] } as const;
const quiet = (): void => undefined;

const inspector = createInspector();
const trimmer = createTrimmer();
const oneByOne = createTrimmer({ workers: 1 });

const recording = (): File => {
  const file = document.querySelector<HTMLInputElement>('#recording')?.files?.[0];
  if (!file) throw new Error('no recording was chosen');
  return file;
};

const keep = (clip: Uint8Array<ArrayBuffer>): void => {
  const link = document.querySelector<HTMLAnchorElement>('#clip');
  if (!link) throw new Error('no link for the clip');
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([clip], { type: 'video/mp4' }));
};

const trim = async (cutter: Trimmer, job: TrimJob, signal?: AbortSignal) => {
  const options = { onProgress: quiet, ...(signal && { signal }) };
  const result = await cutter.trim(recording(), job, options);
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
};

const api = {
  porchlight: async ({ from, to }: Window, encoder: EncoderChoice): Promise<TimedCut> => {
    const began = performance.now();
    const { bytes, facts } = await trim(trimmer, { ...JOB, from, to, encoder });
    const ms = performance.now() - began;
    keep(bytes);
    return { ms, bytes: bytes.length, bytesRead: facts.bytesRead };
  },

  /** The whole way to a clip that may leave: the cut, and the audit of its bytes. */
  audited: async ({ from, to }: Window, encoder: EncoderChoice): Promise<TimedCut> => {
    const began = performance.now();
    const { bytes, facts } = await trim(trimmer, { ...JOB, from, to, encoder });
    const audit = await inspector.audit(bytes, recording(), { from, to, mode: JOB.mode, mute: JOB.mute });
    const ms = performance.now() - began;
    if (!audit.ok) throw new Error(`${audit.reason}: ${audit.detail}`);
    keep(bytes);
    return { ms, bytes: bytes.length, bytesRead: facts.bytesRead };
  },

  /** ffmpeg.wasm's example for trimming, with its fastest preset and the input seeked: kinder than the example. Loading is not timed. */
  ffmpegWasm: async ({ from, to }: Window): Promise<TimedCut> => {
    const ffmpeg = new FFmpeg();
    await ffmpeg.load({ coreURL: new URL(coreUrl, location.href).href, wasmURL: new URL(wasmUrl, location.href).href });
    try {
      const began = performance.now();
      await ffmpeg.writeFile('input.mp4', new Uint8Array(await recording().arrayBuffer()));
      const seek = ['-ss', String(from), '-to', String(to)];
      const code = await ffmpeg.exec([...seek, '-i', 'input.mp4', '-preset', 'ultrafast', 'output.mp4']);
      const clip = await ffmpeg.readFile('output.mp4');
      const ms = performance.now() - began;
      if (code !== 0 || typeof clip === 'string') throw new Error(`ffmpeg.wasm ended with ${code}`);
      keep(new Uint8Array(clip));
      return { ms, bytes: clip.length, bytesRead: recording().size };
    } finally {
      ffmpeg.terminate();
    }
  },

  mediabunny: async ({ from, to }: Window): Promise<TimedCut> => {
    const began = performance.now();
    using input = new Input({ source: new BlobSource(recording()), formats: ALL_FORMATS });
    const target = new BufferTarget();
    const output = new Output({ format: new Mp4OutputFormat(), target });
    const conversion = await Conversion.init({ input, output, trim: { start: from, end: to } });
    await conversion.execute();
    const ms = performance.now() - began;
    if (!target.buffer) throw new Error('mediabunny gave nothing');
    const clip = new Uint8Array(target.buffer);
    keep(clip);
    return { ms, bytes: clip.length, bytesRead: null };
  },

  /** Several windows of the recording asked for at once, on all workers or on one. */
  several: async (windows: readonly Window[], workers: 'all' | 'one', encoder: EncoderChoice): Promise<TimedCut> => {
    const cutter = workers === 'all' ? trimmer : oneByOne;
    const began = performance.now();
    const clips = await Promise.all(windows.map(({ from, to }) => trim(cutter, { ...JOB, from, to, encoder })));
    const ms = performance.now() - began;
    const [last] = clips.slice(-1);
    if (last) keep(last.bytes);
    return { ms, bytes: clips.reduce((sum, { bytes }) => sum + bytes.length, 0), bytesRead: null };
  },

  /**
   * Begins cuts that take long, on every worker, and calls them off after `afterMs`. Gives the instant of the abort (ms since the
   * epoch) and how long after it the last call had answered.
   */
  cancelled: async (
    windows: readonly Window[],
    afterMs: number,
  ): Promise<{ abortedAt: number; answeredMs: number }> => {
    const abort = new AbortController();
    const cuts = windows.map(({ from, to }) =>
      trim(trimmer, { ...JOB, from, to, mode: 'redacted', encoder: 'ffmpeg' }, abort.signal),
    );
    const outcomes = Promise.allSettled(cuts);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const abortedAt = performance.timeOrigin + performance.now();
    abort.abort();
    const ended = await outcomes;
    const answeredMs = performance.timeOrigin + performance.now() - abortedAt;
    if (ended.some(({ status }) => status === 'fulfilled')) throw new Error('a cut was done before it was called off');
    return { abortedAt, answeredMs };
  },

  warm: (): Promise<void> => trimmer.warm('ffmpeg'),
};

declare global {
  var cutBench: typeof api;
}
globalThis.cutBench = api;
