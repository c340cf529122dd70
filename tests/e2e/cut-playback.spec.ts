/** Clips play and seek in three engines, and show at every boundary the recording's own frame. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { decode, LIKENESS, type Picture } from '../../tools/cut-table/pictures.ts';
import { mainStream, probe } from '../../tools/cut-table/probe.ts';
import { ensureFirefox, ensureWebKit } from '../../tools/find-engines.ts';
import { openChromium } from '../support/engines/chromium.ts';
import type { Engine } from '../support/engines/engine.ts';
import { openFirefox } from '../support/engines/firefox.ts';
import { startPlayerServer, type PlayerServer } from '../support/engines/player-server.ts';
import { openWebKit } from '../support/engines/webkit.ts';
import { makeNumbered, NUMBERED, NUMBERED_CODECS, numberShown, type NumberedCodec } from '../support/numbered.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FRAME = 1 / NUMBERED.framesPerSecond;
/** Scalers and colour conversions differ between engines; another frame, or a grey one, is far below. */
const ALIKE_DB = 20;
/** In shares of the picture, clear of the numbers. */
const BOX = { x: 0.1, y: 0.05, width: 0.4, height: 0.3 } as const;

interface Clip {
  readonly name: string;
  readonly codec: NumberedCodec;
  readonly from: number;
  readonly to: number;
  readonly mode?: 'redacted';
  readonly encoder?: 'ffmpeg' | 'webcodecs';
  /** What must have been encoded anew: nothing, something, everything. */
  readonly reencoded: 'none' | 'some' | 'all';
}

// Keyframes every 2 s; pictures are reordered, so that a window that ends between them needs a tail.
const CLIPS: readonly Clip[] = [
  { name: 'H.264, copied', codec: 'h264', from: 4, to: 8, reencoded: 'none' },
  ...(['ffmpeg', 'webcodecs'] as const).flatMap((encoder): readonly Clip[] => [
    { name: `H.264, head by ${encoder}`, codec: 'h264', from: 2.6, to: 6, encoder, reencoded: 'some' },
    { name: `H.264, tail by ${encoder}`, codec: 'h264', from: 4, to: 7.08, encoder, reencoded: 'some' },
    {
      name: `H.264, redacted by ${encoder}`,
      codec: 'h264',
      from: 4.2,
      to: 6.2,
      mode: 'redacted',
      encoder,
      reencoded: 'all',
    },
  ]),
  { name: 'HEVC, head and tail', codec: 'hevc', from: 2.6, to: 7.08, reencoded: 'some' },
  { name: 'VP9, head', codec: 'vp9', from: 2.6, to: 7.08, reencoded: 'some' },
  { name: 'VP8 in WebM, head', codec: 'vp8', from: 2.6, to: 7.08, reencoded: 'some' },
  { name: 'AV1, head', codec: 'av1', from: 2.6, to: 7.08, reencoded: 'some' },
];

const MIME: Readonly<Record<NumberedCodec, string>> = {
  h264: 'video/mp4; codecs="avc1.64000d, mp4a.40.2"',
  hevc: 'video/mp4; codecs="hvc1.1.6.L60.90, mp4a.40.2"',
  vp9: 'video/mp4; codecs="vp09.00.11.08, mp4a.40.2"',
  vp8: 'video/webm; codecs="vp8, opus"',
  av1: 'video/mp4; codecs="av01.0.00M.08, mp4a.40.2"',
};

interface Made {
  readonly path: string;
  /** The recording's frames of the window; `number` is what each carries. */
  readonly frames: readonly (Picture & { readonly number: number })[];
  /** When the clip's picture begins, in seconds of its own timeline. */
  readonly start: number;
  readonly framesOriginal: number;
  readonly framesReencoded: number;
}

let folder = '';
let server: PlayerServer;
const made = new Map<string, Made>();

test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = await mkdtemp(join(tmpdir(), 'porchlight-playback-'));
  server = await startPlayerServer();
  const sources = new Map<NumberedCodec, { readonly path: string; readonly pictures: readonly Picture[] }>();
  for (const codec of Object.keys(NUMBERED_CODECS) as NumberedCodec[]) {
    if (!CLIPS.some((clip) => clip.codec === codec)) continue;
    const path = join(folder, `${codec}.${codec === 'vp8' ? 'webm' : 'mp4'}`);
    await makeNumbered(path, codec);
    sources.set(codec, { path, pictures: (await decode(path, 0, 'honouring')).pictures });
  }
  const place = (index: number, ending: string): string => join(folder, `clip-${index}.${ending}`);
  const jobs = CLIPS.map(({ codec, from, to, mode, encoder }, index) => {
    const { x, y, width, height } = BOX;
    const box = {
      ...{
        x: x * NUMBERED.width,
        y: y * NUMBERED.height,
        width: width * NUMBERED.width,
        height: height * NUMBERED.height,
      },
      ...{ from, to },
    };
    return {
      ...{ input: sources.get(codec)?.path, from, to, output: place(index, 'mp4'), report: place(index, 'json') },
      ...(mode === undefined ? {} : { mode, boxes: [box] }),
      ...(encoder === undefined ? {} : { encoder }),
    };
  });
  await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
  spawnSync(process.execPath, ['tools/cut.ts', '--batch', join(folder, 'jobs.json')], { cwd: ROOT });
  for (const [index, { name, codec, from, to }] of CLIPS.entries()) {
    const report = JSON.parse(await readFile(place(index, 'json'), 'utf8')) as Omit<Made, 'path'> & { detail?: string };
    const shown = await probe(place(index, 'mp4'), 'honouring');
    const video = shown && mainStream(shown, 'video');
    if (!shown || !video) throw new Error(`${name}: ${report.detail ?? 'there is no clip'}`);
    const starts = shown.packets.filter(({ stream }) => stream === video.index).map((packet) => packet.from);
    const frames = (sources.get(codec)?.pictures ?? [])
      .map((picture, number) => ({ ...picture, number: number % 256 }))
      .filter(({ us }) => us >= from * 1e6 && us < to * 1e6);
    made.set(name, { ...report, path: place(index, 'mp4'), frames, start: Math.min(...starts) });
  }
});

test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

test('the clips are what their names say', () => {
  for (const { name, reencoded } of CLIPS) {
    const { framesReencoded, framesOriginal } = made.get(name) ?? { framesReencoded: NaN, framesOriginal: NaN };
    expect.soft(framesReencoded > 0, name).toBe(reencoded !== 'none');
    expect.soft(framesOriginal > 0, name).toBe(reencoded !== 'all');
  }
});

const ENGINES: Readonly<Record<string, () => Promise<Engine> | null>> = {
  Chromium: () => openChromium(server.page),
  Firefox: () => {
    const path = ensureFirefox();
    return path === null ? null : openFirefox(path, server.page);
  },
  WebKitGTK: () => {
    const found = ensureWebKit();
    return found === null ? null : openWebKit(found, server.page);
  },
};

for (const [name, open] of Object.entries(ENGINES)) {
  test.describe(name, () => {
    let engine: Engine | null = null;
    test.beforeAll(async () => {
      test.setTimeout(240_000);
      engine = await open();
    });
    test.afterAll(() => engine?.close());

    for (const clip of CLIPS) {
      test(`${clip.name}: first, boundary and last frames`, async () => {
        test.skip(engine === null, `${name} is not here and cannot be installed`);
        const cut = made.get(clip.name);
        if (!engine || !cut) throw new Error('nothing to play');
        const wanted = boundaryFrames(cut);
        const times = wanted.map((index) => timeOf(cut, index));
        const type = MIME[clip.codec];
        const shown = await engine.show(server.offer(cut.path, type.replace(/;.*/, '')), type, times);
        test.skip(shown.kind === 'no-codec', `${engine.name} has no decoder for ${type}`);
        if (shown.kind !== 'shown') throw new Error(`${engine.name}: ${shown.kind === 'failed' ? shown.why : ''}`);
        const numbers = shown.pictures.map((picture) => numberShown(picture, LIKENESS.width, LIKENESS.height));
        expect(numbers, engine.name).toEqual(wanted.map((index) => cut.frames[index]?.number));
        const alike = shown.pictures.map((picture, step) =>
          brightnessDb(cut.frames[wanted[step] ?? -1]?.likeness, picture, clip.mode === 'redacted'),
        );
        expect(Math.min(...alike), `${engine.name}: ${alike.map((db) => db.toFixed(1)).join(', ')} dB`).toBeGreaterThan(
          ALIKE_DB,
        );
      });
    }
  });
}

/** Presentation time of a frame's middle on the clip's own timeline: no rounding of a seek leads to another frame. */
const timeOf = ({ frames, start }: Made, index: number): number =>
  start + ((frames[index]?.us ?? 0) - (frames[0]?.us ?? 0)) / 1e6 + FRAME / 2;

/** First and last frame, and both sides of each place where the encoder may change: head to body, body to tail. */
const boundaryFrames = ({ frames, framesReencoded, framesOriginal }: Made): readonly number[] => {
  const last = frames.length - 1;
  const places = [
    0,
    framesReencoded - 1,
    framesReencoded,
    Math.floor(last / 2),
    framesOriginal - 1,
    framesOriginal,
    last,
  ];
  return [...new Set(places.filter((index) => index >= 0 && index <= last))].sort((a, b) => a - b);
};

/** Signal-to-noise ratio in decibels between ffmpeg's brightness (16–235, BT.601) and the engine's (0–255). */
const brightnessDb = (expected: Uint8Array | undefined, shown: Uint8Array, isRedacted: boolean): number => {
  const { width, height } = LIKENESS;
  let squares = 0;
  let counted = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [inX, inY] = [(x + 0.5) / width - BOX.x, (y + 0.5) / height - BOX.y];
      const margin = 0.04;
      const near = inX > -margin && inX < BOX.width + margin && inY > -margin && inY < BOX.height + margin;
      const inside = inX > margin && inX < BOX.width - margin && inY > margin && inY < BOX.height - margin;
      if (isRedacted && near && !inside) continue;
      const full = isRedacted && inside ? 0 : (((expected?.[y * width + x] ?? 0) - 16) * 255) / 219;
      squares += (full - (shown[y * width + x] ?? 0)) ** 2;
      counted++;
    }
  }
  return 10 * Math.log10((255 * 255 * counted) / squares);
};
