/**
 * Whether a file still lacks what its writer adds last, so that it may have been picked while the camera was writing it. Transport and
 * program streams and FLV have no such mark and never count as open; an AVI file without its end is refused before.
 */
import type { ContainerKind } from '../../src/contracts/library.ts';
import { type ByteSource, latin } from './byte-source.ts';
import { inside, wholeFile } from './iso-boxes.ts';
import { segmentIsOpen } from './matroska.ts';

/** `mfro`, the last box of a finished fragmented file (ISO/IEC 14496-12 §8.8.11), is 16 bytes long. */
const MFRO_BYTES = 16;

/**
 * A file in fragments, without the duration that a writer puts into `mehd` and without the index that it puts at the end. Streams that
 * were saved as they came lack both, too: only the date of the last change tells them from files that are still growing.
 */
const fragmentsGoOn = async (file: ByteSource): Promise<boolean> => {
  const extension = await inside(file, wholeFile(file), 'moov', 'mvex');
  if (!extension || (await inside(file, extension, 'mehd'))) return false;
  const last = await file.read(Math.max(0, file.size - MFRO_BYTES), file.size);
  return latin(last, 4, 4) !== 'mfro';
};

/** Throws only when the file cannot be read. */
export const hasOpenEnd = async (file: ByteSource, container: ContainerKind): Promise<boolean> => {
  switch (container) {
    case 'mp4':
      return fragmentsGoOn(file);
    case 'matroska':
      return segmentIsOpen(file);
    case 'avi':
    case 'flv':
    case 'mpeg-ts':
    case 'mpeg-ps':
      return false;
  }
};
