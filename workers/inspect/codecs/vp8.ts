/** VP8 as the audit reads it: one packet, one frame, shown or kept by the decoder (RFC 6386 §9.1). */
import { NO_CONFIGURATION, ONE_PICTURE, type FrameParts, type VideoRules } from './video-rules.ts';

const split = (frame: Uint8Array): FrameParts | null => {
  const [first = 0, second = 0, third = 0] = frame;
  if (frame.length < 3) return null;
  const key = (first & 1) === 0;
  const firstPartition = (first | (second << 8) | (third << 16)) >> 5;
  const header = key ? 10 : 3;
  if (header + firstPartition > frame.length) return null;
  if (key && (frame[3] !== 0x9d || frame[4] !== 1 || frame[5] !== 0x2a)) return null;
  const shown = ((first >> 4) & 1) === 1;
  return {
    ...ONE_PICTURE,
    picture: [frame],
    cleanStart: key && shown,
    openStart: key,
    shows: shown ? 1 : 0,
    hides: shown ? 0 : 1,
  };
};

export const VP8_RULES: VideoRules = {
  codec: 'vp8',
  configuration: () => NO_CONFIGURATION,
  split,
  formatOf: () => null,
};
