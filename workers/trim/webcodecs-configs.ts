/** How the browser's encoders are asked for the few frames at a cut's edges: near visual transparency, nothing reordered. */
import type { EdgeSource } from './edge-encoder.ts';

type EncodedKind = Pick<EdgeSource, 'codec' | 'bitDepth'>;

/** What is encoded: the decoded frames' visible size and their usual rate. */
export interface PictureShape {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Bits per second of the packets that are decoded. */
  readonly sourceBitrate: number;
}

/** H.264 levels by macroblocks per frame and per second, ITU-T H.264 table A-1. */
const AVC_LEVELS = [
  { level: 0x1f, frame: 3_600, second: 108_000 },
  { level: 0x28, frame: 8_192, second: 245_760 },
  { level: 0x33, frame: 36_864, second: 983_040 },
  { level: 0x34, frame: 36_864, second: 2_073_600 },
  { level: 0x3e, frame: 139_264, second: 16_711_680 },
] as const;

/** High, Main, Constrained Baseline: profile_idc and constraint flags. */
const AVC_PROFILES = ['6400', '4d00', '42e0'] as const;

/**
 * Where an encoder knows only bit rates: a multiple of the camera's own for the same frames, as it has fewer tools than the
 * camera and has to keep the camera's artefacts too; and never fewer bits per pixel than a first frame of its own takes.
 * A cut's edges are few frames, so their size hardly matters. docs/decisions/0017 has the measurements.
 */
const TIMES_THE_SOURCE = 3;
const BITS_PER_PIXEL = 0.5;
const LEAST_BITRATE = 1_000_000;

/** Quantizer of VP9 and AV1, 0…63; 63 is the coarsest. */
export const QUANTIZER = 12;

/** Configurations to try, the best first. Software encoders come first: they start at once and behave alike everywhere. */
export const encoderConfigs = (source: EncodedKind, shape: PictureShape): readonly VideoEncoderConfig[] => {
  const { width, height, framesPerSecond, sourceBitrate } = shape;
  const bitrate = Math.round(
    Math.max(LEAST_BITRATE, width * height * framesPerSecond * BITS_PER_PIXEL, sourceBitrate * TIMES_THE_SOURCE),
  );
  const common = { width, height, framerate: framesPerSecond, latencyMode: 'quality' } as const;
  const choices = codecStrings(source, shape).map((codec): VideoEncoderConfig => {
    if (source.codec === 'avc') return { ...common, codec, bitrate, avc: { format: 'avc' } };
    return source.codec === 'vp8' ? { ...common, codec, bitrate } : { ...common, codec, bitrateMode: 'quantizer' };
  });
  return (['prefer-software', 'no-preference'] as const).flatMap((hardwareAcceleration) =>
    choices.map((choice) => ({ ...choice, hardwareAcceleration })),
  );
};

const codecStrings = ({ codec, bitDepth }: EncodedKind, shape: PictureShape): readonly string[] => {
  const large = shape.width * shape.height > 2_228_224;
  switch (codec) {
    case 'avc': {
      const level = avcLevel(shape).toString(16).padStart(2, '0');
      return bitDepth === 8 ? AVC_PROFILES.map((profile) => `avc1.${profile}${level}`) : [];
    }
    case 'vp8':
      return ['vp8'];
    case 'vp9':
      return bitDepth === 8 ? [`vp09.00.${large ? 52 : 41}.08`] : [];
    case 'av1':
      return bitDepth === 8 ? [`av01.0.${large ? 14 : '09'}M.08`] : [];
    case 'hevc':
      return [];
  }
};

const avcLevel = ({ width, height, framesPerSecond }: PictureShape): number => {
  const macroblocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const fits = AVC_LEVELS.find(({ frame, second }) => macroblocks <= frame && macroblocks * framesPerSecond <= second);
  return (fits ?? AVC_LEVELS[4]).level;
};

/** The first configuration that this browser's encoder takes, or null. */
export const supportedConfig = async (configs: readonly VideoEncoderConfig[]): Promise<VideoEncoderConfig | null> => {
  for (const config of configs) {
    const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }));
    if (supported === true) return config;
  }
  return null;
};

/** Per frame what the configuration leaves open. */
export const encodeOptions = (codec: EdgeSource['codec'], keyFrame: boolean): VideoEncoderEncodeOptions => {
  if (codec === 'vp9') return { keyFrame, vp9: { quantizer: QUANTIZER } };
  if (codec === 'av1') return { keyFrame, av1: { quantizer: QUANTIZER } };
  return { keyFrame };
};
