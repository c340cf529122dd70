/** What ffprobe tells of a file: its tracks, their packets, every tag. */
import type { Seconds } from '../../src/contracts/units.ts';
import { ask } from './native.ts';

export type Tags = Readonly<Record<string, string>>;

export interface Stream {
  readonly index: number;
  readonly codec_type: string;
  readonly codec_name?: string;
  readonly codec_tag_string?: string;
  readonly profile?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly bits_per_sample?: number;
  readonly time_base: string;
  readonly disposition: Readonly<Record<string, number>>;
  readonly side_data_list?: readonly { readonly rotation?: number }[];
  readonly tags?: Tags;
}

export interface Packet {
  readonly stream: number;
  /** NaN where the container gives none. */
  readonly from: Seconds;
  readonly to: Seconds;
  readonly bytes: number;
  readonly isKey: boolean;
  /** Cut away by an edit list: decoded perhaps, never shown. */
  readonly isDiscarded: boolean;
  /** MD5 of the coded bytes. */
  readonly hash: string;
}

export interface Probe {
  readonly format: string;
  readonly streams: readonly Stream[];
  readonly packets: readonly Packet[];
  /** The values of all tags of the file, its tracks, chapters and programs. */
  readonly tags: readonly { readonly where: string; readonly name: string; readonly value: string }[];
}

interface Told {
  readonly streams?: readonly Stream[];
  readonly format?: { readonly format_name?: string; readonly tags?: Tags };
  readonly chapters?: readonly { readonly tags?: Tags }[];
  readonly programs?: readonly { readonly tags?: Tags }[];
  readonly packets?: readonly {
    readonly stream_index: number;
    readonly pts_time?: string;
    readonly dts_time?: string;
    readonly duration_time?: string;
    readonly size: string;
    readonly flags: string;
    readonly data_hash?: string;
  }[];
}

/** Only the reader of MP4 has edit lists, and only it knows the option. */
export const editListArguments = (file: string, editLists: 'ignoring' | 'honouring'): readonly string[] =>
  editLists === 'ignoring' && /\.(mp4|mov|m4v|3gp)$/i.test(file) ? ['-ignore_editlist', '1'] : [];

/** Null when ffprobe makes nothing of the file. */
export const probe = async (file: string, editLists: 'ignoring' | 'honouring'): Promise<Probe | null> => {
  const { stdout } = await ask('ffprobe', [
    ...['-v', 'quiet', ...editListArguments(file, editLists), '-show_streams', '-show_format', '-show_chapters'],
    ...['-show_programs', '-show_packets', '-show_data_hash', 'md5', '-of', 'json', file],
  ]);
  if (stdout.length === 0) return null;
  const told = JSON.parse(stdout.toString('utf8')) as Told;
  if (!told.format || !told.streams || told.streams.length === 0) return null;
  const tagsOf = (where: string, tags: Tags = {}): Probe['tags'] =>
    Object.entries(tags).map(([name, value]) => ({ where, name, value }));
  return {
    format: told.format.format_name ?? '',
    streams: told.streams,
    packets: (told.packets ?? []).map(
      ({ stream_index, pts_time, dts_time, duration_time, size, flags, data_hash = '' }) => {
        // AVI has no presentation times.
        const from = Number(pts_time ?? dts_time ?? NaN);
        return {
          ...{ stream: stream_index, from, to: from + Number(duration_time ?? 0), bytes: Number(size) },
          ...{ isKey: flags.includes('K'), isDiscarded: flags.includes('D'), hash: data_hash },
        };
      },
    ),
    tags: [
      ...tagsOf('file', told.format.tags),
      ...told.streams.flatMap(({ index, tags }) => tagsOf(`track ${index}`, tags)),
      ...(told.chapters ?? []).flatMap(({ tags }) => tagsOf('chapter', tags)),
      ...(told.programs ?? []).flatMap(({ tags }) => tagsOf('program', tags)),
    ],
  };
};

/** The track of this kind that is meant: the first marked as default, else the first; cover pictures do not count. */
export const mainStream = ({ streams }: Probe, kind: 'video' | 'audio'): Stream | null => {
  const candidates = streams.filter(
    ({ codec_type, codec_name, disposition }) =>
      codec_type === kind && codec_name !== undefined && disposition['attached_pic'] !== 1,
  );
  return candidates.find(({ disposition }) => disposition['default'] === 1) ?? candidates[0] ?? null;
};

/** Width and height as a viewer sees them: pixel aspect and rotation applied. */
export const displayedSize = (stream: Stream): { readonly width: number; readonly height: number } => {
  const [num = 1, den = 1] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const width = (stream.width ?? 0) * (num > 0 && den > 0 ? num / den : 1);
  const height = stream.height ?? 0;
  const quarterTurn = (stream.side_data_list ?? []).some(({ rotation = 0 }) => Math.abs(rotation) % 180 === 90);
  return quarterTurn ? { width: height, height: width } : { width, height };
};

/** Length of a tick of the track, in seconds. */
export const tickOf = ({ time_base }: Stream): Seconds => {
  const [num = 1, den = 1] = time_base.split('/').map(Number);
  return num / den;
};
