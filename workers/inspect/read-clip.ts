/** Reads a clip's bytes with the reader of its container. */
import type { ClipFile } from './clip-file.ts';
import { notAClip, type Findings } from './findings.ts';
import { readMp4 } from './mp4-file.ts';
import { isWebm, readWebm } from './webm-file.ts';

/** Parses the clip. Throws `Unreadable` when it cannot be read on; everything else out of order goes into `findings`. */
export const readClip = (bytes: Uint8Array, findings: Findings): ClipFile => {
  if (bytes.length < 16) notAClip(`The file has ${bytes.length} bytes, which is too little for a clip.`);
  return isWebm(bytes) ? readWebm(bytes, findings) : readMp4(bytes, findings);
};
