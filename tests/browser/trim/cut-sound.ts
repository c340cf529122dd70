/** The sound of a recording cut in the test browser, with the real ffmpeg core, as a clip of its own. */
import { ALL_FORMATS, BlobSource, Input } from 'mediabunny';
import { commands } from 'vitest/browser';
import type { SoundKind } from '../../support/sound-judge.ts';
import type { AudioCut } from '../../../workers/trim/audio-cut.ts';
import { openAudio } from '../../../workers/trim/audio-packets.ts';
import { createFfmpegCore } from '../../../workers/trim/ffmpeg-core.ts';
import { IDENTITY_MATRIX, writeMp4 } from '../../../workers/trim/mp4-writer.ts';
import { readSourceFacts } from '../../../workers/trim/source-facts.ts';

const core = createFfmpegCore();

export interface CutSound {
  readonly cut: AudioCut;
  readonly removed: readonly string[];
  /** As the judges in tests/support/sound-commands.ts take it. */
  readonly toJudge: {
    readonly source: string;
    readonly clip: string;
    readonly from: number;
    readonly to: number;
    readonly startsAt: number;
  };
}

export const asFile = (bytes: string, name = 'recording'): File =>
  new File([Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))], name);

export const base64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** Opens the file's first sound track, or what lies hidden in it, for a window. */
export const openSound = async (source: Blob, from: number, to: number, target: 'mp4' | 'webm' = 'mp4') => {
  const facts = await readSourceFacts(source);
  const input = new Input({ source: new BlobSource(source), formats: ALL_FORMATS });
  const track = (await input.canRead()) ? ((await input.getAudioTracks())[0] ?? null) : null;
  return openAudio(track, from, to, { core, source, target, facts });
};

/** Makes the recording and cuts its sound to an MP4 without a picture. Throws when it is refused or empty. */
export const cutSound = async (name: string, kind: SoundKind, from: number, to: number): Promise<CutSound> => {
  const { path, bytes } = await commands.soundRecording(name, kind);
  const opened = await openSound(asFile(bytes), from, to);
  if (!opened.ok) throw new Error(`${name}: ${opened.reason}: ${opened.detail}`);
  const cut = await opened.value.finish();
  if (!cut) throw new Error(`${name}: no sound came out`);
  const { timescale, samples, endTicks, sampleEntry, startsAt } = cut;
  const clip = writeMp4([
    {
      kind: 'audio',
      timescale,
      samples,
      endTicks,
      sampleEntry,
      delay: 0,
      width: 0,
      height: 0,
      matrix: IDENTITY_MATRIX,
    },
  ]);
  return { cut, removed: opened.value.removed, toJudge: { source: path, clip: base64(clip), from, to, startsAt } };
};
