/** The import engine in Chromium on every real file of the fixtures: facts as ffprobe measured them, refusals by name, nothing thrown, nothing hanging. */
import { describe, expect, it } from 'vitest';
import { commands, userEvent } from 'vitest/browser';
import { createImporter } from '../../../src/bridge/import.ts';
import type { Probe, ProbeRefusal } from '../../../src/contracts/import-api.ts';
import type { Result } from '../../../src/contracts/result.ts';
import { probe } from '../../../workers/import/probe.ts';

/** The folder of real files, from vitest.config.ts. */
const environment: Record<string, unknown> = import.meta.env;
const folder = `${String(environment['PORCHLIGHT_FIXTURES'])}/video`;

interface Fixture {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly creation_time?: string | null;
}

const manifest = await commands.readFile(`${folder}/MANIFEST.json`).catch(() => '[]');
const fixtures: readonly Fixture[] = JSON.parse(manifest);

const request = { relativePath: 'clip.mp4', lastModified: 0, zone: 'America/Los_Angeles' };

/** The test browser's file chooser opens files of the machine as a person's would. */
const fixture = async (name: string): Promise<File> => {
  const input = document.createElement('input');
  input.type = 'file';
  document.body.append(input);
  await userEvent.upload(input, `${folder}/${name}`);
  input.remove();
  const file = input.files?.[0];
  if (!file) throw new Error(`${name} could not be picked`);
  return file;
};

describe.skipIf(fixtures.length === 0)('every fixture', () => {
  it.each(fixtures.map((entry) => [entry.file, entry] as const))('%s', { timeout: 20_000 }, async (name, entry) => {
    const result = await probe(await fixture(name), request);
    if (!result.ok) {
      expect(result.detail).toMatch(/^[A-Z].{20,}[.]$/);
      return;
    }
    const { value } = result;
    expect(value).toMatchObject({ sha256: entry.sha256, bytes: entry.bytes });
    expect(value.durationMs).toBeGreaterThan(0);
    expect(value.video.width).toBeGreaterThan(0);
    const created = value.candidates.find(({ source }) => source === 'creation-time')?.startsMs[0];
    // What AVI files say is a date, not a time.
    const stated = entry.creation_time && value.container !== 'avi' ? Date.parse(entry.creation_time) : 0;
    expect(created ?? 0).toBe(stated > Date.UTC(2000, 0, 1) ? stated : 0);
  });

  it.each<[string, ProbeRefusal]>([
    ['bad-zero-bytes.mp4', 'empty-file'],
    ['bad-text-file.mp4', 'damaged'],
    ['bad-json-text.mp4', 'not-a-video'],
    ['bad-lfs-pointer.mp4', 'not-a-video'],
    ['audio-only.mp4', 'no-video-track'],
    ['bad-broken-mdat.mp4', 'damaged'],
    ['bad-exiv2-crasher.mov', 'damaged'],
    ['bad-encrypted-cenc.mp4', 'encrypted'],
  ])('%s is refused: %s', async (name, reason) => {
    expect(await probe(await fixture(name), request)).toMatchObject({ ok: false, reason });
  });

  it.each<[string, Partial<Probe>]>([
    ['mpeg4-part2-aac.mp4', { container: 'mp4', video: { codec: 'mpeg4', width: 190, height: 240, rotation: 0 } }],
    ['mpeg4-amr-phone.3gp', { container: 'mp4', video: { codec: 'mpeg4', width: 176, height: 144, rotation: 0 } }],
    [
      'mpeg2-xdcam-1080i-opengop.mov',
      { container: 'mp4', video: { codec: 'mpeg2', width: 1920, height: 1080, rotation: 0 } },
    ],
    ['mjpeg-photo-jpeg.mov', { container: 'mp4', video: { codec: 'mjpeg', width: 320, height: 240, rotation: 0 } }],
    [
      'h264-aac.avi',
      {
        ...{ container: 'avi', durationMs: 30_033, firstFrameAt: 0 },
        video: { codec: 'avc1.640015', width: 480, height: 270, rotation: 0 },
        audio: { codec: 'mp4a.40.2', channels: 2, sampleRate: 48_000 },
      },
    ],
    [
      'mjpeg-pcm-camera.avi',
      {
        ...{ container: 'avi', durationMs: 2_733, firstFrameAt: 0 },
        video: { codec: 'mjpeg', width: 320, height: 240, rotation: 0 },
      },
    ],
    ['h264-no-initial-keyframe.ts', { container: 'mpeg-ts', durationMs: 2_634, firstFrameAt: 112.711 }],
    ['h264-no-keyframe-labels.ts', { container: 'mpeg-ts', durationMs: 10_000, firstFrameAt: 10.033_322 }],
    ['hevc-5.1.ts', { container: 'mpeg-ts', durationMs: 5_000, firstFrameAt: 1.483_333 }],
    [
      'avchd-1080i-opengop-ac3.mts',
      {
        ...{ container: 'mpeg-ts', durationMs: 1_034, firstFrameAt: 1.433_367 },
        video: { codec: 'avc1.640028', width: 1920, height: 1080, rotation: 0 },
      },
    ],
    ['h264-first-pts-10s.mp4', { container: 'mp4', durationMs: 4_000, firstFrameAt: 10 }],
  ])('%s is taken', async (name, facts) => {
    const result = await probe(await fixture(name), request);
    if (!result.ok) throw new Error(result.detail);
    const { durationMs, firstFrameAt } = result.value;
    const rounded = {
      ...result.value,
      durationMs: Math.round(durationMs),
      firstFrameAt: Number(firstFrameAt.toFixed(6)),
    };
    expect(rounded).toMatchObject(facts);
  });

  it.each(['h264-aac.avi', 'mjpeg-pcm-camera.avi', 'h264-no-keyframe-labels.ts'])(
    '%s shows its first frame',
    async (name) => {
      const result = await probe(await fixture(name), request);
      if (!result.ok || !result.value.thumbnail) throw new Error('no thumbnail');
      const picture = await createImageBitmap(result.value.thumbnail);
      expect(picture.width).toBe(320);
    },
  );

  it('reads displayed size, rotation, sound and a thumbnail', async () => {
    const portrait = await probe(await fixture('android-4k60-rot270-co64.mp4'), request);
    expect(portrait).toMatchObject({
      ok: true,
      value: { video: { width: 2160, height: 3840, rotation: 90 }, audio: { codec: 'mp4a.40.2', channels: 2 } },
    });
    const wide = await probe(await fixture('h264-sar-2x1.mp4'), request);
    expect(wide).toMatchObject({
      ok: true,
      value: { video: { codec: 'avc1.64001e', width: 1280, height: 360 }, audio: null, durationMs: 5_000 },
    });
    if (!portrait.ok || !portrait.value.thumbnail) throw new Error('no thumbnail');
    const picture = await createImageBitmap(portrait.value.thumbnail);
    expect([picture.width, picture.height]).toEqual([320, 569]);
    const undecodable = await probe(await fixture('hevc-1080p-cra.mp4'), request);
    expect(undecodable).toMatchObject({ ok: true, value: { thumbnail: null, video: { width: 1920, height: 1080 } } });
  });

  it('says that a file cut off before its contents were written is damaged', async () => {
    const whole = await fixture('android-4k60-rot270-co64.mp4');
    expect(await probe(whole.slice(0, 1_000_000), request)).toMatchObject({ ok: false, reason: 'damaged' });
  });

  it('does the same through the worker, and cancels', { timeout: 30_000 }, async () => {
    const importer = createImporter();
    const file = await fixture('android-1080p-vfr-gps.mp4');
    const direct = await probe(file, request);
    const through: Result<Probe, ProbeRefusal> = await importer.probe(file, request);
    if (!direct.ok || !through.ok) throw new Error('refused');
    expect({ ...through.value, thumbnail: null, copy: null }).toEqual({ ...direct.value, thumbnail: null, copy: null });
    expect(through.value.thumbnail).toBeInstanceOf(Blob);
    const stop = new AbortController();
    const stopped = importer.probe(file, request, stop.signal);
    stop.abort();
    expect(await stopped).toMatchObject({ ok: false, reason: 'cancelled' });
    expect(await importer.probe(file, request)).toMatchObject({ ok: true });
  });
});

it('refuses an empty file and a text without the fixtures at hand', async () => {
  expect(await probe(new Blob([]), request)).toMatchObject({ ok: false, reason: 'empty-file' });
  expect(await probe(new Blob(['just some words '.repeat(100)]), request)).toMatchObject({
    ok: false,
    reason: 'not-a-video',
  });
  expect(await probe(new Blob(['the ftyp box says which brand a file is of']), request)).toMatchObject({
    ok: false,
    reason: 'not-a-video',
  });
});
