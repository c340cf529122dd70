/** A recording that is still being written is known by what its writer has not added yet; finished ones are never taken for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probe } from '../../../../workers/import/probe.ts';
import { makeFilm } from './films.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-open-end-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const openEndOf = async (film: Blob): Promise<boolean> => {
  const result = await probe(film, { relativePath: 'clip', lastModified: 0, zone: 'UTC', thumbnail: false });
  if (!result.ok) throw new Error(result.detail);
  return result.value.openEnd ?? false;
};

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12', '-c:a', 'aac'];
const FRAGMENTS = [...H264, '-movflags', 'frag_keyframe+empty_moov'];

/** The file as it is before its last box of a type is written. */
const before = async (film: Blob, mark: string): Promise<Blob> => {
  const bytes = Buffer.from(await film.arrayBuffer());
  return new Blob([bytes.subarray(0, bytes.lastIndexOf(mark) - 4)]);
};

it.each<[string, string[]]>([
  ['plain.mp4', H264],
  ['fragments.mp4', FRAGMENTS],
  ['plain.mkv', H264],
  ['plain.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus']],
  ['plain.avi', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le']],
  ['plain.ts', H264],
  ['plain.flv', H264],
])('%s is whole', { timeout: 30_000 }, async (name, options) => {
  expect(await openEndOf(await makeFilm(folder, name, options))).toBe(false);
});

it('fragments without the index that ends them', { timeout: 30_000 }, async () => {
  const film = await makeFilm(folder, 'growing.mp4', FRAGMENTS);
  expect(await openEndOf(await before(film, 'mfra'))).toBe(true);
  expect(await openEndOf(await before(await before(film, 'mfra'), 'moof'))).toBe(true);
});

it('a Matroska segment of unknown size', { timeout: 30_000 }, async () => {
  expect(await openEndOf(await makeFilm(folder, 'growing.mkv', [...H264, '-live', '1']))).toBe(true);
});
