/**
 * Encodes a cut's edges with the browser's own coders (WebCodecs): no megabytes to load, and hardware where there is any.
 * Whatever it cannot do, or does not do exactly, it says so, and the next encoder is asked.
 */
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { TrimRefusal } from '../../src/contracts/trim-api.ts';
import type { EdgeEncoder, EdgeSegment, EdgeSource, EncodedEdges } from './edge-encoder.ts';
import { encoderConfigs, supportedConfig } from './webcodecs-configs.ts';
import { CoderProblem, runSegment } from './webcodecs-pipeline.ts';
import { frameSegment, type FramedSegment } from './webcodecs-samples.ts';
import { cameraSps, codesWholeFrames } from './h264-signal.ts';

export const webcodecsEdges: EdgeEncoder = {
  encode: async (source, segments, onProgress) => {
    const problem = await cannotDo(source);
    if (problem !== null) return failure('unsupported-codec', problem);
    const total = segments.reduce((sum, segment) => sum + segment.wanted.length, 0);
    const framed: FramedSegment[] = [];
    let done = 0;
    for (const segment of segments) {
      const result = await encodeSegment(source, segment, (frames) => onProgress((done + frames) / total));
      if (!result.ok) return result;
      framed.push(result.value);
      done += segment.wanted.length;
    }
    const edges: EncodedEdges = {
      segments: framed.map(({ samples }) => samples),
      // A browser's decoder stops at damage instead of going on.
      isDoubtful: false,
      sets: { sps: framed.flatMap(({ sets }) => sets.sps), pps: framed.flatMap(({ sets }) => sets.pps) },
    };
    return ok(edges);
  },
};

/** Whether this browser encodes what most cameras record, 8 bit H.264 in full HD: the ffmpeg core is then seldom needed. */
export const encodesH264 = async (): Promise<boolean> => {
  if (typeof VideoEncoder === 'undefined') return false;
  const shape = { width: 1920, height: 1080, framesPerSecond: 25, sourceBitrate: 0 };
  return (await supportedConfig(encoderConfigs({ codec: 'avc', bitDepth: 8 }, shape))) !== null;
};

/** Why the browser's coders are out of the question, before anything is decoded; null when they may be tried. */
const cannotDo = async (source: EdgeSource): Promise<string | null> => {
  if (typeof VideoDecoder === 'undefined' || typeof VideoEncoder === 'undefined') {
    return 'This browser lets pages neither decode nor encode video.';
  }
  if (source.codec === 'hevc') return 'HEVC is not encoded by browsers.';
  if (source.bitDepth !== 8 && source.encodeAs === source.codec)
    return 'Browsers encode only 8 bit pictures without a loss.';
  if (source.interlaced) return 'Browsers encode no interlaced pictures.';
  if (source.codec === 'avc') {
    const sps = cameraSps(source);
    if (!sps || !codesWholeFrames(sps)) return 'Browsers encode no interlaced pictures.';
  }
  const { supported } = await VideoDecoder.isConfigSupported(source.decoderConfig).catch(() => ({ supported: false }));
  return supported === true ? null : `This browser does not decode ${source.decoderConfig.codec}.`;
};

const encodeSegment = async (
  source: EdgeSource,
  segment: EdgeSegment,
  onEncoded: (frames: number) => void,
): Promise<Result<FramedSegment, TrimRefusal>> => {
  try {
    const { frames, description } = await runSegment(source, segment, onEncoded);
    const framed = frameSegment(source, segment, frames, description);
    return framed
      ? ok(framed)
      : failure('unsupported-codec', 'This browser’s encoder makes streams that cannot be joined.');
  } catch (error) {
    if (!(error instanceof CoderProblem)) throw error;
    return failure('unsupported-codec', `This browser’s own coder could not be used: ${error.message}.`);
  }
};
