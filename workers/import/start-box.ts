/**
 * Reads ONVIF's corrected start time, the box `cstb` (Export File Format 24.12 §5.4): a count, then for each entry a track's number and the
 * UTC instant of the media timeline's origin in units of 100 ns since 1601-01-01.
 */
import type { EpochMs } from '../../src/contracts/units.ts';
import type { ByteSource } from './byte-source.ts';
import { type Box, boxesWithin, findBox, inside, wholeFile } from './iso-boxes.ts';

/** Milliseconds from 1601-01-01 to 1970-01-01, both UTC. */
const FILETIME_TO_UNIX_MS = 11_644_473_600_000;

const MOST_ENTRIES = 1_000;

/** `meta` is a full box in ISO files and a plain one in QuickTime's: the handler that must come first tells which. */
const bodyOfMeta = async (file: ByteSource, meta: Box): Promise<Box> =>
  (await findBox(file, 'hdlr', meta.body + 4, meta.end)) ? { ...meta, body: meta.body + 4 } : meta;

/** In `meta` itself, or in the protection scheme of a signed export: `ipro` is a full box that begins with a 16-bit count. */
const findStartBox = async (file: ByteSource, meta: Box): Promise<Box | null> => {
  const body = await bodyOfMeta(file, meta);
  const direct = await findBox(file, 'cstb', body.body, body.end);
  if (direct) return direct;
  const ipro = await findBox(file, 'ipro', body.body, body.end);
  if (!ipro) return null;
  for await (const sinf of boxesWithin(file, ipro.body + 6, ipro.end)) {
    const found = sinf.type === 'sinf' ? await findBox(file, 'cstb', sinf.body, sinf.end) : null;
    if (found) return found;
  }
  return null;
};

const metaBoxes = async (file: ByteSource): Promise<readonly Box[]> => {
  const whole = wholeFile(file);
  const paths = [['meta'], ['moov', 'meta'], ['moov', 'udta', 'meta']];
  const found = await Promise.all(paths.map((path) => inside(file, whole, ...path)));
  return found.filter((box) => box !== null);
};

/** True time of presentation time 0 by the file's own word; null without one. Throws only when the file cannot be read. */
export const readStartBox = async (file: ByteSource, trackId: number | null): Promise<EpochMs | null> => {
  for (const meta of await metaBoxes(file)) {
    const box = await findStartBox(file, meta);
    if (!box) continue;
    const bytes = await file.read(box.body, Math.min(box.end, box.body + 4 + MOST_ENTRIES * 12));
    if (bytes.byteLength < 16) continue;
    const count = Math.min(bytes.getUint32(0), Math.floor((bytes.byteLength - 4) / 12));
    const entries = Array.from({ length: count }, (_, i) => ({
      track: bytes.getUint32(4 + i * 12),
      ticks: bytes.getBigUint64(8 + i * 12),
    }));
    // Often only the first track has an entry.
    const entry = entries.find(({ track }) => track === trackId) ?? entries[0];
    if (entry) return Number(entry.ticks) / 10_000 - FILETIME_TO_UNIX_MS;
  }
  return null;
};
