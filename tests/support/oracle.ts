/** What native ffmpeg and ffprobe find in a file: the independent judges of everything that is cut. */
import { readFile } from 'node:fs/promises';
import type { Seconds } from '../../src/contracts/units.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { run } from './run.ts';

export interface DecodedFrame {
  readonly at: Seconds;
  /** MD5 of the decoded picture. */
  readonly md5: string;
}

/** `ignoring` shows every sample in the file; `honouring` shows what a player shows, on the presentation timeline. */
export type EditLists = 'ignoring' | 'honouring';

const editListArguments = (editLists: EditLists): readonly string[] =>
  editLists === 'ignoring' ? ['-ignore_editlist', '1'] : [];

/** Every video frame that ffmpeg decodes, in presentation order. */
export const framesOf = async (file: string, editLists: EditLists): Promise<readonly DecodedFrame[]> => {
  const { stdout } = await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-copyts', ...editListArguments(editLists), '-i', file, '-map', '0:v:0'],
    ...['-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'framemd5', '-'],
  ]);
  const [, numerator = '1', denominator = '1'] = /#tb 0: (\d+)\/(\d+)/.exec(stdout) ?? [];
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const fields = line.split(',').map((field) => field.trim());
      return { at: (Number(fields[2]) * Number(numerator)) / Number(denominator), md5: fields[5] ?? '' };
    });
};

export interface Packet {
  readonly from: Seconds;
  readonly to: Seconds;
  readonly bytes: number;
  /** Of the coded bytes, as ffprobe writes it: `MD5:…`. */
  readonly hash: string;
}

interface ProbedPacket {
  readonly pts_time: string;
  readonly duration_time: string;
  readonly size: string;
  readonly data_hash: string;
}

/** Every audio packet in the file; empty without a sound track. */
export const audioPacketsOf = async (file: string, editLists: EditLists): Promise<readonly Packet[]> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...['-v', 'error', ...editListArguments(editLists), '-select_streams', 'a', '-show_packets'],
    ...['-show_data_hash', 'md5', '-of', 'json', file],
  ]);
  const { packets } = JSON.parse(stdout) as { readonly packets: readonly ProbedPacket[] };
  return packets.map(({ pts_time, duration_time, size, data_hash }) => ({
    from: Number(pts_time),
    to: Number(pts_time) + Number(duration_time),
    bytes: Number(size),
    hash: data_hash,
  }));
};

interface Described {
  readonly streams: readonly { readonly codec_type: string; readonly codec_name: string; readonly tags?: Tags }[];
  readonly format: { readonly duration: string; readonly tags?: Tags };
}
type Tags = Readonly<Record<string, string>>;

/** Streams and tags as ffprobe tells them. */
export const describeFile = async (file: string): Promise<Described> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    '-v',
    'error',
    '-show_streams',
    '-show_format',
    '-of',
    'json',
    file,
  ]);
  return JSON.parse(stdout) as Described;
};

/** Those of `words` whose bytes (Latin-1, as boxes are named) occur anywhere in the file. */
export const wordsFoundIn = async (file: string, words: readonly string[]): Promise<readonly string[]> => {
  const bytes = await readFile(file);
  return words.filter((word) => bytes.includes(Buffer.from(word, 'latin1')));
};
