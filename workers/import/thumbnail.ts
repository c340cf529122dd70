/** A small picture of a recording's first frame, where this browser can decode it. */
import { CanvasSink, type InputVideoTrack } from 'mediabunny';
import type { Seconds } from '../../src/contracts/units.ts';

const WIDEST = 320;
/** Decoders have been seen to fall silent on damaged streams. */
const PATIENCE_MS = 5_000;

const draw = async (track: InputVideoTrack, at: Seconds): Promise<Blob | null> => {
  if (!(await track.canDecode())) return null;
  const width = Math.min(WIDEST, await track.getDisplayWidth());
  const frame = await new CanvasSink(track, { width }).getCanvas(at);
  if (!frame) return null;
  const canvas = new OffscreenCanvas(frame.canvas.width, frame.canvas.height);
  canvas.getContext('2d')?.drawImage(frame.canvas, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
};

/** JPEG of the frame at `at`, at most 320 px wide; null when it cannot be had. Never throws: a recording without a picture is still a recording. */
export const thumbnailOf = async (track: InputVideoTrack, at: Seconds): Promise<Blob | null> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  try {
    return await Promise.race([draw(track, at), tooLong]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};
