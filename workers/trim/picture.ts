/** The picture of a clip before it is written: samples on the source's ticks, how they are described, what was lost. */
import type { InputVideoTrack } from 'mediabunny';
import type { ReencodedSample } from './edge-encoder.ts';
import { IDENTITY_MATRIX } from './mp4-writer.ts';
import type { Bytes } from './mp4-boxes.ts';
import type { Geometry } from './redaction.ts';
import type { TrackFacts } from './source-facts.ts';

export interface Picture {
  /** In decode order. */
  readonly samples: readonly ReencodedSample[];
  readonly timescale: number;
  readonly container: 'mp4' | 'webm';
  readonly sampleEntry: Bytes;
  readonly geometry: Geometry;
  readonly framesInWindow: number;
  readonly framesOriginal: number;
  /** Presentation times of frames of the window, in seconds: first and last of the window, first and last that are kept. */
  readonly windowSpan: Span;
  readonly keptSpan: Span;
  /** Times in seconds of frames of the window that are damaged in the source and not in the clip, ascending. */
  readonly missingAt: readonly number[];
  /** Stretches that are damaged, or may refer to what is: they show what players show. */
  readonly doubtful: readonly Span[];
  /** Embedded messages and comments left out. */
  readonly messages: number;
}

export interface Span {
  readonly first: number;
  readonly last: number;
}

/** `coded` is the size that the stream itself states, where it is known. */
export const geometryOf = async (
  track: InputVideoTrack,
  facts: TrackFacts | null,
  coded: PixelSize | null,
): Promise<Geometry> => {
  const size = coded ?? { width: await track.getCodedWidth(), height: await track.getCodedHeight() };
  const stated = facts?.size ?? size;
  const shown = isCroppedTo(size, stated) ? stated : size;
  return {
    codedWidth: shown.width,
    codedHeight: shown.height,
    pixelAspect: facts?.pixelAspect ?? (await track.getPixelAspectRatio()),
    matrix: facts ? withoutTranslation(facts.matrix) : rotationMatrix(await track.getRotation()),
  };
};

interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Some cameras leave it to the container to crop the last macroblocks, as players do (FFmpeg's `h264_slice.c`, init_dimensions). */
const isCroppedTo = (coded: PixelSize, stated: PixelSize): boolean => {
  const blocks = (pixels: number): number => Math.ceil(pixels / 16);
  return (
    stated.width <= coded.width &&
    stated.height <= coded.height &&
    blocks(stated.width) === blocks(coded.width) &&
    blocks(stated.height) === blocks(coded.height)
  );
};

/** Translations in a track matrix place the picture on a canvas; players show it from its corner. */
const withoutTranslation = (matrix: readonly number[]): readonly number[] =>
  matrix.map((word, index) => (index === 6 || index === 7 ? 0 : word));

const rotationMatrix = (degreesClockwise: number): readonly number[] => {
  const sine = Math.round(Math.sin((degreesClockwise * Math.PI) / 180)) * 0x10000;
  const cosine = Math.round(Math.cos((degreesClockwise * Math.PI) / 180)) * 0x10000;
  return [cosine, sine, 0, -sine, cosine, 0, 0, 0, IDENTITY_MATRIX[8] ?? 0];
};
