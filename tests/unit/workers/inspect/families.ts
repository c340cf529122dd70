/** Sources of every kind of picture and sound made by native ffmpeg, with their packets as native ffprobe finds them in the file. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditJob, AuditRule } from '../../../../src/contracts/inspect-api.ts';
import { nativeTool } from '../../../../tools/find-native.ts';
import { audit } from '../../../../workers/inspect/audit.ts';
import type { WrittenSample, WrittenTrack } from '../../../support/clip-writer.ts';
import { run } from '../../../support/run.ts';

export interface ProbedPacket {
  /** Ticks of the stream's clock. */
  readonly pts: number;
  readonly duration: number;
  readonly seconds: number;
  readonly key: boolean;
  readonly data: Uint8Array;
}

export interface Made {
  readonly path: string;
  readonly blob: Blob;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly video: readonly ProbedPacket[];
  readonly audio: readonly ProbedPacket[];
  readonly videoScale: number;
  readonly audioScale: number;
}

interface Probe {
  readonly packets: readonly {
    readonly codec_type: string;
    readonly pts?: number;
    readonly duration?: number;
    readonly pts_time?: string;
    readonly size: string;
    readonly pos?: string;
    readonly flags: string;
  }[];
  readonly streams: readonly { readonly codec_type: string; readonly time_base: string }[];
}

/** Packets by their places in the file: for MP4, MOV and AVI, which ffprobe reads without taking anything off or adding anything. */
export const probeFile = async (path: string): Promise<Made> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    '-v',
    'error',
    '-show_packets',
    '-show_streams',
    '-of',
    'json',
    path,
  ]);
  const { packets, streams } = JSON.parse(stdout) as Probe;
  const bytes = Uint8Array.from(await readFile(path));
  const of = (kind: string): readonly ProbedPacket[] =>
    packets
      .filter(({ codec_type }) => codec_type === kind)
      .map(({ pts = 0, duration = 0, pts_time = '0', size, pos = '0', flags }) => ({
        ...{ pts, duration, seconds: Number(pts_time), key: flags.startsWith('K') },
        data: bytes.subarray(Number(pos), Number(pos) + Number(size)),
      }));
  const scale = (kind: string): number =>
    Number(streams.find(({ codec_type }) => codec_type === kind)?.time_base.split('/')[1] ?? 1);
  return {
    ...{ path, bytes, blob: new Blob([bytes]), video: of('video'), audio: of('audio') },
    ...{ videoScale: scale('video'), audioScale: scale('audio') },
  };
};

/** Six seconds of 160×120 at 15 frames a second and a tone, coded as `options` say. */
export const make = async (folder: string, name: string, options: readonly string[]): Promise<string> => {
  const path = join(folder, name);
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=15'],
    ...[
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:sample_rate=48000',
      '-t',
      '6',
      '-fflags',
      '+bitexact',
      ...options,
      path,
    ],
  ]);
  return path;
};

/** The `nth` box of a type in a file, its payload. */
export const boxOf = (file: Uint8Array, type: string): Uint8Array => {
  const at = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf(Buffer.from(type, 'latin1'));
  if (at < 4) throw new Error(`no box ${type}`);
  return file.subarray(at + 4, at - 4 + new DataView(file.buffer, file.byteOffset).getUint32(at - 4));
};

/** Packets as a track of a clip, the first at zero. */
export const trackOf = (
  handler: 'vide' | 'soun',
  timescale: number,
  entry: Uint8Array,
  packets: readonly ProbedPacket[],
  change: (data: Uint8Array) => Uint8Array = (data) => data,
): WrittenTrack => {
  const first = Math.min(...packets.map(({ pts }) => pts));
  const samples: WrittenSample[] = packets.map(({ pts, key, data }) => ({
    data: change(data),
    pts: pts - first,
    sync: key,
  }));
  return { handler, timescale, entry, samples, lastDuration: packets.at(-1)?.duration ?? 1 };
};

/** What the audit says of a clip: `passed`, or the rule; with the detail where a test does not expect it. */
export const verdict = async (
  clip: Uint8Array<ArrayBuffer>,
  source: Blob,
  job: Partial<AuditJob> & Pick<AuditJob, 'from' | 'to'>,
): Promise<{ readonly rule: AuditRule | 'passed'; readonly detail: string }> => {
  const result = await audit(clip, source, { mode: 'exact', mute: true, ...job });
  return result.ok ? { rule: 'passed', detail: '' } : { rule: result.reason, detail: result.detail };
};
