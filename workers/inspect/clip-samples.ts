/** Takes the clip's frames and sound packets apart and hashes what will be compared with the source. */
import type { ClipFile } from './clip-file.ts';
import type { ClipTrack } from './clip-track.ts';
import { soundOf } from './aac.ts';
import { videoRules } from './codecs.ts';
import type { ClipPacket } from './compare-audio.ts';
import type { ClipFrame } from './compare-video.ts';
import type { Digest } from './digest.ts';
import { notAClip, type Findings } from './findings.ts';

/** The clip's frames in decode order. Stops the audit when a sample does not consist of whole units. */
export const clipFrames = (clip: ClipFile, digest: Digest, findings: Findings): readonly ClipFrame[] => {
  const { coding, samples, timescale } = clip.video;
  const rules = videoRules(coding.codec);
  if (rules === null || coding.kind !== 'video') return notAClip(`The clip’s picture is coded as ${coding.codec}.`);
  if (coding.lengthSize !== 4)
    notAClip(`The clip frames its units with ${coding.lengthSize} bytes of length; clips use 4.`);
  return samples.map((sample) => {
    const parts = rules.split(clip.walker.bytes.subarray(sample.offset, sample.offset + sample.size), 4);
    if (parts === null) return notAClip(`Video sample ${sample.number} does not consist of whole units.`);
    if (parts.picture.length === 0)
      findings.add('unaccounted-bytes', `Video sample ${sample.number} holds no picture.`);
    for (const { rule, detail } of parts.findings) findings.add(rule, `Video sample ${sample.number} holds ${detail}.`);
    if (sample.number === 1 && !parts.cleanStart) {
      findings.add('not-a-clip', 'The first frame cannot be shown without frames that are not in the clip.');
    }
    if (sample.pts < 0)
      findings.add('not-a-clip', `Video sample ${sample.number} lies before the clip’s beginning and so is hidden.`);
    return {
      number: sample.number,
      at: sample.pts / timescale,
      bytes: sample.size,
      hash: parts.picture.length === 0 ? '' : digest.of(parts.picture),
      companions: parts.companions.map((unit) => digest.of([unit])),
    };
  });
};

export const clipParameterSets = (clip: ClipFile, digest: Digest): readonly string[] =>
  clip.video.coding.kind === 'video' ? clip.video.coding.parameterSets.map((set) => digest.of([set])) : [];

/** The clip's sound packets in decode order, and the hash of their decoder configuration. */
export const clipPackets = (
  clip: ClipFile,
  track: ClipTrack,
  digest: Digest,
): { readonly packets: readonly ClipPacket[]; readonly configuration: string } => ({
  packets: track.samples.map(({ number, pts, offset, size }) => ({
    number,
    at: pts / track.timescale,
    hash: digest.of([soundOf(clip.walker.bytes.subarray(offset, offset + size), false)]),
  })),
  configuration: track.coding.kind === 'audio' ? digest.of([track.coding.config]) : '',
});
