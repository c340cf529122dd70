/** The results of many cuts as a page of docs: a summary line, a table by file, and whatever was found wrong. */
import { basename } from 'node:path';
import type { FileResult, Judged } from './run.ts';

export interface Tally {
  /** Files of which native ffmpeg shows at least one picture. */
  readonly playable: number;
  /** Those cut in every window that holds a frame, but for windows whose damage is named. */
  readonly cut: number;
  readonly windows: number;
  readonly clips: number;
  readonly problems: readonly string[];
}

/** The bar that the product holds itself to. */
export const BAR = 0.97;

/** Windows without a frame, and camera bits alone, may be refused of any recording and tell nothing here. */
export const isCut = ({ judged }: FileResult): boolean => {
  const telling = judged.filter(({ window, wanted }) => wanted > 0 && window.mode !== 'original');
  const cut = telling.filter(({ verdict }) => verdict.kind === 'cut');
  const isNamed = ({ verdict }: Judged): boolean => verdict.kind === 'cut' || verdict.reason === 'damaged-in-window';
  return telling.every(isNamed) && (cut.length > 0 || telling.length === 0);
};

export const tally = (results: readonly FileResult[]): Tally => {
  const playable = results.filter(({ source }) => source !== null);
  const all = results.flatMap(({ judged }) => judged);
  return {
    playable: playable.length,
    cut: playable.filter(isCut).length,
    windows: all.length,
    clips: all.filter(({ verdict }) => verdict.kind === 'cut').length,
    problems: results.flatMap(({ file, judged }) =>
      judged.flatMap(({ window, verdict }) =>
        verdict.problems.map(
          (problem) => `${basename(file)}, ${window.kind} (${window.from}–${window.to} s): ${problem}`,
        ),
      ),
    ),
  };
};

export const summaryLine = ({ playable, cut, windows, clips, problems }: Tally): string =>
  `Of ${playable} files that ffprobe plays, ${cut} are cut = ${((100 * cut) / Math.max(1, playable)).toFixed(1)} % (bar: ${BAR * 100} %). ` +
  `${windows} windows, ${clips} clips, ${problems.length} problems.`;

/** The table proper, one line per file. */
export const fileTable = (results: readonly FileResult[]): string =>
  [
    '| file | container | picture | sound | windows with frames | cut | the camera’s own frames | refused, and why |',
    '| --- | --- | --- | --- | --: | --: | --: | --- |',
    ...results.map(fileRow),
  ].join('\n');

const CONTAINERS: readonly (readonly [RegExp, string])[] = [
  [/^mov/, 'MP4/MOV'],
  [/^matroska/, 'Matroska/WebM'],
  [/^mpegts/, 'MPEG-TS'],
  [/^mpeg$/, 'MPEG-PS'],
  [/^avi/, 'AVI'],
  [/^flv/, 'FLV'],
  [/^asf/, 'ASF'],
];

const fileRow = ({ file, source, judged }: FileResult): string => {
  const withFrames = judged.filter(({ wanted }) => wanted > 0);
  const cut = judged.filter(({ verdict }) => verdict.kind === 'cut');
  const format = source?.probe.format ?? '';
  return `| ${[
    `\`${basename(file)}\``,
    CONTAINERS.find(([pattern]) => pattern.test(format))?.[1] ?? '–',
    source
      ? [source.video.codec_name, source.video.profile].filter((word) => word && word !== 'unknown').join(' ')
      : 'none that plays',
    source?.sound?.stream.codec_name ?? '–',
    source ? withFrames.length : '–',
    source ? cut.length : '–',
    originalShare(cut),
    refusals(judged),
  ].join(' | ')} |`;
};

/** Over the clips that may keep camera bits. */
const originalShare = (cut: readonly Judged[]): string => {
  let frames = 0;
  let original = 0;
  for (const { window, verdict } of cut) {
    if (verdict.kind !== 'cut' || window.mode !== 'exact') continue;
    frames += verdict.frames;
    original += verdict.original;
  }
  return frames === 0 ? '–' : `${Math.round((100 * original) / frames)} %`;
};

const refusals = (judged: readonly Judged[]): string => {
  const counts = new Map<string, number>();
  for (const { wanted, verdict } of judged) {
    if (verdict.kind !== 'refused' || (verdict.reason === 'nothing-in-window' && wanted === 0)) continue;
    counts.set(verdict.reason, (counts.get(verdict.reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${reason} × ${count}`).join(', ');
};
