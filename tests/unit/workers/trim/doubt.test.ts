/** What is told of damage in pictures that are copied: none that refers to a damaged one goes untold, and nothing is told of a sound recording. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDoubt, doubtfulSpans } from '../../../../workers/trim/doubt.ts';
import { cleanHevcUnit } from '../../../../workers/trim/hevc.ts';
import { cleanAccessUnit } from '../../../../workers/trim/h264.ts';
import { isOverwritten } from '../../../../workers/trim/nal-units.ts';
import { withEmulationPrevention } from '../../../../workers/trim/parameter-set-ids.ts';
import { group, streamOf, type Picture } from './reference-streams.ts';

/** Zeros and small numbers often, which is where framing is at stake. */
const payload = fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes.map((byte) => (byte < 160 ? byte % 5 : byte)));

describe('isOverwritten', () => {
  it('never says so of what an encoder writes, padded with zeros or not', () => {
    fc.assert(
      fc.property(payload, fc.nat(5), (bytes, padding) => {
        const unit = withEmulationPrevention(bytes);
        expect(isOverwritten(Uint8Array.from([...unit, ...new Array<number>(padding).fill(0)]))).toBe(false);
      }),
    );
  });

  it('tells a stretch of zeros inside a unit, wherever it lies, but not a few of them', () => {
    const random = fc.uint8Array({ minLength: 80, maxLength: 200 }).map((bytes) => bytes.map((byte) => byte | 4));
    fc.assert(
      fc.property(random, fc.nat(40), fc.nat(30), (bytes, at, zeros) => {
        expect(isOverwritten(bytes.fill(0, at, at + zeros))).toBe(zeros >= 16);
      }),
    );
  });

  it('takes a unit with start codes, put behind another by mistake, for what it is', () => {
    const slice = [0x01, 0x9e, 0x04, 0x09, 0xd1, 0x11, 0x6f, 0xc0, 0xcf, 0x4e, 0x0b, 0x72, 0xc6, 0x8a, 0x52];
    expect(isOverwritten(Uint8Array.from([...slice, 0, 0, 0, 1, 0x0a]))).toBe(false);
  });

  it('looks at slices only: what else is in a packet goes anyway', () => {
    const zeros = [1, ...new Array<number>(40).fill(0), 1];
    const avc = (type: number) => Uint8Array.from([type, ...zeros]);
    expect(cleanAccessUnit([avc(0x06), Uint8Array.from([0x65, 1, 2])], new Set()).overwritten).toBe(false);
    expect(cleanAccessUnit([avc(0x65)], new Set()).overwritten).toBe(true);
    expect(cleanHevcUnit([Uint8Array.from([0x4e, 1, ...zeros])], new Set()).overwritten).toBe(false);
    expect(cleanHevcUnit([Uint8Array.from([0x02, 1, ...zeros])], new Set()).overwritten).toBe(true);
  });
});

interface Harm {
  readonly at: number;
  readonly isLost: boolean;
}

const harmed = fc
  .record({
    groups: fc.array(group, { minLength: 1, maxLength: 6 }),
    harms: fc.array(fc.record({ at: fc.nat(40), isLost: fc.boolean() }), { maxLength: 3 }),
  })
  .map(({ groups, harms }) => ({ stream: streamOf(groups, false), harms }));

/** Of the pictures that are left, those that are told. */
const toldOf = (stream: readonly Picture[], harms: readonly Harm[]): ReadonlySet<number> => {
  const doubt = createDoubt();
  const told = new Set<number>();
  for (const [index, { ticks, access }] of stream.entries()) {
    const harm = harms.find(({ at }) => at === index);
    if (harm?.isLost) doubt.lose();
    else if (doubt.of({ ticks, access, overwritten: harm !== undefined })) told.add(index);
  }
  return told;
};

describe('doubt', () => {
  it('reaches every picture that refers to a damaged one, directly or not', () => {
    fc.assert(
      fc.property(harmed, ({ stream, harms }) => {
        const spoilt = new Set<number>();
        for (const [index, { needs }] of stream.entries()) {
          if (harms.some(({ at }) => at === index) || needs.some((needed) => spoilt.has(needed))) spoilt.add(index);
        }
        const lost = new Set(harms.filter(({ isLost }) => isLost).map(({ at }) => at));
        const told = toldOf(stream, harms);
        expect([...spoilt].filter((index) => !lost.has(index) && !told.has(index))).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('ends with the next access point, but for the pictures that are presented before that', () => {
    fc.assert(
      fc.property(harmed, ({ stream, harms }) => {
        for (const index of toldOf(stream, harms)) {
          const last = harms.map(({ at }) => at).filter((at) => at <= index);
          expect(last.length).toBeGreaterThan(0);
          const access = stream.findIndex((picture, at) => at > Math.max(...last) && picture.access !== 'none');
          if (access >= 0 && access <= index) expect(stream[index]?.ticks).toBeLessThan(stream[access]?.ticks ?? 0);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is no more than that in a sound recording', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 6 }), (groups) => {
        expect([...toldOf(streamOf(groups, false), [])]).toEqual([]);
      }),
    );
  });

  it('is told as stretches of neighbours', () => {
    const pictures = [0, 1, 1, 0, 1].map((doubtful, index) => ({ at: index / 10, doubtful: doubtful === 1 }));
    expect(doubtfulSpans(pictures)).toEqual([
      { first: 0.1, last: 0.2 },
      { first: 0.4, last: 0.4 },
    ]);
    expect(doubtfulSpans([])).toEqual([]);
  });
});
