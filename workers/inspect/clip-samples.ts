/** Takes the clip's frames and sound packets apart and hashes what will be compared with the source. */
import type { ClipFile, ClipTrack } from './clip-file.ts';
import { videoRules } from './codecs/rules.ts';
import type { ClipPacket } from './compare-audio.ts';
import type { ClipFrame } from './compare-video.ts';
import type { Digest } from './digest.ts';
import { notAClip, type Findings } from './findings.ts';
import { comparable } from './sound-codecs.ts';

/** Shorter units say too little to be told from one another: tables, and pictures in which nothing moves. */
const SHORTEST_PICTURE = 64;

/** The clip's frames in decode order. Stops the audit when a sample does not consist of whole units. */
export const clipFrames = (clip: ClipFile, digest: Digest, findings: Findings): readonly ClipFrame[] => {
  const { coding, samples, timescale } = clip.video;
  const rules = videoRules(coding.codec);
  if (rules === null || coding.kind !== 'video') return notAClip(`The clip’s picture is coded as ${coding.codec}.`);
  const { framing } = coding;
  if (framing !== null && framing !== 4)
    notAClip(`The clip frames its units with ${framing} bytes of length; clips use 4.`);
  return samples.map((sample) => {
    const parts = rules.split(clip.bytes.subarray(sample.offset, sample.offset + sample.size), framing);
    if (parts === null) return notAClip(`Video sample ${sample.number} does not consist of whole units.`);
    if (parts.picture.length === 0)
      findings.add('unaccounted-bytes', `Video sample ${sample.number} holds no picture.`);
    for (const { rule, detail } of parts.findings) findings.add(rule, `Video sample ${sample.number} holds ${detail}.`);
    if (sample.number === 1 && !parts.cleanStart) {
      findings.add('not-a-clip', 'The first frame cannot be shown without frames that are not in the clip.');
    }
    if (sample.pts < 0)
      findings.add('not-a-clip', `Video sample ${sample.number} lies before the clip’s beginning and so is hidden.`);
    const hashes = parts.picture.length === 0 ? null : digest.parts(parts.picture);
    return {
      number: sample.number,
      at: sample.pts / timescale,
      bytes: sample.size,
      hash: hashes?.whole ?? '',
      pieces: hashes?.each.filter((_, index) => (parts.picture[index]?.length ?? 0) >= SHORTEST_PICTURE) ?? [],
      companions: parts.companions.map((unit) => digest.of([unit])),
      ...{ shows: parts.shows, hides: parts.hides, endsSequence: parts.endsSequence, needsEnd: parts.needsEnd },
    };
  });
};

export const clipParameterSets = (clip: ClipFile, digest: Digest): readonly string[] =>
  clip.video.coding.kind === 'video' ? clip.video.coding.parameterSets.map((set) => digest.of([set])) : [];

/** The clip's sound packets in decode order, for codecs whose packets are compared one by one. */
export const clipPackets = (clip: ClipFile, track: ClipTrack, digest: Digest): readonly ClipPacket[] =>
  track.samples.map(({ number, pts, duration, offset, size }) => ({
    number,
    at: pts / track.timescale,
    duration: duration / track.timescale,
    hash: digest.of([comparable(track.coding.codec, clip.bytes.subarray(offset, offset + size), false)]),
  }));
