/** Judges what a clip says beside its pictures and sound: tracks, tags, turn, texts, messages. */
import { readFile } from 'node:fs/promises';
import { structureProblems } from './boxes.ts';
import { ask } from './native.ts';
import type { Probe } from './probe.ts';
import type { Source } from './source.ts';
import type { Window } from './windows.ts';

const PERMITTED_TAGS: Readonly<Record<string, RegExp>> = {
  major_brand: /^.{4}$/,
  minor_version: /^\d+$/,
  compatible_brands: /^(.{4})+$/,
  language: /^und$/,
  vendor_id: /^(\[0\]){4}$/,
  handler_name: /^$/,
  DURATION: /^[\d:.]+$/,
  encoder: /^$/,
};

export const judgeTracks = (found: Probe, source: Source, window: Window): readonly string[] => {
  const kinds = found.streams
    .map(({ codec_type }) => codec_type)
    .sort()
    .join(' ');
  const problems = kinds === 'video' || kinds === 'audio video' ? [] : [`the clip has these tracks: ${kinds}`];
  for (const { where, name, value } of found.tags) {
    if (PERMITTED_TAGS[name]?.test(value) !== true) problems.push(`tag ${name}=${value} of the ${where}`);
  }
  const [video] = found.streams.filter(({ codec_type }) => codec_type === 'video');
  const rotation = (stream = video): number =>
    turnOf((stream?.side_data_list ?? []).find((data) => data.rotation !== undefined)?.rotation ?? 0);
  if (window.mode !== 'redacted' && rotation() !== rotation(source.video))
    problems.push(`turned by ${rotation()}° instead of ${rotation(source.video)}°`);
  return problems;
};

/**
 * Of a matrix that does not turn but flatten (all zero, from a damaged file) ffprobe prints an angle of −2⁶³°, what a C compiler makes of “not a
 * number”; ffmpeg then turns nothing, and nor must the clip. Any true angle is compared as it is.
 */
const turnOf = (degrees: number): number => (degrees === -(2 ** 63) ? 0 : degrees);

/** Names of programs and of places, as they are written; four letters alone may be chance among coded bytes. */
const TELLING_TEXT =
  /x26[45] - core|x265 \(build|Lav[cf]\d+\.\d+|libx26[45]|HandBrake|<x:xmpmeta|com\.apple\.quicktime|com\.android|GPMF|[+-]\d{2}\.\d{3,}[+-]\d{3}\.\d{3,}/g;

export const judgeBytes = async (clip: string, source: Source): Promise<readonly string[]> => {
  const bytes = await readFile(clip);
  const telling = new Set(bytes.toString('latin1').match(TELLING_TEXT));
  return [
    ...structureProblems(bytes),
    ...[...telling].map((text) => `the clip says “${text}”`),
    ...source.words
      .filter((word) => bytes.includes(word))
      .map((word) => `the clip says “${word}”, as the recording does`),
  ];
};

const MESSAGE_UNITS: Readonly<Record<string, string>> = { h264: '6', hevc: '39|40' };

/** Supplemental messages (SEI) may carry anything; ffmpeg's own bitstream filter looks for them. */
export const judgeMessages = async (clip: string, codec: string | undefined): Promise<readonly string[]> => {
  const types = MESSAGE_UNITS[codec ?? ''];
  if (types === undefined) return [];
  const { stdout } = await ask('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-i', clip, '-map', '0:v:0', '-c', 'copy'],
    ...['-bsf:v', `filter_units=pass_types=${types}`, '-f', 'data', '-'],
  ]);
  return stdout.length > 0 ? [`${stdout.length} bytes of SEI messages`] : [];
};
