/** The video codecs whose frames the audit can take apart. Others join here. */
import { H264_RULES } from './h264.ts';
import type { VideoRules } from './video-rules.ts';

const RULES: readonly VideoRules[] = [H264_RULES];

/** The rules for a codec by mediabunny's name, or null when its frames cannot be taken apart. */
export const videoRules = (codec: string | null): VideoRules | null =>
  RULES.find((rules) => rules.codec === codec) ?? null;
