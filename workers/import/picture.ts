/** A small picture of a recording's first frame, where this browser can decode it. */
import { CanvasSink, type InputVideoTrack } from 'mediabunny';
import type { Seconds } from '../../src/contracts/units.ts';

/** A first frame as it lies in the file, for containers that mediabunny does not read. */
export type FirstPicture =
  | { readonly kind: 'jpeg'; readonly bytes: Uint8Array }
  /** One key picture: with start codes, or with lengths when `description` holds its decoder configuration. */
  | {
      readonly kind: 'coded';
      readonly codec: string;
      readonly description?: Uint8Array;
      readonly bytes: Uint8Array;
    };

const WIDEST = 320;
/** Decoders have been seen to fall silent on damaged streams. */
const PATIENCE_MS = 5_000;

const asJpeg = (image: CanvasImageSource, width: number, height: number): Promise<Blob> => {
  const scale = Math.min(1, WIDEST / width);
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
};

const fromTrack = async (track: InputVideoTrack, at: Seconds): Promise<Blob | null> => {
  if (!(await track.canDecode())) return null;
  const width = Math.min(WIDEST, await track.getDisplayWidth());
  const frame = await new CanvasSink(track, { width }).getCanvas(at);
  return frame && asJpeg(frame.canvas, frame.canvas.width, frame.canvas.height);
};

const fromJpeg = async (bytes: Uint8Array): Promise<Blob> => {
  const image = await createImageBitmap(new Blob([bytes.slice()], { type: 'image/jpeg' }));
  try {
    return await asJpeg(image, image.width, image.height);
  } finally {
    image.close();
  }
};

/** Rejects when the decoder complains, and on abort, which closes it. */
const decoded = async (
  { codec, description, bytes }: Extract<FirstPicture, { kind: 'coded' }>,
  signal: AbortSignal,
): Promise<VideoFrame | null> => {
  const config: VideoDecoderConfig = { codec, optimizeForLatency: true, ...(description && { description }) };
  if (!(await VideoDecoder.isConfigSupported(config)).supported) return null;
  const frames: VideoFrame[] = [];
  const decoder = new VideoDecoder({
    output: (frame) => frames.push(frame),
    // `flush` rejects with it too.
    error: () => undefined,
  });
  const close = (): void => {
    if (decoder.state !== 'closed') decoder.close();
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    decoder.configure(config);
    decoder.decode(new EncodedVideoChunk({ type: 'key', timestamp: 0, data: bytes }));
    await decoder.flush();
    return frames.shift() ?? null;
  } finally {
    close();
    for (const frame of frames) frame.close();
  }
};

const fromCoded = async (
  picture: Extract<FirstPicture, { kind: 'coded' }>,
  signal: AbortSignal,
): Promise<Blob | null> => {
  const frame = await decoded(picture, signal);
  if (!frame) return null;
  try {
    return await asJpeg(frame, frame.displayWidth, frame.displayHeight);
  } finally {
    frame.close();
  }
};

/** Null when drawing fails or takes too long; then it is told to stop. */
const patiently = async (draw: (signal: AbortSignal) => Promise<Blob | null>): Promise<Blob | null> => {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      resolve(null);
      abort.abort();
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([draw(abort.signal), tooLong]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};

/** JPEG of the frame at `at`, at most 320 px wide; null when it cannot be had. Never throws: a recording without a picture is still a recording. */
export const thumbnailOf = (track: InputVideoTrack, at: Seconds): Promise<Blob | null> =>
  patiently(() => fromTrack(track, at));

/** The same of a frame that was found without mediabunny. */
export const thumbnailOfPicture = (picture: FirstPicture | null): Promise<Blob | null> =>
  patiently(async (signal) => {
    if (picture === null) return null;
    return picture.kind === 'jpeg' ? fromJpeg(picture.bytes) : fromCoded(picture, signal);
  });
