/** Cuts through the real workers: several at once, each its own window; called off together; with either encoder. */
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input } from 'mediabunny';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTrimmer, type Trimmer } from '../../../src/bridge/trim.ts';
import type { EncoderChoice, TrimJob } from '../../../src/contracts/trim-api.ts';
import { makeVideo } from '../import/make-video.ts';

let recording: File;
let trimmer: Trimmer;
beforeAll(async () => {
  recording = await makeVideo('ten-seconds.mp4', 10);
  trimmer = createTrimmer({ workers: 2 });
});

/** Between keyframes, so that there are edges to encode; 0.2 s later for each. */
const jobs = (count: number, encoder: EncoderChoice): readonly TrimJob[] =>
  Array.from({ length: count }, (_, index) => {
    const from = 1.15 + index * 0.2;
    return { from, to: from + 3 + index * 0.1, mode: 'exact', mute: false, boxes: [], encoder };
  });

const trim = (job: TrimJob, signal?: AbortSignal) =>
  trimmer.trim(recording, job, { onProgress: () => undefined, ...(signal && { signal }) });

const framesIn = async (bytes: Uint8Array<ArrayBuffer>): Promise<number> => {
  using input = new Input({ source: new BlobSource(new Blob([bytes])), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  return track ? (await Array.fromAsync(new EncodedPacketSink(track).packets())).length : 0;
};

describe('the trimmer', () => {
  it.each<EncoderChoice>(['webcodecs', 'ffmpeg'])(
    'gives each of ten cuts at once its own window, edges by %s',
    async (encoder) => {
      const asked = jobs(10, encoder);
      const results = await Promise.all(asked.map((job) => trim(job)));
      const frames = await Promise.all(
        results.map(async (result) => (result.ok ? framesIn(result.value.bytes) : result.detail)),
      );
      // Ten frames a second: the n-th window is n tenths longer than three seconds.
      expect(frames).toEqual(asked.map((_, index) => 30 + index));
      const encoded = results.map((result) => (result.ok ? result.value.facts.framesReencoded : 0));
      expect(encoded.filter((count) => count > 0).length).toBeGreaterThan(5);
    },
  );

  it('answers every call that is called off, running or waiting, and cuts again afterwards', async () => {
    const abort = new AbortController();
    const calls = jobs(6, 'ffmpeg').map((job) => trim({ ...job, mode: 'redacted' }, abort.signal));
    setTimeout(() => abort.abort(), 300);
    const results = await Promise.all(calls);
    expect(new Set(results.map((result) => (result.ok ? 'cut' : result.reason)))).toContain('cancelled');
    const [job] = jobs(1, 'auto');
    expect(job && (await trim(job)).ok).toBe(true);
  });

  it('warms without a word, whichever encoder it is', async () => {
    await expect(Promise.all([trimmer.warm(), trimmer.warm('ffmpeg')])).resolves.toEqual([undefined, undefined]);
  });
});
