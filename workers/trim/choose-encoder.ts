/** Which encoder makes a cut's edges: the browser's own where it can, the ffmpeg core where it cannot, or the one asked for. */
import type { EncoderChoice } from '../../src/contracts/trim-api.ts';
import type { EdgeEncoder } from './edge-encoder.ts';

/**
 * With `auto` a failure of the browser's coders, whatever it is, is not told: ffmpeg has the last word, as it also decodes what is
 * damaged. Only what ffmpeg does not encode at all is refused with the browser's reason.
 */
export const chooseEncoder = (choice: EncoderChoice, browser: EdgeEncoder, ffmpeg: EdgeEncoder): EdgeEncoder => {
  if (choice === 'webcodecs') return browser;
  if (choice === 'ffmpeg') return ffmpeg;
  return {
    encode: async (source, segments, onProgress) => {
      const first = await browser.encode(source, segments, onProgress);
      if (first.ok) return first;
      const second = await ffmpeg.encode(source, segments, onProgress);
      return second.ok || second.reason !== 'unsupported-codec' ? second : first;
    },
  };
};
