/** Another parameter-set id for whole streams: bits behind the id stay as they were, and native ffmpeg decodes the same pictures. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { nativeTool } from '../../../../tools/find-native.ts';
import { splitNalUnits } from '../../../../workers/trim/nal-units.ts';
import { codesWholeFrames, withSourceSignal } from '../../../../workers/trim/h264-signal.ts';
import {
  withEmulationPrevention,
  withoutEmulationPrevention,
  withParameterSetId,
} from '../../../../workers/trim/parameter-set-ids.ts';

const folder = mkdtempSync(join(tmpdir(), 'porchlight-ids-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const id = fc.integer({ min: 15, max: 30 });
/** Raw payloads rich in what emulation prevention is about: they end in a stop bit and perhaps in cabac_zero_words. */
const payload = fc
  .tuple(fc.array(fc.oneof(fc.constant(0), fc.nat(7), fc.nat(255)), { maxLength: 60 }), fc.nat(2))
  .map(([bytes, zeroWords]) => Uint8Array.of(...bytes, 0x80, ...Array<number>(zeroWords * 2).fill(0)));

const bitsOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
const bytesOf = (bits: string): Uint8Array =>
  Uint8Array.from(
    (bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)),
  );
const golomb = (value: number): string => {
  const code = (value + 1).toString(2);
  return '0'.repeat(code.length - 1) + code;
};

describe('emulation prevention', () => {
  it('is undone exactly, and leaves no start code and no zero at the end', () => {
    fc.assert(
      fc.property(payload, (raw) => {
        const escaped = withEmulationPrevention(raw);
        expect(withoutEmulationPrevention(escaped)).toEqual(raw);
        expect(bitsOf(escaped).match(/^(?:.{8})*?0{16}000000(?:00|01|10)/)).toBeNull();
        expect(escaped.at(-1)).not.toBe(0);
      }),
    );
  });
});

describe('withParameterSetId', () => {
  it('inserts eight bits into a slice header and changes nothing else', () => {
    fc.assert(
      fc.property(fc.nat(8000), fc.nat(9), payload, id, (firstMacroblock, sliceType, rest, setId) => {
        const before = golomb(firstMacroblock) + golomb(sliceType);
        const behind = `${bitsOf(rest)}1`;
        const unit = Uint8Array.of(0x65, ...withEmulationPrevention(bytesOf(`${before}1${behind}`)));
        const rewritten = withParameterSetId(unit, setId);
        const bits = bitsOf(withoutEmulationPrevention(rewritten?.subarray(1) ?? new Uint8Array()));
        const expected = before + golomb(setId) + behind;
        expect(rewritten?.[0]).toBe(0x65);
        expect(bits.slice(0, expected.length)).toBe(expected);
        expect(bits.slice(expected.length)).toMatch(/^0*$/);
        expect(bits.length).toBe(Math.ceil(expected.length / 8) * 8);
      }),
    );
  });

  it('gives a picture parameter set both ids', () => {
    fc.assert(
      fc.property(payload, id, (rest, setId) => {
        const unit = Uint8Array.of(0x68, ...withEmulationPrevention(bytesOf(`11${bitsOf(rest)}1`)));
        const rewritten = withParameterSetId(unit, setId);
        const bits = bitsOf(withoutEmulationPrevention(rewritten?.subarray(1) ?? new Uint8Array()));
        expect(bits.startsWith(golomb(setId) + golomb(setId) + bitsOf(rest))).toBe(true);
      }),
    );
  });

  it('leaves alone what does not use id 0, is cut short, or is no slice or set', () => {
    const slice = (pps: number): Uint8Array =>
      Uint8Array.of(0x41, ...bytesOf(`${golomb(0)}${golomb(5)}${golomb(pps)}1111`));
    expect(withParameterSetId(slice(0), 15)).not.toBeNull();
    expect(withParameterSetId(slice(1), 15)).toBeNull();
    expect(withParameterSetId(Uint8Array.of(0x41), 15)).toBeNull();
    expect(withParameterSetId(Uint8Array.of(0x67, 66, 0, 30), 15)).toBeNull();
    expect(withParameterSetId(Uint8Array.of(0x68, 0b1010_0000), 15)).toBeNull();
    expect(withParameterSetId(Uint8Array.of(0x06, 5, 1, 1), 15)).toBeNull();
    expect(withParameterSetId(Uint8Array.of(0x42, 0xff, 0xff), 15)).toBeNull();
  });

  it('knows no ids but those that are nine bits long', () => {
    expect(() => withParameterSetId(Uint8Array.of(0x68, 0xff), 14)).toThrow(RangeError);
    expect(() => withParameterSetId(Uint8Array.of(0x68, 0xff), 31)).toThrow(RangeError);
  });
});

const ffmpeg = (...args: string[]): Buffer =>
  execFileSync(nativeTool('ffmpeg'), ['-v', 'error', '-y', ...args], { maxBuffer: 1 << 28 });

const encode = (name: string, ...args: string[]): Uint8Array[] => {
  const path = join(folder, `${name}.h264`);
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=352x288:rate=25:duration=1',
    '-pix_fmt',
    'yuv420p',
    '-c:v',
    'libx264',
    ...args,
    path,
  );
  return splitNalUnits(readFileSync(path), null) ?? [];
};

const pictures = (name: string, units: readonly Uint8Array[]): string => {
  const path = join(folder, `${name}.h264`);
  writeFileSync(path, Buffer.concat(units.flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit])));
  return ffmpeg('-i', path, '-f', 'framemd5', '-')
    .toString()
    .replaceAll(/^#.*\n/gm, '');
};

const isCoded = (unit: Uint8Array): boolean => [1, 5, 7, 8].includes((unit[0] ?? 0) & 0x1f);

describe('whole streams, judged by native ffmpeg', () => {
  it.each([
    ['cavlc', ['-profile:v', 'baseline', '-slices', '3']],
    ['cabac', ['-profile:v', 'high', '-bf', '2', '-g', '10']],
    ['interlaced', ['-profile:v', 'main', '-flags', '+ildct+ilme', '-x264-params', 'tff=1']],
    ['lossy to the last bit', ['-qp', '1', '-slices', '2']],
  ])('%s', (name, args) => {
    const units = encode(name, ...args).filter(isCoded);
    const rewritten = units.map((unit) => withParameterSetId(unit, 29) ?? new Uint8Array());
    const before = pictures(name, units);
    expect(before.split('\n').length).toBeGreaterThan(20);
    expect(pictures(`${name}-29`, rewritten)).toBe(before);
    expect(rewritten.map((unit) => unit.length > 0)).not.toContain(false);
  });
});

describe('withSourceSignal', () => {
  const spsOf = (units: readonly Uint8Array[]): Uint8Array =>
    units.find((unit) => ((unit[0] ?? 0) & 0x1f) === 7) ?? new Uint8Array();
  const probe = (name: string): string =>
    execFileSync(nativeTool('ffprobe'), [
      ...['-v', 'error', '-of', 'csv=p=0', '-show_entries'],
      'stream=width,height,sample_aspect_ratio,color_range,color_space,color_transfer,color_primaries,chroma_location,has_b_frames',
      join(folder, `${name}.h264`),
    ]).toString();

  const CAMERA = ['-vf', 'setsar=40/33', '-color_range', 'pc', '-colorspace', 'bt470bg', '-color_primaries', 'bt709'];

  it.each([
    ['plain', []],
    ['coloured', [...CAMERA, '-color_trc', 'smpte170m', '-chroma_sample_location', 'topleft']],
    ['of odd shape', ['-vf', 'setsar=1234/1001']],
    ['with scaling lists', [...CAMERA, '-x264-params', 'cqm=jvt']],
  ])('shape and colour of a camera’s set %s, pictures unchanged', (name, args) => {
    const camera = encode(`camera ${name}`, '-bf', '0', ...args);
    const encoder = encode(`encoder ${name}`, '-bf', '0', '-profile:v', 'high', '-vf', 'setsar=2/1').filter(isCoded);
    const carried = withSourceSignal(spsOf(encoder), spsOf(camera)) ?? new Uint8Array();
    const before = pictures(`encoder ${name}`, encoder);
    const after = pictures(
      `carried ${name}`,
      encoder.map((unit) => (unit === spsOf(encoder) ? carried : unit)),
    );
    expect(after).toBe(before);
    expect(probe(`carried ${name}`)).toBe(probe(`camera ${name}`));
  });

  it.each([
    ['3 reordered pictures', ['-bf', '3', '-x264-params', 'b-pyramid=2'], '2'],
    ['1 reordered picture', ['-bf', '1'], '1'],
    [
      'a buffer model before it',
      ['-bf', '2', '-b:v', '1M', '-x264-params', 'nal-hrd=vbr:vbv-maxrate=1500:vbv-bufsize=1500'],
      '2',
    ],
    ['no reordering at all', ['-bf', '0'], '0'],
  ])('declares the camera’s depth of reordering: %s', (name, args, depth) => {
    const camera = encode(`deep ${name}`, ...args);
    const encoder = encode('shallow', '-bf', '0', '-profile:v', 'high').filter(isCoded);
    const carried = withSourceSignal(spsOf(encoder), spsOf(camera)) ?? new Uint8Array();
    pictures(
      `deep carried ${name}`,
      encoder.map((unit) => (unit === spsOf(encoder) ? carried : unit)),
    );
    expect(probe(`deep carried ${name}`).split(',')[2]).toBe(depth);
  });

  it('knows sets that allow fields, and trusts none that is cut short', () => {
    const progressive = spsOf(encode('progressive'));
    expect(codesWholeFrames(progressive)).toBe(true);
    expect(codesWholeFrames(spsOf(encode('fields', '-flags', '+ildct+ilme', '-x264-params', 'tff=1')))).toBe(false);
    expect(codesWholeFrames(progressive.subarray(0, 6))).toBe(false);
    expect(withSourceSignal(progressive, progressive.subarray(0, 6))).toBeNull();
  });
});
