/** What native ffprobe finds in a clip: frames from outside the window, and how many are still the camera's own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nativeTool } from '../../tools/find-native.ts';

const run = promisify(execFile);

interface Packet {
  /** Presentation time in seconds. */
  readonly at: number;
  readonly bytes: number;
  readonly key: boolean;
  /** MD5 of the coded bytes. */
  readonly hash: string;
}

/** The coded video frames in the file, whatever an edit list says; `sound` gives the audio packets. In presentation order. */
export const packetsOf = async (file: string, kind: 'picture' | 'sound' = 'picture'): Promise<readonly Packet[]> => {
  const { stdout } = await run(
    nativeTool('ffprobe'),
    [
      ...[
        '-v',
        'error',
        '-ignore_editlist',
        '1',
        '-select_streams',
        kind === 'picture' ? 'v:0' : 'a:0',
        '-of',
        'csv=p=0',
      ],
      ...['-show_data_hash', 'md5', '-show_entries', 'packet=pts_time,size,flags,data_hash', file],
    ],
    { maxBuffer: 1 << 28 },
  );
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .map(([at = '', bytes = '', flags = '', hash = '']) => ({
      at: Number(at),
      bytes: Number(bytes),
      key: flags.startsWith('K'),
      hash,
    }))
    .sort((a, b) => a.at - b.at);
};

export interface Judgement {
  readonly frames: number;
  /** Of them, how many are from outside the window, hidden by an edit list or not. */
  readonly outside: number;
  readonly missing: number;
  /** Share of the window's frames whose coded bytes are the camera's. */
  readonly originalShare: number;
}

/**
 * Where frames are the camera's own, they tell where the clip lies on the recording's timeline; the others follow from that. A clip
 * that is all encoded anew is taken to begin with the window's first frame.
 */
export const judge = async (source: readonly Packet[], clip: string, from: number, to: number): Promise<Judgement> => {
  const inside = ({ at }: { readonly at: number }): boolean =>
    Math.round(at * 1e6) >= Math.round(from * 1e6) && Math.round(at * 1e6) < Math.round(to * 1e6);
  const window = source.filter(inside);
  const found = await packetsOf(clip);
  const bySource = new Map(source.map((packet) => [packet.hash, packet]));
  const own = found.filter(({ hash }) => bySource.has(hash));
  const [anchor] = own;
  const shift = anchor ? (bySource.get(anchor.hash)?.at ?? 0) - anchor.at : (window[0]?.at ?? 0) - (found[0]?.at ?? 0);
  const HALF_FRAME = 0.03;
  const shown = found.map(({ at }) => at + shift);
  const isThere = (time: number): boolean => shown.some((at) => Math.abs(at - time) < HALF_FRAME);
  return {
    frames: found.length,
    outside: shown.filter((at) => at < (window[0]?.at ?? 0) - HALF_FRAME || at > (window.at(-1)?.at ?? 0) + HALF_FRAME)
      .length,
    missing: window.filter(({ at }) => !isThere(at)).length,
    originalShare: own.filter(({ hash }) => window.some((packet) => packet.hash === hash)).length / window.length,
  };
};
