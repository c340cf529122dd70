/** Which sound belongs: whole packets, plain samples to the very frame, gaps kept, nothing that the source hides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherFrames, gatherPackets, type SoundPacket } from '../../../../workers/trim/audio-cut.ts';
import type { SoundFormat } from '../../../../workers/trim/audio-format.ts';

const FORMAT: SoundFormat = {
  sampleEntry: new Uint8Array(),
  webm: null,
  pcm: null,
  seconds: () => null,
  clean: (packet) => packet,
};

const shown = (from: number, to: number, shownUntil = Infinity, shownFrom = 0) => ({ from, to, shownFrom, shownUntil });

const packets = (count: number, duration: number, startsAt = 0): readonly SoundPacket[] =>
  Array.from({ length: count }, (_, index) => ({
    data: Uint8Array.from([index]),
    at: startsAt + index * duration,
    duration,
  }));

describe('packets', () => {
  const cutOf = (offered: readonly SoundPacket[], window = shown(1, 2), timescale = 48_000) => {
    const gatherer = gatherPackets(FORMAT, window, timescale);
    for (const packet of offered) gatherer.offer(packet);
    return gatherer.cut();
  };

  it('belong when their whole interval does', () => {
    const cut = cutOf(packets(30, 0.1));
    expect(cut?.samples.map(({ data }) => data[0])).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(cut).toMatchObject({ startsAt: 1, endTicks: 48_000, timescale: 48_000 });
    expect(cutOf(packets(30, 0.1), shown(1.000002, 1.999998))?.samples).toHaveLength(8);
    expect(cutOf(packets(30, 0.1), shown(1.01, 1.1))).toBeNull();
  });

  it('stay out when the source’s edit list hides them', () => {
    expect(cutOf(packets(10, 0.1, -0.05), shown(-1, 0.3))?.startsAt).toBe(0.05);
    expect(cutOf(packets(30, 0.1), shown(1, 2, 1.45))?.samples).toHaveLength(5);
  });

  it('keep gaps; times that stand still or go back follow each other by a tick', () => {
    const odd = [1, 1.1, 1.5, 1.5, 1.499, 1.7].map((at) => ({ data: Uint8Array.of(7), at, duration: 0.1 }));
    expect(cutOf(odd, shown(1, 2), 1000)?.samples.map(({ ticks }) => ticks)).toEqual([0, 100, 500, 501, 502, 700]);
  });

  it('that the format refuses are left out', () => {
    const gatherer = gatherPackets({ ...FORMAT, clean: (data) => (data[0] === 12 ? null : data) }, shown(1, 2), 1000);
    for (const packet of packets(30, 0.1)) gatherer.offer(packet);
    expect(gatherer.cut()?.samples).toHaveLength(9);
  });
});

describe('plain samples', () => {
  const RATE = 1000;
  const FRAME_BYTES = 2;

  /** Frame n of the recording is the two bytes of n. */
  const plain = (first: number, count: number, at = first / RATE): SoundPacket => ({
    data: Uint8Array.from({ length: count * FRAME_BYTES }, (_, index) =>
      index % 2 === 0 ? (first + (index >> 1)) >> 8 : (first + (index >> 1)) & 0xff,
    ),
    at,
    duration: count / RATE,
  });

  const cutOf = (offered: readonly SoundPacket[], window: ReturnType<typeof shown>) => {
    const gatherer = gatherFrames(FORMAT, { frameBytes: FRAME_BYTES, rate: RATE }, window);
    for (const packet of offered) gatherer.offer(packet);
    return gatherer.cut();
  };

  const framesOf = (cut: ReturnType<typeof cutOf>): readonly number[] =>
    (cut?.samples ?? []).flatMap(({ data }) =>
      Array.from({ length: data.length / 2 }, (_, index) => ((data[index * 2] ?? 0) << 8) | (data[index * 2 + 1] ?? 0)),
    );

  it('are cut between any two frames', () => {
    const cut = cutOf([plain(0, 100), plain(100, 100), plain(200, 100)], shown(0.0505, 0.25));
    const frames = framesOf(cut);
    expect([frames[0], frames.at(-1), frames.length]).toEqual([51, 249, 199]);
    expect(cut).toMatchObject({ startsAt: 0.051, endTicks: 199, timescale: RATE });
  });

  it('are exactly those of the window, for any packets and any window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.integer({ min: 1, max: 3_000_000 }),
        (sizes, fromMicros, lengthMicros) => {
          const window = shown(fromMicros / 1e6, (fromMicros + lengthMicros) / 1e6);
          let total = 0;
          const offered = sizes.map((size) => {
            total += size;
            return plain(total - size, size);
          });
          const expected = Array.from({ length: total }, (_, index) => index).filter(
            (index) => index * 1000 >= fromMicros && (index + 1) * 1000 <= fromMicros + lengthMicros,
          );
          const cut = cutOf(offered, window);
          expect(framesOf(cut)).toEqual(expected);
          expect(cut?.samples.reduce((sum, { units = 0 }) => sum + units, 0) ?? 0).toBe(expected.length);
          expect(cut?.endTicks ?? 0).toBe(expected.length);
        },
      ),
    );
  });

  it('flow on evenly where timestamps are only rounded, and keep a real gap', () => {
    const rounded = cutOf([plain(0, 100, 0), plain(100, 100, 0.101), plain(200, 100, 0.199)], shown(0, 1));
    expect(rounded?.samples.map(({ ticks }) => ticks)).toEqual([0, 100, 200]);
    const gap = cutOf([plain(0, 100, 0), plain(100, 100, 0.35)], shown(0, 1));
    expect(gap?.samples.map(({ ticks }) => ticks)).toEqual([0, 350]);
    expect(gap?.endTicks).toBe(450);
  });
});
