/** What native ffmpeg finds in the clips of a captured upload, opened with the age tool and the tester's key. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PackageManifest } from '../../src/contracts/share.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import { nativeTool } from '../find-native.ts';
import { unzipStored } from '../unzip-stored.ts';
import type { Findings } from './findings.ts';
import type { Recording } from './stage.ts';

const MOST_OUTPUT = 512 * 1024 * 1024;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const native = (tool: 'ffmpeg' | 'ffprobe' | 'age', args: readonly string[]): string =>
  execFileSync(nativeTool(tool), args, { encoding: 'utf8', maxBuffer: MOST_OUTPUT, stdio: ['ignore', 'pipe', 'pipe'] });

interface Frame {
  readonly at: Seconds;
  readonly md5: string;
}

/** Every frame that ffmpeg decodes; with `hidden`, those that an edit list hides from players, too. */
const framesOf = (file: string, hidden: boolean): readonly Frame[] => {
  const text = native('ffmpeg', [
    ...['-v', 'error', '-copyts', ...(hidden ? ['-ignore_editlist', '1'] : []), '-i', file, '-map', '0:v:0'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'framemd5', '-'],
  ]);
  const [, numerator = '1', denominator = '1'] = /#tb 0: (\d+)\/(\d+)/.exec(text) ?? [];
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()))
    .map((fields) => ({ at: (Number(fields[2]) * Number(numerator)) / Number(denominator), md5: fields[5] ?? '' }));
};

const checkFrames = (clip: string, name: string, { file, from, to }: Recording, findings: Findings): void => {
  const source = framesOf(file, false);
  const inside = source.filter(({ at }) => at >= from && at < to);
  const insideMd5 = new Set(inside.map(({ md5 }) => md5));
  const outsideMd5 = new Map(source.filter(({ md5 }) => !insideMd5.has(md5)).map(({ md5, at }) => [md5, at]));
  const found = framesOf(clip, true);
  const leaked = found.flatMap(({ md5 }) => outsideMd5.get(md5) ?? []);
  const own = found.filter(({ md5 }) => insideMd5.has(md5)).length;
  const extra = found.length - inside.length;
  const problems = [
    ...(leaked.length > 0
      ? [
          `${leaked.length} frames from outside the window are in ${name}, the first from second ${leaked[0]?.toFixed(3)}`,
        ]
      : []),
    ...(extra > 0 && leaked.length === 0
      ? [`${name} has ${extra} frames more than the window: frames from outside the window`]
      : []),
  ];
  findings.add(
    'frames',
    problems,
    `${name}: ${found.length} of the window’s ${inside.length} frames, ${own} of them the camera’s own, none from outside`,
  );
};

interface Tags {
  readonly streams: readonly { readonly codec_type?: string; readonly tags?: Readonly<Record<string, string>> }[];
  readonly format: { readonly tags?: Readonly<Record<string, string>> };
}

const tagsOf = (file: string): readonly (readonly [name: string, value: string])[] => {
  const { streams, format } = JSON.parse(
    native('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file]),
  ) as Tags;
  return [format.tags ?? {}, ...streams.map(({ tags }) => tags ?? {})].flatMap((tags) => Object.entries(tags));
};

/** Tags that every MP4 has and that say nothing. */
const SILENT = new Set([
  'major_brand',
  'minor_version',
  'compatible_brands',
  'language',
  'vendor_id',
  'handler_name',
  'encoder',
]);
/** Four-character names of places where metadata lies, and names of software. */
const STOWAWAYS = ['udta', '\u00a9xyz', 'loci', 'meta', 'uuid', 'Lavf', 'Lavc', 'x264 - core'] as const;

const checkMetadata = (clip: string, name: string, { file }: Recording, findings: Findings): void => {
  const bytes = readFileSync(clip);
  const has = (text: string, encoding: 'latin1' | 'utf8'): boolean => bytes.includes(Buffer.from(text, encoding));
  const told = tagsOf(file).filter(([tag, value]) => !SILENT.has(tag) && value.trim().length > 3);
  const problems = [
    ...STOWAWAYS.filter((text) => has(text, 'latin1')).map((text) => `${name} contains “${text}”`),
    ...told
      .filter(([, value]) => has(value, 'utf8'))
      .map(([tag, value]) => `${name} contains the recording’s ${tag}, “${value}”`),
    ...tagsOf(clip)
      .filter(([tag]) => !SILENT.has(tag))
      .map(([tag, value]) => `${name} has a tag ${tag}, “${value}”`),
  ];
  const gone = [...new Set(told.map(([tag]) => tag))].join(', ');
  findings.add(
    'metadata',
    [...new Set(problems)],
    `${name}: none${gone === '' ? '' : `; gone from the recording: ${gone}`}`,
  );
};

/** Opens the captured upload and judges every clip in it. What was opened lies in `folder` afterwards. */
export const judgeClips = (
  upload: Buffer,
  keyFile: string,
  recording: Recording,
  folder: string,
  findings: Findings,
): void => {
  const [sealed, zip] = [join(folder, 'captured.zip.age'), join(folder, 'captured.zip')];
  writeFileSync(sealed, upload);
  let entries: ReadonlyMap<string, Buffer>;
  try {
    native('age', ['--decrypt', '--identity', keyFile, '--output', zip, sealed]);
    entries = unzipStored(readFileSync(zip));
  } catch (error) {
    const words = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    findings.add('package', [`the captured upload cannot be opened with the tester’s key: ${words}`], '');
    return;
  }
  const manifest = JSON.parse(entries.get('manifest.json')?.toString('utf8') ?? 'null') as PackageManifest;
  const expected = ['manifest.json', ...manifest.clips.map(({ file }) => file), 'README.txt'];
  const problems = [...entries.keys()]
    .filter((name) => !expected.includes(name))
    .map((name) => `there is a file ${name} that the manifest does not name`);
  for (const { file, sha256: told } of manifest.clips) {
    const bytes = entries.get(file) ?? Buffer.alloc(0);
    const path = join(folder, basename(file));
    writeFileSync(path, bytes);
    if (sha256(bytes) !== told) problems.push(`${file} is not what was inspected: its SHA-256 is not the manifest’s`);
    checkFrames(path, file, recording, findings);
    checkMetadata(path, file, recording, findings);
  }
  findings.add('package', problems, `opens with the age tool and the tester’s key: ${[...entries.keys()].join(', ')}`);
};
