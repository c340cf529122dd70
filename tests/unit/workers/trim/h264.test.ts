/** H.264 parsing on units made by hand and on real ones made by native ffmpeg. */
import { describe, expect, it } from 'vitest';
import { buildAvcC, cleanAccessUnit, freeParameterSetIds, parseAvcC, readSps } from '../../../../workers/trim/h264.ts';
import { setKey, splitNalUnits } from '../../../../workers/trim/nal-units.ts';

/** x264's High profile sets for 1920×1080: SPS id 0, PPS id 0. */
const SPS = Uint8Array.from([0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x5a, 0x80]);
const PPS = Uint8Array.from([0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0]);
const IDR = Uint8Array.from([0x65, 0x88, 0x84]);
const SLICE = Uint8Array.from([0x41, 0x9a, 0x24]);
/** user_data_unregistered (type 5), two bytes. */
const SEI_USER_DATA = Uint8Array.from([0x06, 0x05, 0x02, 0xaa, 0xbb, 0x80]);
/** recovery_point (type 6), one byte: recovery_frame_cnt 0. */
const SEI_RECOVERY = Uint8Array.from([0x06, 0x06, 0x01, 0xc4, 0x80]);
/** recovery_point with recovery_frame_cnt 3 (ue 00100). */
const SEI_LATE_RECOVERY = Uint8Array.from([0x06, 0x06, 0x01, 0x24, 0x80]);
const DELIMITER = Uint8Array.from([0x09, 0xf0]);
const FILLER = Uint8Array.from([0x0c, 0xff, 0xff, 0x80]);

const prefixed = (size: number, ...units: Uint8Array[]): Uint8Array =>
  Uint8Array.from(units.flatMap((unit) => [...new Array<number>(size - 1).fill(0), unit.length, ...unit]));

describe('avcC', () => {
  it('survives writing and reading', () => {
    const record = buildAvcC({ sps: [SPS], pps: [PPS, PPS] });
    expect(parseAvcC(record)).toEqual({ lengthSize: 4, sps: [SPS], pps: [PPS, PPS] });
    expect([...record.slice(-4)]).toEqual([0xfd, 0xf8, 0xf8, 0]);
  });

  it('names the highest level of its sets', () => {
    const higher = SPS.slice();
    higher[3] = 0x33;
    expect(buildAvcC({ sps: [SPS, higher], pps: [PPS] })[3]).toBe(0x33);
  });

  it('is null when cut short', () => {
    const record = buildAvcC({ sps: [SPS], pps: [PPS] });
    expect(parseAvcC(record.slice(0, 12))).toBeNull();
  });
});

describe('splitNalUnits', () => {
  it.each([1, 2, 4])('reads %i-byte lengths', (size) => {
    expect(splitNalUnits(prefixed(size, IDR, SLICE), size)).toEqual([IDR, SLICE]);
  });

  it('reads Annex B with start codes of three and four bytes', () => {
    const data = Uint8Array.from([0, 0, 0, 1, ...DELIMITER, 0, 0, 1, ...IDR, 0, 0, 0, 1, ...SLICE]);
    expect(splitNalUnits(data, null)).toEqual([DELIMITER, IDR, SLICE]);
  });

  it('is null when a length runs past the end or is 0', () => {
    expect(splitNalUnits(Uint8Array.from([0, 0, 0, 9, 0x65]), 4)).toBeNull();
    expect(splitNalUnits(Uint8Array.from([0, 0, 0, 1, 0x65, 0, 0, 0, 0]), 4)).toBeNull();
  });
});

describe('cleanAccessUnit', () => {
  it('keeps coded pictures and drops everything that could say more', () => {
    const clean = cleanAccessUnit([DELIMITER, SEI_USER_DATA, IDR, FILLER, SLICE], new Set());
    expect(splitNalUnits(clean.data, 4)).toEqual([IDR, SLICE]);
    expect(clean).toMatchObject({ access: 'clean', slices: 2, seiMessages: 1 });
  });

  it('tells an IDR from a recovery point from neither', () => {
    expect(cleanAccessUnit([SEI_RECOVERY, SLICE], new Set()).access).toBe('open');
    expect(cleanAccessUnit([SEI_LATE_RECOVERY, SLICE], new Set()).access).toBe('none');
    expect(cleanAccessUnit([SLICE], new Set()).access).toBe('none');
  });

  it('keeps parameter sets that change midway', () => {
    expect(splitNalUnits(cleanAccessUnit([SPS, PPS, IDR], new Set()).data, 4)).toHaveLength(3);
  });

  it('drops sets that the header has, until another takes their place: then each stays where it is', () => {
    const other = Uint8Array.from([...PPS.slice(0, -1), 0xe0]);
    const known = new Set([SPS, PPS].map(setKey));
    const kept = [
      [SPS, PPS, IDR],
      [other, SLICE],
      [PPS, SLICE],
    ].map((units) => splitNalUnits(cleanAccessUnit(units, known).data, 4));
    expect(kept).toEqual([[IDR], [other, SLICE], [PPS, SLICE]]);
  });
});

describe('parameter set ids', () => {
  it('reads them and finds free ones', () => {
    expect(readSps(SPS)).toMatchObject({ id: 0, chromaFormat: 1, lumaDepth: 8 });
    expect(freeParameterSetIds({ sps: [SPS], pps: [PPS] }, 2)).toEqual([30, 29]);
  });

  it('avoids an id that the source already uses', () => {
    // ue(30) is 000011111: an SPS of Baseline profile with id 30.
    const taken = Uint8Array.from([0x67, 0x42, 0x00, 0x1e, 0b00001111, 0b10010000]);
    expect(readSps(taken).id).toBe(30);
    expect(freeParameterSetIds({ sps: [taken], pps: [] }, 1)).toEqual([29]);
  });
});
