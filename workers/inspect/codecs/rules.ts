/** The video codecs whose frames the audit can take apart. Others join here. */
import { AV1_RULES } from './av1.ts';
import { H264_RULES } from './h264.ts';
import { HEVC_RULES } from './hevc.ts';
import { MJPEG_RULES } from './mjpeg.ts';
import type { VideoRules } from './video-rules.ts';
import { VP8_RULES } from './vp8.ts';
import { VP9_RULES } from './vp9.ts';

const RULES: readonly VideoRules[] = [H264_RULES, HEVC_RULES, VP8_RULES, VP9_RULES, AV1_RULES, MJPEG_RULES];

/** The rules for a codec by name, or null when its frames cannot be taken apart. */
export const videoRules = (codec: string | null): VideoRules | null =>
  RULES.find((rules) => rules.codec === codec) ?? null;
