/** What native ffmpeg shows of a video track: each picture's time, fingerprint and a small likeness of it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, complaintKinds } from './native.ts';
import { editListArguments } from './probe.ts';

export interface Picture {
  /** Presentation time in whole microseconds, the unit in which windows are judged. */
  readonly us: number;
  /** MD5 of the decoded picture, rotation applied. */
  readonly md5: string;
  /** The picture as planes Y, U, V of `LIKENESS` size; a view into a larger buffer. */
  readonly likeness: Uint8Array;
}

export interface Decoded {
  readonly pictures: readonly Picture[];
  /** Length of a tick of the track, in microseconds. */
  readonly tickUs: number;
  /** What ffmpeg complained about while decoding. */
  readonly complaints: readonly string[];
}

export const LIKENESS = { width: 96, height: 54 } as const;
const LIKENESS_BYTES = (LIKENESS.width * LIKENESS.height * 3) / 2;

/** Every picture of the track that ffmpeg decodes, in presentation order. Empty when it decodes none. */
export const decode = async (file: string, track: number, editLists: 'ignoring' | 'honouring'): Promise<Decoded> => {
  const folder = await mkdtemp(join(tmpdir(), 'porchlight-judge-'));
  try {
    // Each picture in its own size: a recording may change it midway, and ffmpeg would scale the later ones to the first's.
    const map = ['-map', `0:${track}`, '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-autoscale', '0'];
    const small = `scale=${LIKENESS.width}:${LIKENESS.height}:flags=area,format=yuv420p`;
    const { stderr } = await ask('ffmpeg', [
      // What is shown of damaged pictures depends on which of several threads comes first; two files are read at a time anyway.
      ...['-nostdin', '-v', 'warning', '-threads', '1', '-copyts', ...editListArguments(file, editLists), '-i', file],
      ...[...map, '-f', 'framemd5', join(folder, 'md5'), ...map, '-vf', small, '-f', 'rawvideo', join(folder, 'yuv')],
    ]);
    const list = await readFile(join(folder, 'md5'), 'utf8').catch(() => '');
    const planes = await readFile(join(folder, 'yuv')).catch(() => Buffer.alloc(0));
    const [, numerator = '1', denominator = '1'] = /#tb 0: (\d+)\/(\d+)/.exec(list) ?? [];
    const tickUs = (1e6 * Number(numerator)) / Number(denominator);
    const pictures = list
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line, index): Picture => {
        const fields = line.split(',').map((field) => field.trim());
        const likeness = planes.subarray(index * LIKENESS_BYTES, (index + 1) * LIKENESS_BYTES);
        return { us: Math.round(Number(fields[2]) * tickUs), md5: fields[5] ?? '', likeness };
      })
      .sort((a, b) => a.us - b.us);
    return { pictures: withLastTime(pictures), tickUs, complaints: complaintKinds(stderr) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A last picture without a time (ffprobe shows N/A) is given the time of the one before: it comes as long after it as that one did. */
const withLastTime = (pictures: readonly Picture[]): readonly Picture[] => {
  const [first, before, last] = pictures.slice(-3);
  if (!first || !before || !last || last.us !== before.us) return pictures;
  return [...pictures.slice(0, -1), { ...last, us: 2 * before.us - first.us }];
};

/** A rectangle in shares of the picture's width and height. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Peak signal-to-noise ratio of two likenesses in decibels, over all three planes; Infinity when equal, NaN when one is missing.
 * Where `blackened` is given, `a` counts as black (16, 128, 128) inside it, and pixels on its border do not count.
 */
export const likenessDb = (a: Uint8Array, b: Uint8Array, blackened: Area | null = null): number => {
  if (a.length !== LIKENESS_BYTES || b.length !== LIKENESS_BYTES) return NaN;
  let squares = 0;
  let counted = 0;
  let at = 0;
  for (const [width, height, black] of PLANES) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const place = blackened === null ? 'outside' : placeIn(blackened, x / width, y / height, 1 / width, 1 / height);
        if (place === 'border') continue;
        const difference = (place === 'inside' ? black : (a[at] ?? 0)) - (b[at] ?? 0);
        squares += difference * difference;
        counted++;
      }
    }
  }
  return 10 * Math.log10((255 * 255 * counted) / squares);
};

const PLANES = [
  [LIKENESS.width, LIKENESS.height, 16],
  [LIKENESS.width / 2, LIKENESS.height / 2, 128],
  [LIKENESS.width / 2, LIKENESS.height / 2, 128],
] as const;

/** Two pixels on either side of the edge are its border: scaling down mixes them, and coded chroma is coarser than luma. */
const placeIn = (area: Area, x: number, y: number, dx: number, dy: number): 'inside' | 'border' | 'outside' => {
  const inside = (margin: number): boolean =>
    x >= area.left + margin * dx &&
    x + dx <= area.right - margin * dx &&
    y >= area.top + margin * dy &&
    y + dy <= area.bottom - margin * dy;
  return inside(2) ? 'inside' : inside(-3) ? 'border' : 'outside';
};
