/** The picture of a clip before it is written: samples on the source's ticks, how they are described, what was lost. */
import type { InputVideoTrack } from 'mediabunny';
import type { ReencodedSample } from './edge-encoder.ts';
import { IDENTITY_MATRIX } from './mp4-writer.ts';
import type { Bytes } from './mp4-boxes.ts';
import type { Geometry } from './redaction.ts';

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
  /** Embedded messages and comments left out. */
  readonly messages: number;
}

export interface Span {
  readonly first: number;
  readonly last: number;
}

export const geometryOf = async (track: InputVideoTrack, matrix: readonly number[] | undefined): Promise<Geometry> => ({
  codedWidth: await track.getCodedWidth(),
  codedHeight: await track.getCodedHeight(),
  pixelAspect: await track.getPixelAspectRatio(),
  matrix: matrix ? withoutTranslation(matrix) : rotationMatrix(await track.getRotation()),
});

/** Translations in a track matrix place the picture on a canvas; players show it from its corner. */
const withoutTranslation = (matrix: readonly number[]): readonly number[] =>
  matrix.map((word, index) => (index === 6 || index === 7 ? 0 : word));

const rotationMatrix = (degreesClockwise: number): readonly number[] => {
  const sine = Math.round(Math.sin((degreesClockwise * Math.PI) / 180)) * 0x10000;
  const cosine = Math.round(Math.cos((degreesClockwise * Math.PI) / 180)) * 0x10000;
  return [cosine, sine, 0, -sine, cosine, 0, 0, 0, IDENTITY_MATRIX[8] ?? 0];
};
