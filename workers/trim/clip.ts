/** Puts picture and sound on one clock and writes the clip. */
import type { AudioCut } from './audio-packets.ts';
import { IDENTITY_MATRIX, writeMp4, type ClipTrack } from './mp4-writer.ts';
import type { Bytes } from './mp4-boxes.ts';
import type { Picture } from './picture.ts';
import { writeWebm } from './webm-writer.ts';

/** `to` is the window's end in seconds: the last frame is shown no longer than that. */
export const writeClip = (picture: Picture, audio: AudioCut | null, to: number): Bytes =>
  picture.container === 'webm' ? webmClip(picture, audio, to) : mp4Clip(picture, audio, to);

/** First and last tick, and where the last frame's showing ends. */
const spanOf = ({ samples, timescale }: Picture, to: number): { first: number; end: number } => {
  const ticks = samples.map((sample) => sample.ticks).sort((a, b) => a - b);
  const first = ticks[0] ?? 0;
  const last = ticks.at(-1) ?? 0;
  const usual = ticks.length > 1 ? last - (ticks.at(-2) ?? 0) : Math.round(timescale / 25);
  return { first, end: Math.max(last + 1, Math.min(last + Math.max(1, usual), Math.ceil(to * timescale))) };
};

/** Players count a track's delay in its own ticks: at 25 a second, sound and picture would be 20 ms apart. */
const LEAST_TICKS = 10_000;

/** The same track on a multiple of its clock. Plain samples stay on theirs, of which each lasts one tick. */
const inFineTicks = (track: ClipTrack): ClipTrack => {
  if (track.samples.some(({ units }) => units !== undefined)) return track;
  const times = Math.ceil(LEAST_TICKS / track.timescale);
  return {
    ...track,
    timescale: track.timescale * times,
    samples: track.samples.map((sample) => ({ ...sample, ticks: sample.ticks * times })),
    endTicks: track.endTicks * times,
  };
};

const mp4Clip = (picture: Picture, audio: AudioCut | null, to: number): Bytes => {
  const { geometry, samples, timescale } = picture;
  const { first, end } = spanOf(picture, to);
  const videoStart = first / timescale;
  const clipStart = Math.min(videoStart, audio?.startsAt ?? videoStart);
  const tracks: ClipTrack[] = [
    {
      kind: 'video',
      timescale,
      samples: samples.map((sample) => ({ ...sample, ticks: sample.ticks - first })),
      endTicks: end - first,
      sampleEntry: picture.sampleEntry,
      delay: videoStart - clipStart,
      width: (geometry.codedWidth * geometry.pixelAspect.num) / geometry.pixelAspect.den,
      height: geometry.codedHeight,
      matrix: geometry.matrix,
    },
  ];
  if (audio) {
    tracks.push({
      kind: 'audio',
      timescale: audio.timescale,
      samples: audio.samples,
      endTicks: audio.endTicks,
      sampleEntry: audio.sampleEntry,
      delay: audio.startsAt - clipStart,
      width: 0,
      height: 0,
      matrix: IDENTITY_MATRIX,
    });
  }
  return writeMp4(tracks.map(inFineTicks));
};

const webmClip = (picture: Picture, audio: AudioCut | null, to: number): Bytes => {
  const { geometry, samples, timescale } = picture;
  const { first, end } = spanOf(picture, to);
  const videoStart = first / timescale;
  const clipStart = Math.min(videoStart, audio?.startsAt ?? videoStart);
  const atMs = (seconds: number): number => Math.round((seconds - clipStart) * 1000);
  const shown = Math.round((geometry.codedWidth * geometry.pixelAspect.num) / geometry.pixelAspect.den);
  return writeWebm({
    video: {
      codecId: 'V_VP8',
      width: geometry.codedWidth,
      height: geometry.codedHeight,
      display: shown === geometry.codedWidth ? null : { width: shown, height: geometry.codedHeight },
      frames: samples.map(({ data, ticks, sync }) => ({ data, at: atMs(ticks / timescale), sync })),
    },
    audio: audio?.webm
      ? {
          ...audio.webm,
          frames: audio.samples.map(({ data, ticks }) => ({
            data,
            at: atMs(audio.startsAt + ticks / audio.timescale),
            sync: true,
          })),
        }
      : null,
    duration: Math.max(atMs(end / timescale), audio ? atMs(audio.startsAt + audio.endTicks / audio.timescale) : 0),
  });
};
