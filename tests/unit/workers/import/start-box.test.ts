/** ONVIF's start time, written into real MP4 files by the test: at the file's own `meta` box, in a signed export, for one track of two. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decideTime } from '../../../../src/core/camera-clocks.ts';
import { probe } from '../../../../workers/import/probe.ts';
import { makeFilm } from './films.ts';

let folder: string;
let film: Uint8Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-start-box-'));
  const made = await makeFilm(folder, 'onvif.mp4', ['-c:v', 'libx264', '-bf', '0', '-c:a', 'aac']);
  film = new Uint8Array(await made.arrayBuffer());
}, 30_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const START = Date.parse('2026-05-11T21:00:00.123Z');

const box = (type: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, length);
  bytes.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** 100 ns since 1601-01-01, by the calendar and not by the reader's own constant. */
const ticks = (ms: number): bigint => (BigInt(ms) - BigInt(Date.UTC(1601, 0, 1))) * 10_000n;

const cstb = (...entries: readonly (readonly [track: number, at: number])[]): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(4 + entries.length * 12));
  bytes.setUint32(0, entries.length);
  for (const [index, [track, at]] of entries.entries()) {
    bytes.setUint32(4 + index * 12, track);
    bytes.setBigUint64(8 + index * 12, ticks(at));
  }
  return box('cstb', new Uint8Array(bytes.buffer));
};

const zeros = (length: number): Uint8Array => new Uint8Array(length);
const hdlr = box('hdlr', zeros(25));
const meta = (...inside: readonly Uint8Array[]): Uint8Array => box('meta', zeros(4), hdlr, ...inside);

const startOf = async (extra: Uint8Array<ArrayBufferLike>, relativePath = 'export.mp4') => {
  const result = await probe(new Blob([film.slice(), extra.slice()]), {
    ...{ relativePath, lastModified: 0, zone: 'America/Los_Angeles', thumbnail: false },
  });
  if (!result.ok) throw new Error(result.detail);
  return decideTime(result.value.candidates, result.value.durationMs);
};

it('is the start, beyond doubt', async () => {
  expect(await startOf(meta(cstb([1, START])))).toMatchObject({
    startMs: START,
    confidence: 'accepted',
    source: 'start-box',
  });
});

it('outranks a name in camera time', async () => {
  expect(await startOf(meta(cstb([1, START])), 'RecM02_20260511_120000_120002_0_1.mp4')).toMatchObject({
    startMs: START,
    source: 'start-box',
  });
});

it('is found in the protection scheme of a signed export', async () => {
  const ipro = box('ipro', zeros(4), Uint8Array.of(0, 1), box('sinf', box('schm', zeros(12)), cstb([1, START])));
  expect((await startOf(meta(ipro))).startMs).toBe(START);
});

it('is found in a meta box without version and flags', async () => {
  expect((await startOf(box('meta', hdlr, cstb([1, START])))).startMs).toBe(START);
});

it("takes the video's entry of several, and the first where the video has none", async () => {
  expect((await startOf(meta(cstb([2, START + 40], [1, START])))).startMs).toBe(START);
  expect((await startOf(meta(cstb([7, START])))).startMs).toBe(START);
});

it.each([
  ['no entries', cstb()],
  ['a count of entries that are not there', box('cstb', Uint8Array.of(0, 0, 0, 9))],
  ['a clock at 1601', box('cstb', Uint8Array.of(0, 0, 0, 1), zeros(12))],
])('says nothing with %s', async (_, bytes) => {
  expect(await startOf(meta(bytes))).toMatchObject({ startMs: null, source: null });
});
