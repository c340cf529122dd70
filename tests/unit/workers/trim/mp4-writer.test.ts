/** What the writer writes, read back by mediabunny: samples, times and order survive, reordered or not. */
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { buildAvcC } from '../../../../workers/trim/h264.ts';
import { IDENTITY_MATRIX, writeMp4, type ClipTrack } from '../../../../workers/trim/mp4-writer.ts';
import { aacSampleEntry } from '../../../../workers/trim/sample-entries-audio.ts';
import { avcSampleEntry } from '../../../../workers/trim/sample-entries.ts';

const SPS = Uint8Array.from([0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x5a, 0x80]);
const PPS = Uint8Array.from([0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0]);

const video = (ticks: readonly number[], timescale: number, delay = 0): ClipTrack => ({
  kind: 'video',
  timescale,
  samples: ticks.map((at, index) => ({
    data: Uint8Array.from([0, 0, 0, 1, index === 0 ? 0x65 : 0x41, index]),
    ticks: at,
    sync: index === 0,
  })),
  endTicks: Math.max(...ticks) + 1000,
  sampleEntry: avcSampleEntry(
    { width: 640, height: 360, pixelAspect: { num: 1, den: 1 }, colour: null },
    buildAvcC({ sps: [SPS], pps: [PPS] }),
  ),
  delay,
  width: 640,
  height: 360,
  matrix: IDENTITY_MATRIX,
});

const audio = (count: number, delay: number): ClipTrack => ({
  kind: 'audio',
  timescale: 48_000,
  samples: Array.from({ length: count }, (_, index) => ({
    data: Uint8Array.from([index]),
    ticks: index * 1024,
    sync: true,
  })),
  endTicks: count * 1024,
  sampleEntry: aacSampleEntry(2, 48_000, Uint8Array.from([0x11, 0x90])),
  delay,
  width: 0,
  height: 0,
  matrix: IDENTITY_MATRIX,
});

const readBack = async (tracks: readonly ClipTrack[]): Promise<{ at: number; data: number[] }[][]> => {
  const input = new Input({ source: new BufferSource(writeMp4(tracks)), formats: ALL_FORMATS });
  const out = [];
  for (const track of await input.getTracks()) {
    const packets = [];
    for await (const packet of new EncodedPacketSink(track).packets()) {
      packets.push({ at: Math.round(packet.timestamp * 1e6), data: [...packet.data] });
    }
    out.push(packets);
  }
  return out;
};

describe('writeMp4', () => {
  it.each([
    ['in order', [0, 1000, 2000, 3000], 15_000],
    ['reordered', [0, 3000, 1000, 2000, 6000, 4000, 5000, 7000, 9000, 8000], 15_000],
    ['reordered only at the end of a short clip', [0, 1000, 4000, 2000, 3000], 15_000],
    ['reordered, with a tick for each frame', [0, 3, 1, 2], 15],
    ['at a variable rate', [0, 7, 5000, 5001, 90_000], 90_000],
  ])('keeps every sample and its time: %s', async (_, ticks, timescale) => {
    const track = video(ticks, timescale);
    const [packets] = await readBack([track]);
    expect(packets).toEqual(
      track.samples.map((sample) => ({ at: Math.round((sample.ticks / timescale) * 1e6), data: [...sample.data] })),
    );
  });

  it('keeps sound and picture apart by the same time as in the recording', async () => {
    const [picture, sound] = await readBack([video([0, 1000, 2000], 15_000, 0.01), audio(100, 0)]);
    expect(picture?.[0]?.at).toBe(10_000);
    expect(sound?.[0]?.at).toBe(0);
    expect(sound).toHaveLength(100);
  });

  it('accounts for every byte: boxes follow one another to the end', () => {
    const bytes = writeMp4([video([0, 1000], 15_000), audio(3, 0)]);
    const view = new DataView(bytes.buffer);
    const types = [];
    let at = 0;
    while (at < bytes.length) {
      types.push(String.fromCharCode(...bytes.subarray(at + 4, at + 8)));
      at += view.getUint32(at);
    }
    expect(types).toEqual(['ftyp', 'moov', 'mdat']);
    expect(at).toBe(bytes.length);
  });
});
