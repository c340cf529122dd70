/** Films whose frames carry their own number as a row of black and white blocks, readable after any codec and any scaling. */
import { nativeTool } from '../../tools/find-native.ts';
import { run } from './run.ts';

export const NUMBERED = { width: 320, height: 180, framesPerSecond: 25, keyframeEvery: 50, durationS: 10 } as const;
/** Numbers count modulo 2 to the power of this. */
const BITS = 8;
/** The band of the picture's height in which the blocks lie. */
const BAND = { from: 0.4, to: 0.6 } as const;

/** Encoder settings by ffmpeg; the keyframe distance is the same in all. */
export const NUMBERED_CODECS = {
  h264: ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-sc_threshold', '0'],
  hevc: [
    '-c:v',
    'libx265',
    '-preset',
    'superfast',
    '-x265-params',
    'log-level=none:keyint=50:scenecut=0',
    '-tag:v',
    'hvc1',
  ],
  vp9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M'],
  vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M'],
  av1: ['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-b:v', '1M'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type NumberedCodec = keyof typeof NUMBERED_CODECS;

/** Writes a grey moving picture with a number in each frame and a tone (AAC, Opus in WebM) to `path`. */
export const makeNumbered = async (path: string, codec: NumberedCodec): Promise<void> => {
  const { width, height, framesPerSecond, keyframeEvery, durationS } = NUMBERED;
  const block = `mod(floor(N/pow(2,floor(X*${BITS}/W))),2)`;
  const band = `between(Y,H*${BAND.from},H*${BAND.to})`;
  const picture = `hue=s=0,geq=lum='if(${band},40+170*${block},40+0.6*lum(X,Y))':cb=128:cr=128`;
  await run(nativeTool('ffmpeg'), [
    ...[
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      `testsrc2=size=${width}x${height}:rate=${framesPerSecond},${picture}`,
    ],
    ...['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000', '-t', String(durationS)],
    ...[...NUMBERED_CODECS[codec], '-g', String(keyframeEvery), '-pix_fmt', 'yuv420p'],
    ...['-c:a', path.endsWith('.webm') ? 'libopus' : 'aac', path],
  ]);
};

/** Reads the number off a likeness: brightness of `width` × `height` pixels, row by row. */
export const numberShown = (brightness: Uint8Array, width: number, height: number): number => {
  const row = Math.floor((height * (BAND.from + BAND.to)) / 2);
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const column = Math.floor(((bit + 0.5) * width) / BITS);
    if ((brightness[row * width + column] ?? 0) > 125) number |= 1 << bit;
  }
  return number;
};
