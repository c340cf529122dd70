/** Damages a recording where a memory card would: pictures of a stretch can no longer be decoded, the file's structure stays whole. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Seconds } from '../../src/contracts/units.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { run } from './run.ts';

interface PacketPlace {
  readonly pts_time: string;
  readonly pos: string;
  readonly size: string;
}

/** Overwrites with zeros every picture of `file` (in place) that is shown in `from ≤ time < to`; says how many those were. */
export const harmPictures = async (file: string, from: Seconds, to: Seconds): Promise<number> => {
  const { stdout } = await run(nativeTool('ffprobe'), [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,pos,size', '-of', 'json', file],
  ]);
  const { packets } = JSON.parse(stdout) as { readonly packets: readonly PacketPlace[] };
  const harmed = packets.filter(({ pts_time }) => Number(pts_time) >= from && Number(pts_time) < to);
  const bytes = await readFile(file);
  for (const { pos, size } of harmed) bytes.fill(0, Number(pos), Number(pos) + Number(size));
  await writeFile(file, bytes);
  return harmed.length;
};
