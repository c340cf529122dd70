/** Reads how a track's samples are coded (ISO/IEC 14496-12 §8.5.2). One reader per sample entry: others join here. */
import type { Box, BoxWalker } from './boxes.ts';
import type { Coding } from './coding.ts';
import { notAClip } from './findings.ts';
import { SOUND_ENTRIES } from './sound-entries.ts';
import { VIDEO_ENTRIES } from './video-entries.ts';

const READERS: Readonly<Record<string, (walker: BoxWalker, box: Box) => Coding>> = {
  ...VIDEO_ENTRIES,
  ...SOUND_ENTRIES,
};

/** Reads the one sample entry of an `stsd`. Stops the audit when there are several or the codec is not one that clips have. */
export const readSampleEntry = (walker: BoxWalker, box: Box): Coding => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  const count = reader.u32();
  const entries = walker.split(reader.at, box.end, box.path, Object.keys(READERS));
  const [entry] = entries;
  const read = entry === undefined ? undefined : READERS[entry.type];
  if (entry === undefined || read === undefined || count !== 1 || entries.length !== 1) {
    return notAClip(
      `${box.path} must hold exactly one known sample entry: it announces ${count} and ${entries.length} are known.`,
    );
  }
  return read(walker, entry);
};
