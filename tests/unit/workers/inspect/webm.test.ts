/** WebM clips: exactly the window passes, and whatever else a WebM file can hold is refused under its rule. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditRule } from '../../../../src/contracts/inspect-api.ts';
import { audit } from '../../../../workers/inspect/audit.ts';
import { bytes } from '../../../support/clip-writer.ts';
import {
  element,
  writeWebmClip,
  type WebmAdditions,
  type WebmBlock,
  type WebmTracks,
} from '../../../support/webm-clip-writer.ts';
import { make, verdict } from './families.ts';

const FROM = 2;
const TO = 4;

let folder: string;
let source: Blob;
let tracks: WebmTracks;
let frames: readonly WebmBlock[];
let sounds: readonly WebmBlock[];
let outside: WebmBlock;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-webm-'));
  const path = await make(folder, 'vp8.webm', [
    ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30', '-auto-alt-ref', '0'],
    ...['-c:a', 'libopus', '-frame_duration', '20'],
  ]);
  source = new Blob([await readFile(path)]);
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(source) });
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  if (video === null || audio === null) throw new Error('no tracks');
  const all = async (
    sink: EncodedPacketSink,
    track: number,
  ): Promise<readonly (WebmBlock & { duration: number })[]> => {
    const blocks: (WebmBlock & { duration: number })[] = [];
    for await (const { data, timestamp, type, duration } of sink.packets())
      blocks.push({ data, at: Math.round(timestamp * 1_000), key: type === 'key', track, duration: duration * 1_000 });
    return blocks;
  };
  const from = FROM * 1_000;
  const inWindow = ({ at }: WebmBlock): boolean => at >= from && at < TO * 1_000;
  const pictures = await all(new EncodedPacketSink(video), 1);
  // What players subtract from the sound's times: Opus coders need it to get going.
  const delay = 6.5;
  const packets = (await all(new EncodedPacketSink(audio), 2)).filter(
    ({ at, duration }) => at - delay >= from + 1 && at - delay + duration <= TO * 1_000 - 1,
  );
  outside = pictures[20] ?? { data: new Uint8Array(), at: 0 };
  frames = pictures.filter(inWindow).map((block) => ({ ...block, at: block.at - from }));
  sounds = packets.map((block) => ({ ...block, at: Math.round(block.at - delay - from) }));
  const description = (await audio.getDecoderConfig())?.description;
  if (description === undefined) throw new Error('no OpusHead');
  const head = ArrayBuffer.isView(description)
    ? Uint8Array.from(new Uint8Array(description.buffer, description.byteOffset, description.byteLength))
    : new Uint8Array(description.slice(0));
  tracks = { codec: 'V_VP8', opusHead: head };
  input.dispose();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const clip = (
  additions: WebmAdditions = {},
  blocks: readonly WebmBlock[] = [...frames, ...sounds],
): Uint8Array<ArrayBuffer> => writeWebmClip(tracks, blocks, additions);
const judge = (made: Uint8Array<ArrayBuffer>) => verdict(made, source, { from: FROM, to: TO, mute: false });

test('a clip of exactly the window passes, and the report accounts for every element', async () => {
  const made = clip();
  expect(await judge(made)).toEqual({ rule: 'passed', detail: '' });
  const result = await audit(made, source, { from: FROM, to: TO, mode: 'exact', mute: false });
  if (!result.ok) throw new Error(result.detail);
  const { value: report } = result;
  expect(report).toMatchObject({ container: 'webm', codecs: { video: 'vp8', audio: 'opus' } });
  expect(report.frames).toHaveLength(30);
  expect(report.frames.every(({ origin }) => origin === 'original')).toBe(true);
  expect(report.boxes.filter(({ path }) => !path.includes('/')).reduce((sum, each) => sum + each.bytes, 0)).toBe(
    made.length,
  );
  expect(report.boxes.filter(({ path }) => path === 'Segment/Cluster/SimpleBlock')).toHaveLength(30 + sounds.length);
  expect(report.boxes.every(({ meaning }) => meaning !== '')).toBe(true);
});

describe('sabotage', () => {
  const changed = (index: number, change: (block: WebmBlock) => WebmBlock): readonly WebmBlock[] =>
    [...frames, ...sounds].map((block, at) => (at === index ? change(block) : block));
  const cases: readonly (readonly [string, AuditRule, () => Uint8Array<ArrayBuffer>])[] = [
    ['unused space', 'unknown-box', () => clip({ segment: element(0xec, 'hidden') })],
    ['unused space between blocks', 'unknown-box', () => clip({ cluster: element(0xec, 'hidden') })],
    ['tags', 'unknown-box', () => clip({ segment: element(0x1254c367, element(0x7373, 'camera 7')) })],
    ['a place among the tags', 'location', () => clip({ segment: element(0x1254c367, '+37.3349-122.0090/') })],
    ['an attachment', 'unknown-box', () => clip({ segment: element(0x1941a469, 'notes.txt') })],
    ['a date', 'creation-time', () => clip({ info: element(0x4461, [1, 2, 3, 4, 5, 6, 7, 8]) })],
    ['a name of the track', 'unknown-box', () => clip({ track: element(0x536e, 'Porch') })],
    ['an element of no name', 'unknown-box', () => clip({ header: element(0x4abc, 'x') })],
    ['the name of a program', 'encoder-string', () => clip({ writingApp: 'Lavf59.27.100' })],
    ['the length of the recording', 'unaccounted-bytes', () => clip({ durationMs: 6_000 })],
    ['a segment of unknown size', 'not-a-clip', () => clip({ unknownSize: true })],
    ['bytes after the segment', 'unaccounted-bytes', () => clip({ trailing: bytes('x') })],
    ['settings that VP8 does not have', 'unaccounted-bytes', () => clip({ track: element(0x63a2, 'x') })],
    [
      'a block of a third track',
      'extra-track',
      () => clip({}, [...frames, ...sounds, { data: bytes('gps'), at: 5, track: 3 }]),
    ],
    [
      'a frame from outside',
      'sample-outside-window',
      () =>
        clip(
          {},
          changed(7, (block) => ({ ...block, data: outside.data })),
        ),
    ],
    ['a frame too many', 'sample-outside-window', () => clip({}, [...frames, { ...outside, at: 2_001 }, ...sounds])],
    ['a missing frame', 'frame-missing', () => clip({}, [...frames.slice(0, -1), ...sounds])],
    [
      'a frame at the wrong time',
      'wrong-timestamp',
      () =>
        clip(
          {},
          changed(7, (block) => ({ ...block, at: block.at + 15 })),
        ),
    ],
    [
      'a frame that nobody sees',
      'frame-extra',
      () =>
        clip(
          {},
          changed(7, (block) => ({
            ...block,
            data: Uint8Array.from(block.data, (byte, at) => (at === 0 ? byte & ~16 : byte)),
          })),
        ),
    ],
    [
      'changed sound',
      'sample-outside-window',
      () =>
        clip(
          {},
          changed(40, (block) => ({ ...block, data: bytes(block.data, [1]) })),
        ),
    ],
    ['missing sound', 'frame-missing', () => clip({}, [...frames, ...sounds.filter((_, index) => index !== 9)])],
    [
      'sound out of step',
      'wrong-timestamp',
      () => clip({}, [...frames, ...sounds.map((block) => ({ ...block, at: block.at + 30 }))]),
    ],
  ];
  test.each(cases)('%s is refused as %s', async (_, rule, makeClip) => {
    expect((await judge(makeClip())).rule).toBe(rule);
  });
});
