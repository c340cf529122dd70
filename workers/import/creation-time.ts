/** Reads `creation_time` from an ISO base media file's movie header (ISO/IEC 14496-12 §8.2.2 `mvhd`). */
import type { EpochMs } from '../../src/contracts/units.ts';
import type { ByteSource } from './byte-source.ts';
import { inside, wholeFile } from './iso-boxes.ts';

/** Seconds from 1904-01-01 to 1970-01-01, both UTC. */
const MAC_TO_UNIX_S = 2_082_844_800;

/** The movie's creation time, or null when there is none or its clock was never set. Throws only when the file cannot be read. */
export const readCreationTime = async (file: ByteSource): Promise<EpochMs | null> => {
  const mvhd = await inside(file, wholeFile(file), 'moov', 'mvhd');
  if (!mvhd) return null;
  const bytes = await file.read(mvhd.body, Math.min(mvhd.body + 12, mvhd.end));
  if (bytes.byteLength < 12) return null;
  const seconds = bytes.getUint8(0) === 1 ? Number(bytes.getBigUint64(4)) : bytes.getUint32(4);
  return seconds > MAC_TO_UNIX_S && Number.isSafeInteger(seconds * 1_000) ? (seconds - MAC_TO_UNIX_S) * 1_000 : null;
};
