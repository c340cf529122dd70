/** The import engine on every container a camera writes, made by native ffmpeg: times and sizes as ffprobe has them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeRefusal } from '../../../../src/contracts/import-api.ts';
import type { ContainerKind } from '../../../../src/contracts/library.ts';
import { probe } from '../../../../workers/import/probe.ts';
import { makeFilm, shownBy } from './films.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-containers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const request = { relativePath: 'clip', lastModified: 0, zone: 'America/Los_Angeles', thumbnail: false };
const probed = async (film: Blob, change: Partial<typeof request> = {}) => {
  const result = await probe(film, { ...request, ...change });
  if (!result.ok) throw new Error(result.detail);
  return result.value;
};

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'main', '-bf', '2', '-c:a', 'aac'];

describe('what a film is', () => {
  it.each<[string, ContainerKind, string | RegExp, string | null, string[]]>([
    ['h264.avi', 'avi', /^avc1\./, 'mp3', ['-c:v', 'libx264', '-bf', '0', '-c:a', 'libmp3lame']],
    ['mjpeg.avi', 'avi', 'mjpeg', 'pcm', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le']],
    ['xvid.avi', 'avi', 'mpeg4', 'ac-3', ['-c:v', 'mpeg4', '-vtag', 'XVID', '-c:a', 'ac3']],
    ['msmpeg4.avi', 'avi', 'msmpeg4', 'ulaw', ['-c:v', 'msmpeg4', '-c:a', 'pcm_mulaw']],
    ['silent.avi', 'avi', 'mjpeg', null, ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-an']],
    ['h264.flv', 'flv', /^avc1\./, 'mp4a.40.2', H264],
    ['sorenson.flv', 'flv', 'h263', 'mp3', ['-c:v', 'flv1', '-c:a', 'libmp3lame']],
    ['silent.flv', 'flv', /^avc1\./, null, ['-c:v', 'libx264', '-an']],
    ['mpeg2.mpg', 'mpeg-ps', 'mpeg2', 'mp3', ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2', '-f', 'vob']],
    ['mpeg1.mpg', 'mpeg-ps', 'mpeg1', 'mp3', ['-c:v', 'mpeg1video', '-c:a', 'mp2', '-f', 'mpeg']],
    ['h264.mpg', 'mpeg-ps', /^avc1\.4d/, 'mp3', [...H264, '-c:a', 'mp2', '-f', 'vob']],
    ['h264.ts', 'mpeg-ts', /^avc1\.4d/, 'mp4a.40.2', H264],
    ['mpeg2.ts', 'mpeg-ts', 'mpeg2', 'mp3', ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2']],
    ['late.ts', 'mpeg-ts', 'mpeg2', 'mp3', ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-output_ts_offset', '5000']],
    ['bluray.m2ts', 'mpeg-ts', 'mpeg2', 'ac-3', ['-c:v', 'mpeg2video', '-c:a', 'ac3', '-mpegts_m2ts_mode', '1']],
    ['h264.mkv', 'matroska', /^avc1\./, 'mp4a.40.2', H264],
    ['mjpeg.mkv', 'matroska', 'mjpeg', 'mp4a.40.2', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'aac']],
    ['mpeg4.3gp', 'mp4', 'mpeg4', null, ['-c:v', 'mpeg4', '-an']],
    ['h263.3gp', 'mp4', 'h263', null, ['-c:v', 'h263', '-an']],
    ['fragmented.mp4', 'mp4', /^avc1\./, 'mp4a.40.2', [...H264, '-movflags', 'frag_keyframe+empty_moov']],
  ])('%s', { timeout: 30_000 }, async (name, container, codec, sound, options) => {
    const film = await makeFilm(folder, name, options);
    const shown = await shownBy(folder, name);
    const found = await probed(film);
    expect(found).toMatchObject({ container, video: { width: shown.width, height: shown.height } });
    expect(found.video.codec).toMatch(codec);
    expect(found.audio?.codec ?? null).toEqual(sound);
    expect(found.firstFrameAt).toBeCloseTo(shown.first, 2);
    expect(found.firstFrameAt + found.durationMs / 1_000).toBeCloseTo(shown.end, 1);
    expect(found.copy.size).toBe(film.size);
    expect(found.bytes).toBe(film.size);
  });

  it('reads the same from a file too large for memory', { timeout: 60_000 }, async () => {
    const film = await makeFilm(folder, 'large.ts', H264);
    const small = await probed(film);
    // Null packets (§2.4.3.3) as padding: the same stream, but over the bound.
    const padding = new Uint8Array(188 * 1_000);
    for (let at = 0; at < padding.length; at += 188) padding.set([0x47, 0x1f, 0xff, 0x10], at);
    const head = film.slice(0, 188 * 200);
    const large = await probed(new Blob([head, ...Array.from({ length: 190 }, () => padding), film.slice(188 * 200)]));
    expect(large.bytes).toBeGreaterThan(32 * 1024 * 1024);
    expect({ ...large, sha256: '', bytes: 0, copy: null }).toEqual({ ...small, sha256: '', bytes: 0, copy: null });
    expect(large.copy.size).toBe(large.bytes);
  });

  it('goes on where the clock of a transport stream begins again', { timeout: 30_000 }, async () => {
    const wrap = 2 ** 33 / 90_000;
    const film = await makeFilm(folder, 'wrap.ts', [
      ...['-c:v', 'mpeg2video', '-bf', '0', '-an', '-output_ts_offset', String(wrap - 2.4), '-muxdelay', '0'],
    ]);
    const found = await probed(film);
    expect(found.firstFrameAt).toBeGreaterThan(wrap - 3);
    expect(found.durationMs).toBeCloseTo(2_000, -2);
  });

  it('counts the frames of an AVI file that was never finished', { timeout: 30_000 }, async () => {
    const film = await makeFilm(folder, 'cut.avi', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-an']);
    const bytes = new Uint8Array(await film.arrayBuffer());
    const index = bytes.findLastIndex((_, i) => String.fromCharCode(...bytes.subarray(i, i + 4)) === 'idx1');
    const header = bytes.findIndex((_, i) => String.fromCharCode(...bytes.subarray(i, i + 4)) === 'strh');
    bytes.fill(0, header + 8 + 32, header + 8 + 36);
    const found = await probed(new Blob([bytes.subarray(0, index)]));
    expect(found.durationMs).toBe(2_000);
  });

  it('reads dates where a container has one', { timeout: 30_000 }, async () => {
    const dated = ['-metadata', 'creation_time=2026-05-11T21:00:00Z', '-c:v', 'libx264', '-an'];
    for (const name of ['dated.mp4', 'dated.mkv']) {
      const { candidates } = await probed(await makeFilm(folder, name, dated));
      expect(candidates[0]).toMatchObject({
        source: 'creation-time',
        zone: 'utc',
        startsMs: [Date.parse('2026-05-11T21:00:00Z')],
      });
    }
    const avi = new Uint8Array(
      await (await makeFilm(folder, 'dated.avi', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-an'])).arrayBuffer(),
    );
    const digitized = withIdit(avi, 'MON MAY 11 14:00:00 2026\n\0');
    const { candidates } = await probed(new Blob([digitized]));
    expect(candidates).toMatchObject([
      { source: 'creation-time', zone: 'camera-local', startsMs: [Date.parse('2026-05-11T21:00:00Z')] },
    ]);
  });
});

/** Puts an `IDIT` chunk at the end of the header list of an AVI file. */
const withIdit = (avi: Uint8Array, text: string): Uint8Array<ArrayBuffer> => {
  const view = new DataView(avi.buffer, avi.byteOffset, avi.byteLength);
  const end = 20 + view.getUint32(16, true);
  const chunk = new Uint8Array(8 + text.length);
  chunk.set(new TextEncoder().encode('IDIT'));
  new DataView(chunk.buffer).setUint32(4, text.length, true);
  chunk.set(new TextEncoder().encode(text), 8);
  const out = new Uint8Array(avi.length + chunk.length);
  out.set(avi.subarray(0, end));
  out.set(chunk, end);
  out.set(avi.subarray(end), end + chunk.length);
  const outView = new DataView(out.buffer);
  outView.setUint32(4, view.getUint32(4, true) + chunk.length, true);
  outView.setUint32(16, view.getUint32(16, true) + chunk.length, true);
  return out;
};

describe('what is not taken', () => {
  const text = (start: string): Blob => new Blob([start.padEnd(4_000, 'x')]);

  it.each<[string, Blob, ProbeRefusal, RegExp]>([
    [
      'a Windows Media file',
      new Blob([Uint8Array.of(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11), text('')]),
      'unsupported-codec',
      /Windows Media/,
    ],
    ["a recorder's own file", text('DHAV'), 'unsupported-codec', /Dahua/],
    ['a picture', new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), text('')]), 'unsupported-codec', /JPEG/],
    ['an archive', text('PK\u0003\u0004'), 'unsupported-codec', /unpack it first/],
    ['words', text('just some words'), 'not-a-video', /MP4, MOV, 3GP, MKV, WebM, AVI, FLV/],
    [
      'an AVI file of which only the beginning is there',
      text('RIFF\u0010\u0000\u0000\u0000AVI '),
      'damaged',
      /no frames/,
    ],
    ['an FLV header alone', new Blob(['FLV', Uint8Array.of(1, 5, 0, 0, 0, 9, 0, 0, 0, 0)]), 'damaged', /no frames/],
    [
      'one pack of nothing',
      new Blob([Uint8Array.of(0, 0, 1, 0xba, 0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xf8)]),
      'damaged',
      /no frames/,
    ],
  ])('%s', async (_, file, reason, detail) => {
    expect(await probe(file, request)).toMatchObject({ ok: false, reason, detail: expect.stringMatching(detail) });
  });

  it('sound alone, in every container', { timeout: 30_000 }, async () => {
    for (const [name, options] of [
      ['sound.avi', ['-vn', '-c:a', 'pcm_s16le']],
      ['sound.flv', ['-vn', '-c:a', 'aac']],
      ['sound.mpg', ['-vn', '-c:a', 'mp2', '-f', 'vob']],
      ['sound.ts', ['-vn', '-c:a', 'mp2']],
      ['sound.mp4', ['-vn', '-c:a', 'aac']],
    ] as const) {
      const film = await makeFilm(folder, name, options);
      expect(await probe(film, request), name).toMatchObject({ ok: false, reason: 'no-video-track' });
    }
  });

  it('a codec that nothing here can cut, by its name', { timeout: 30_000 }, async () => {
    const film = await makeFilm(folder, 'huffyuv.avi', ['-c:v', 'huffyuv', '-pix_fmt', 'yuv422p', '-an']);
    expect(await probe(film, request)).toMatchObject({
      ok: false,
      reason: 'unsupported-codec',
      detail: expect.stringContaining('HFYU'),
    });
  });

  it(
    'a block of a Hikvision card, whatever is in it; a real MP4 of that name is taken',
    { timeout: 30_000 },
    async () => {
      const block = await makeFilm(folder, 'block.mpg', ['-c:v', 'libx264', '-an', '-f', 'vob']);
      const change = { relativePath: 'card/datadir0/hiv00012.mp4' };
      expect(await probe(block, { ...request, ...change })).toMatchObject({
        ok: false,
        reason: 'recorder-block',
        detail: expect.stringMatching(/Hikvision/),
      });
      expect(await probed(await makeFilm(folder, 'whole.mp4', H264), change)).toMatchObject({ container: 'mp4' });
    },
  );
});
