/** Whether an MPEG-4 part 2 stream reorders its pictures, as its header and its pictures say (ISO/IEC 14496-2 §6.2.3, §6.2.5). */
import { Bits } from '../codecs/nal-units.ts';
import type { SourceTrackReader } from './source.ts';

const FOURCCS = new Set(['mp4v', 'xvid', 'divx', 'dx50', 'fmp4', 'mp4s', 'm4s2', '3iv2', 'rmp4', 'blz0', 'uldx']);
/** So many pictures are looked at for one that is predicted from both sides. */
const PROBED = 64;
/** vop_coding_type of such a picture. */
const BIDIRECTIONAL = 2;

/** 1 when there are bidirectional pictures, which come out one later than they are decoded; 0 when there are none, or for other codecs. */
export const mpeg4Delay = async (fourcc: string, track: SourceTrackReader): Promise<0 | 1> => {
  if (!FOURCCS.has(fourcc)) return 0;
  let probed = 0;
  for await (const packet of track.packets(-Infinity)) {
    const bytes = await packet.load();
    for (let at = 0; at + 4 < bytes.length; at += 1) {
      const isPicture = bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1 && bytes[at + 3] === 0xb6;
      if (isPicture && new Bits(bytes.subarray(at + 4, at + 5)).take(2) === BIDIRECTIONAL) return 1;
    }
    if ((probed += 1) >= PROBED) return 0;
  }
  return 0;
};
