/** Every kind of sound: the window's passes, byte for byte or sample for sample, and anything else is refused under its rule. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditRule } from '../../../../src/contracts/inspect-api.ts';
import { esds, soundEntry, visualEntry } from '../../../support/clip-entries.ts';
import { box, bytes, mp4a, writeClip, type WrittenTrack } from '../../../support/clip-writer.ts';
import { boxOf, make, probeFile, trackOf, verdict, type Made, type ProbedPacket } from './families.ts';

const FROM = 2;
const TO = 4;
const PICTURE = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-bf',
  '0',
  '-g',
  '30',
  '-pix_fmt',
  'yuv420p',
  '-ar',
  '48000',
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-sounds-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const source = async (name: string, ...options: readonly string[]): Promise<Made> =>
  probeFile(await make(folder, name, [...PICTURE, ...options]));

/** The picture of the window, its messages taken off. */
const pictures = (made: Made): WrittenTrack =>
  trackOf(
    'vide',
    made.videoScale,
    visualEntry('avc1', box('avcC', boxOf(made.bytes, 'avcC'))),
    made.video.filter(({ seconds }) => seconds >= FROM - 1e-6 && seconds < TO - 1e-6),
    (data) => {
      const kept: Uint8Array[] = [];
      for (let at = 0; at + 4 <= data.length;) {
        const end = at + 4 + new DataView(data.buffer, data.byteOffset).getUint32(at);
        if (((data[at + 4] ?? 0) & 31) !== 6) kept.push(data.subarray(at, end));
        at = end;
      }
      return bytes(...kept);
    },
  );

const wholePackets = ({ audio, audioScale }: Made, from = FROM, to = TO): readonly ProbedPacket[] =>
  audio.filter(({ seconds, duration }) => seconds >= from && seconds + duration / audioScale <= to);

/** The clip of the window with `packets` as its sound; `late` moves it against the picture, in seconds. */
const clipWith = (
  made: Made,
  entry: Uint8Array,
  packets: readonly ProbedPacket[],
  late = 0,
): Uint8Array<ArrayBuffer> => {
  const video = pictures(made);
  const sound = trackOf('soun', made.audioScale, entry, packets);
  const delay = Math.round(((packets[0]?.seconds ?? FROM) - FROM + late) * video.timescale);
  return writeClip([video, { ...sound, delay }]);
};

const packetCases = async (
  made: Made,
  entry: Uint8Array,
  wrongEntry: Uint8Array,
  wrongRule: AuditRule,
): Promise<void> => {
  const packets = wholePackets(made);
  const rule = async (clip: Uint8Array<ArrayBuffer>): Promise<unknown> =>
    (await verdict(clip, made.blob, { from: FROM, to: TO, mute: false })).rule;
  const good = clipWith(made, entry, packets);
  expect(await verdict(good, made.blob, { from: FROM, to: TO, mute: false })).toEqual({ rule: 'passed', detail: '' });
  const altered = packets.map((packet, index) =>
    index === 7
      ? { ...packet, data: packet.data.map((byte, at) => (at === packet.data.length >> 1 ? byte ^ 1 : byte)) }
      : packet,
  );
  expect(await rule(clipWith(made, entry, altered)), 'a changed byte').toBe('sample-outside-window');
  expect(await rule(clipWith(made, entry, wholePackets(made, FROM - 0.2))), 'sound from before').toBe(
    'sample-outside-window',
  );
  expect(await rule(clipWith(made, entry, wholePackets(made, FROM, TO + 0.2))), 'sound from after').toBe(
    'sample-outside-window',
  );
  expect(await rule(clipWith(made, entry, packets.toSpliced(9, 1))), 'missing sound').toBe('frame-missing');
  expect(await rule(clipWith(made, entry, packets, 0.05)), 'sound out of step').toBe('wrong-timestamp');
  expect(await rule(clipWith(made, wrongEntry, packets)), 'wrong settings').toBe(wrongRule);
};

describe('packets kept as they are', () => {
  test('MP3', async () => {
    const made = await source('mp3.mp4', '-c:a', 'libmp3lame', '-write_xing', '0');
    const packets = { ...made, audio: made.audio.map((packet) => ({ ...packet, data: withoutLame(packet.data) })) };
    const entry = (object: Uint8Array): Uint8Array => soundEntry('mp4a', 1, 16, 48_000, object);
    await packetCases(
      packets,
      entry(esds(0x6b, 0x15)),
      entry(esds(0x6b, 0x15, [0, 0, 0, 0, 1, 0xf4, 0, 0, 1, 0xf4, 0])),
      'unaccounted-bytes',
    );
  });

  /** The name stands at whole bytes in what the coder makes of a tone. */
  const withoutLame = (data: Uint8Array): Uint8Array => {
    const at = Buffer.from(data.buffer, data.byteOffset, data.length).indexOf('LAME3');
    return at < 0 ? data : data.map((byte, index) => (index >= at && index < at + 4 ? 0 : byte));
  };

  test('Opus', async () => {
    const made = await source('opus.mp4', '-c:a', 'libopus');
    const dOps = boxOf(made.bytes, 'dOps');
    const entry = (box_: Uint8Array): Uint8Array => soundEntry('Opus', dOps[1] ?? 1, 16, 48_000, box('dOps', box_));
    await packetCases(made, entry(dOps), entry(dOps.map((byte, at) => (at === 8 ? 3 : byte))), 'unaccounted-bytes');
  });

  test('AC-3', async () => {
    const made = await source('ac3.mp4', '-c:a', 'ac3');
    const dac3 = boxOf(made.bytes, 'dac3');
    const entry = (box_: Uint8Array): Uint8Array => soundEntry('ac-3', 1, 16, 48_000, box('dac3', box_));
    await packetCases(
      made,
      entry(dac3),
      entry(dac3.map((byte, at) => (at === 2 ? byte | 1 : byte))),
      'unaccounted-bytes',
    );
  });

  test('FLAC: neither the length nor the sum of the whole recording', async () => {
    const made = await source('flac.mp4', '-c:a', 'flac', '-strict', '-2');
    const dfLa = boxOf(made.bytes, 'dfLa');
    const blank = dfLa.map((byte, at) => (at === 21 ? byte & 0xf0 : at > 21 ? 0 : byte));
    const entry = (box_: Uint8Array): Uint8Array => soundEntry('fLaC', 1, 16, 48_000, box('dfLa', box_));
    await packetCases(
      made,
      entry(blank),
      entry(dfLa.map((byte, at) => (at === 25 ? byte | 1 : byte))),
      'unaccounted-bytes',
    );
  });
});

describe('plain samples', () => {
  /** A track of samples of `size` bytes each, in packets of a tenth of a second. */
  const samplesOf = (
    made: Made,
    size: number,
    from: number,
    to: number,
    change: (run: Uint8Array) => Uint8Array = (run) => run,
  ): readonly ProbedPacket[] => {
    const whole = change(bytes(...made.audio.map(({ data }) => data)).subarray(from * size, to * size));
    const step = Math.round(made.audioScale / 10);
    return Array.from({ length: Math.ceil(whole.length / size / step) }, (_, index) => {
      const data = whole.subarray(index * step * size, (index + 1) * step * size);
      return {
        pts: from + index * step,
        duration: data.length / size,
        seconds: (from + index * step) / made.audioScale,
        key: true,
        data,
      };
    });
  };

  test.each([
    ['16 bit, low byte first', 'pcm_s16le', 'sowt', 2, 48_000, 'twos'],
    ['16 bit, high byte first', 'pcm_s16be', 'twos', 2, 48_000, 'sowt'],
    ['A-law', 'pcm_alaw', 'alaw', 1, 8_000, 'ulaw'],
    ['µ-law', 'pcm_mulaw', 'ulaw', 1, 8_000, 'alaw'],
  ])('%s: to the sample, however packed', async (_, coder, type, size, rate, other) => {
    // A window that begins and ends inside the recording's own packets.
    const made = await source(`${coder}.mov`, '-c:a', coder, '-ar', String(rate));
    const [first, last] = [FROM * rate, TO * rate];
    const entry = (name: string): Uint8Array => soundEntry(name, 1, 16, rate);
    const rule = async (packets: readonly ProbedPacket[], name = type, late = 0): Promise<unknown> =>
      (await verdict(clipWith(made, entry(name), packets, late), made.blob, { from: FROM, to: TO, mute: false })).rule;
    expect(
      await verdict(clipWith(made, entry(type), samplesOf(made, size, first, last)), made.blob, {
        from: FROM,
        to: TO,
        mute: false,
      }),
    ).toEqual({ rule: 'passed', detail: '' });
    expect(await rule(samplesOf(made, size, first - 1, last)), 'a sample from before').toBe('sample-outside-window');
    expect(await rule(samplesOf(made, size, first, last + 1)), 'a sample from after').toBe('sample-outside-window');
    expect(await rule(samplesOf(made, size, first + 10, last)), 'ten samples fewer at the beginning').toBe(
      'frame-missing',
    );
    expect(await rule(samplesOf(made, size, first, last - 10)), 'ten samples fewer at the end').toBe('frame-missing');
    const flipped = (run: Uint8Array): Uint8Array => run.map((byte, at) => (at === run.length >> 1 ? byte ^ 1 : byte));
    expect(await rule(samplesOf(made, size, first, last, flipped)), 'a changed sample').toBe('sample-outside-window');
    expect(await rule(samplesOf(made, size, first, last), other), 'another coding').toBe('unaccounted-bytes');
    // A tone repeats itself, so that its samples may agree somewhere else: then there are too many or too few of them.
    expect(await rule(samplesOf(made, size, first, last), type, 0.05), 'out of step').not.toBe('passed');
  });
});

describe('sound encoded anew', () => {
  test('only where clips cannot hold the recording’s own, inside the window, and as long as it', async () => {
    const foreign = await source('adpcm.mov', '-c:a', 'adpcm_ms');
    const aac = await source('aac.mp4', '-c:a', 'aac', '-flags:a', '+bitexact');
    const specific = new Uint8Array([0x11, 0x88]);
    const entry = mp4a(1, 48_000, specific);
    const packets = wholePackets(aac);
    const rule = async (of: Made, list: readonly ProbedPacket[]): Promise<unknown> =>
      (
        await verdict(clipWith({ ...of, audioScale: aac.audioScale }, entry, list), of.blob, {
          from: FROM,
          to: TO,
          mute: false,
        })
      ).rule;
    expect(await rule(foreign, packets)).toBe('passed');
    expect(await rule(foreign, wholePackets(aac, FROM - 0.1)), 'before the window').toBe('sample-outside-window');
    expect(await rule(foreign, wholePackets(aac, FROM, TO + 0.1)), 'behind the window').toBe('sample-outside-window');
    expect(await rule(foreign, wholePackets(aac, FROM, TO - 0.5)), 'too short').toBe('frame-missing');
    expect(await rule(await source('kept.mp4', '-c:a', 'libmp3lame'), packets), 'MP3 could have stayed').toBe(
      'altered-frame',
    );
  });
});
