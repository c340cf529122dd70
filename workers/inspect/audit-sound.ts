/** The sound of a clip: that there is some exactly when there should be, and that it is the window's. */
import type { AuditJob, AuditReport } from '../../src/contracts/inspect-api.ts';
import type { Seconds } from '../../src/contracts/units.ts';
import type { ClipFile, ClipTrack } from './clip-file.ts';
import { clipPackets } from './clip-samples.ts';
import { compareAudio, type SoundVerdict } from './compare-audio.ts';
import { comparePcm } from './compare-pcm.ts';
import { compareTranscoded } from './compare-transcoded.ts';
import type { VideoVerdict } from './compare-video.ts';
import type { Digest } from './digest.ts';
import type { Findings } from './findings.ts';
import { pcmFits, samePcm, showPcm } from './pcm.ts';
import { settingsProblem } from './sound-codecs.ts';
import { readSourceSound } from './source-sound.ts';
import type { SourceTrackReader } from './sources/source.ts';
import { intervalBelongs, show } from './window.ts';

/** Whether a clip of this container holds the source's sound as it is. */
const isKept = (clip: ClipFile, source: SourceTrackReader): boolean => {
  if (clip.container === 'webm') return source.codec === 'opus' || source.codec === 'vorbis';
  return source.pcm === null ? source.codec !== null && source.codec !== 'vorbis' : pcmFits(source.pcm);
};

const auditTrack = async (
  clip: ClipFile,
  track: ClipTrack,
  source: SourceTrackReader,
  video: VideoVerdict,
  job: AuditJob,
  digest: Digest,
  findings: Findings,
): Promise<SoundVerdict> => {
  const sourceTimeOf = (mediaTime: Seconds): Seconds => mediaTime + track.delay - clip.video.delay + video.offset;
  const { coding } = track;
  // Both tracks' ticks, and the delay between them, are rounded on their own.
  const rounding = video.tolerance + clip.delayTick + 1 / track.timescale;
  const transcoded = clip.container === 'webm' ? 'opus' : 'aac';
  if (!isKept(clip, source)) {
    if (coding.codec !== transcoded)
      findings.add(
        'altered-frame',
        `The clip’s sound is coded as ${coding.codec}, which is neither the recording’s nor ${transcoded}.`,
      );
    return compareTranscoded(track, await readSourceSound(source, job, digest), job, sourceTimeOf, rounding, findings);
  }
  if (coding.codec !== source.codec) {
    findings.add(
      'altered-frame',
      `The recording’s sound is ${source.codec} and could have stayed so; the clip’s is ${coding.codec}.`,
    );
    return compareTranscoded(track, await readSourceSound(source, job, digest), job, sourceTimeOf, rounding, findings);
  }
  const pcm = coding.kind === 'audio' ? coding.pcm : null;
  if (pcm !== null && source.pcm !== null) {
    if (!samePcm(pcm, source.pcm)) {
      findings.add(
        'unaccounted-bytes',
        `The clip’s sound is ${showPcm(pcm)}; the recording’s is ${showPcm(source.pcm)}.`,
      );
    }
    return comparePcm(clip, track, pcm, source, job, sourceTimeOf, findings);
  }
  const [first] = track.samples;
  const opening = first === undefined ? new Uint8Array() : clip.bytes.subarray(first.offset, first.offset + first.size);
  const configuration = coding.kind === 'audio' ? coding.configuration : null;
  const problem = settingsProblem(coding.codec, configuration, source.configurations, opening);
  if (problem !== null) findings.add('unaccounted-bytes', problem);
  return compareAudio(
    track,
    clipPackets(clip, track, digest),
    await readSourceSound(source, job, digest),
    job,
    findings,
  );
};

/** Everything wrong goes into `findings`; the sound's interval on the source's timeline, or null without sound. */
export const auditSound = async (
  clip: ClipFile,
  source: SourceTrackReader | null,
  video: VideoVerdict,
  asked: AuditJob,
  digest: Digest,
  findings: Findings,
): Promise<AuditReport['audio']> => {
  const job = { ...asked, from: Math.max(asked.from, source?.begins ?? 0) };
  if (clip.audio === null) {
    // Original clips may be left with no whole packet; a codec that nobody decodes cannot be encoded anew.
    if (job.mute || source === null || job.mode === 'original' || source.codec === null) return null;
    for await (const packet of source.packets(job.from)) {
      if (packet.at >= job.to) break;
      const inside = packet.shown && intervalBelongs(job, packet.at, packet.duration, -2);
      if (inside && packet.duration > 0) {
        findings.add('frame-missing', 'The recording has sound in the window and the clip has none.');
        break;
      }
    }
    return null;
  }
  if (job.mute || source === null) {
    findings.add(
      'extra-track',
      job.mute ? 'The clip has sound although it was to be muted.' : 'The clip has sound and the recording has none.',
    );
    return null;
  }
  const verdict = await auditTrack(clip, clip.audio, source, video, job, digest, findings);
  const apart = video.offset - clip.video.delay - (verdict.offset - clip.audio.delay);
  if (Math.abs(apart) > video.tolerance + verdict.tolerance + clip.delayTick) {
    findings.add(
      'wrong-timestamp',
      `Sound and picture are ${show(Math.abs(apart))} further apart than in the recording.`,
    );
  }
  return verdict.audio;
};
