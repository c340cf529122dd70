/** Headers of coded sound made by native ffmpeg or by hand from their specifications. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeTool } from '../../../../tools/find-native.ts';
import {
  amrFrames,
  flacSamples,
  opusSamples,
  readAc3Header,
  readEac3Frames,
  readMpegAudioHeader,
} from '../../../../workers/trim/audio-headers.ts';
import { run } from '../../../support/run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-headers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A second of a tone as a bare stream of the codec. */
const stream = async (name: string, ...args: readonly string[]): Promise<Uint8Array> => {
  const path = join(folder, name);
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '1'],
    ...[...args, path],
  ]);
  return new Uint8Array(await readFile(path));
};

describe('MPEG audio', () => {
  it.each([
    [44_100, 2, 1152],
    [24_000, 1, 576],
    [11_025, 1, 576],
  ])('reads the layer III frames that LAME makes at %d Hz', async (sampleRate, channels, samples) => {
    const bytes = await stream(
      'a.mp3',
      '-c:a',
      'libmp3lame',
      '-ar',
      `${sampleRate}`,
      '-ac',
      `${channels}`,
      '-id3v2_version',
      '0',
    );
    expect(readMpegAudioHeader(bytes)).toEqual({ layer: 3, sampleRate, channels, samples });
  });

  it('tells layer II, and what is no frame', async () => {
    expect(readMpegAudioHeader(await stream('a.mp2', '-c:a', 'mp2'))).toMatchObject({ layer: 2, samples: 1152 });
    expect(readMpegAudioHeader(Uint8Array.from([0xff, 0xe9, 0x10, 0]))).toBeNull();
    expect(readMpegAudioHeader(Uint8Array.from([0x21, 0x1b, 0x80, 0x4c]))).toBeNull();
    expect(readMpegAudioHeader(new Uint8Array())).toBeNull();
  });
});

describe('AC-3 and E-AC-3', () => {
  it.each([
    ['mono', 1],
    ['stereo', 2],
    ['5.1', 6],
  ])('reads %s', async (layout, channels) => {
    const filter = ['-af', `aformat=channel_layouts=${layout}`];
    expect(readAc3Header(await stream('a.ac3', ...filter, '-c:a', 'ac3'))).toMatchObject({
      ...{ channels, sampleRate: 48_000, samples: 1536, bsid: 8, lfeon: channels === 6 ? 1 : 0 },
    });
    const frames = readEac3Frames(await stream('a.eac3', ...filter, '-c:a', 'eac3'));
    expect(frames.length).toBeGreaterThan(30);
    expect(frames[0]).toMatchObject({ streamType: 0, channels, sampleRate: 48_000, samples: 1536, bsid: 16 });
  });

  it('does not take the one for the other', async () => {
    expect(readAc3Header(await stream('b.eac3', '-c:a', 'eac3'))).toBeNull();
    expect(readEac3Frames(await stream('b.ac3', '-c:a', 'ac3'))).toEqual([]);
  });
});

describe('lengths', () => {
  it('of Opus packets: frame size by configuration, count by code (RFC 6716 §3.1)', () => {
    expect(opusSamples(Uint8Array.from([0x00]))).toBe(480);
    expect(opusSamples(Uint8Array.from([3 << 3]))).toBe(2880);
    expect(opusSamples(Uint8Array.from([(13 << 3) | 1]))).toBe(1920);
    expect(opusSamples(Uint8Array.from([16 << 3]))).toBe(120);
    expect(opusSamples(Uint8Array.from([(31 << 3) | 3, 3]))).toBe(2880);
    expect(opusSamples(Uint8Array.from([(31 << 3) | 3, 0]))).toBeNull();
    expect(opusSamples(Uint8Array.from([(3 << 3) | 3, 3]))).toBeNull();
    expect(opusSamples(new Uint8Array())).toBeNull();
  });

  it('of FLAC frames, also where the header spells them out (RFC 9639 §9.1)', () => {
    expect(flacSamples(Uint8Array.from([0xff, 0xf8, 0xc9, 0x18, 0x00, 0xc2]))).toBe(4096);
    expect(flacSamples(Uint8Array.from([0xff, 0xf8, 0x29, 0x18, 0x00, 0xc2]))).toBe(576);
    expect(flacSamples(Uint8Array.from([0xff, 0xf8, 0x19, 0x18, 0x00, 0xc2]))).toBe(192);
    expect(flacSamples(Uint8Array.from([0xff, 0xf8, 0x69, 0x18, 0x05, 0x63, 0x00]))).toBe(100);
    expect(flacSamples(Uint8Array.from([0xff, 0xf8, 0x79, 0x18, 0xc3, 0x80, 0x05, 0xff, 0x00]))).toBe(1536);
    expect(flacSamples(Uint8Array.from([0x66, 0x4c, 0x61, 0x43, 0x80, 0x00]))).toBeNull();
  });

  it('of AMR packets: so many frames of 20 ms', () => {
    const frame = (type: number, bytes: number): number[] => [(type << 3) | 4, ...Array<number>(bytes).fill(0)];
    expect(amrFrames(Uint8Array.from(frame(7, 31)), 'amr-nb')).toBe(1);
    expect(amrFrames(Uint8Array.from([...frame(0, 12), ...frame(15, 0), ...frame(8, 5)]), 'amr-nb')).toBe(3);
    expect(amrFrames(Uint8Array.from([...frame(8, 60), ...frame(9, 5)]), 'amr-wb')).toBe(2);
  });
});
