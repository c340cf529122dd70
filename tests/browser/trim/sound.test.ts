/** Every kind of sound in the containers that cameras put it into: kept bit for bit or coded anew, judged by native ffmpeg. */
import { describe, expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import type { SoundKind } from '../../support/sound-judge.ts';
import { asFile, cutSound, openSound } from './cut-sound.ts';

/** Between packets and between samples of every rate. */
const WINDOW = { from: 2.112345, to: 5.523456 } as const;
/** MPEG streams begin at 1.4 s. */
const LATER = { from: 3.512345, to: 6.923456 } as const;

const windowOf = ({ ending }: SoundKind) => (ending === 'ts' || ending === 'mpg' ? LATER : WINDOW);

const kind = (ending: string, codec: string, more: Partial<SoundKind> = {}, ...args: readonly string[]): SoundKind => ({
  ending,
  audio: ['-c:a', codec, ...args],
  ...more,
});

const MONO_8K = { rate: 8_000, channels: 1 } as const;

describe('packets are kept as they are', () => {
  test.each([
    ['AC-3 in MP4', kind('mp4', 'ac3')],
    ['AC-3 5.1 in Matroska', kind('mkv', 'ac3', { channels: 6 })],
    ['AC-3 in MPEG-TS', kind('ts', 'ac3')],
    ['E-AC-3 in MP4', kind('mp4', 'eac3')],
    ['E-AC-3 5.1 in MPEG-TS', kind('ts', 'eac3', { channels: 6 })],
    ['FLAC in Matroska', kind('mkv', 'flac')],
    ['FLAC in MP4', kind('mp4', 'flac', {}, '-strict', '-2')],
    ['Opus in MP4', kind('mp4', 'libopus')],
    ['Opus in Matroska', kind('mkv', 'libopus')],
    ['AMR-NB in 3GP', kind('3gp', 'copy', { from: 'amr-nb' })],
    ['AMR-WB in 3GP', kind('3gp', 'copy', { from: 'amr-wb' })],
    ['AMR-NB in Matroska', kind('mkv', 'copy', { from: 'amr-nb' })],
  ] as const)('%s', async (name, recording) => {
    const { from, to } = windowOf(recording);
    const { toJudge, removed } = await cutSound(name, recording, from, to);
    const { packets, clip, source, complaints, names } = await commands.judgeSound(toJudge);
    expect(complaints).toBe('');
    expect(clip).toEqual(source);
    expect(names).toEqual([]);
    expect(packets.inWindow).toBeGreaterThan(30);
    expect(packets).toEqual({
      inClip: packets.inWindow,
      inWindow: packets.inWindow,
      inPlace: packets.inWindow,
      identical: packets.inWindow,
    });
    expect(removed).toEqual([]);
  });
});

/** Opus has 6.5 ms of it, and Matroska's blocks count milliseconds: ffprobe takes 7 off, and shows packets from 34 to 54 ms and so on. */
test('a delay that is no whole millisecond leaves packets where ffprobe shows them', async () => {
  const { toJudge } = await cutSound('Opus in Matroska', kind('mkv', 'libopus'), 0.034, 5.514);
  const { packets } = await commands.judgeSound(toJudge);
  expect(packets.inWindow).toBeGreaterThan(200);
  expect([packets.inClip, packets.inPlace]).toEqual([packets.inWindow, packets.inWindow]);
});

describe('packets are kept but for the name of the encoder in them', () => {
  test.each([
    ['MP3 in MP4', kind('mp4', 'libmp3lame')],
    ['MP3 at 22.05 kHz in MP4', kind('mp4', 'libmp3lame', { rate: 22_050 })],
    ['MP3 in Matroska', kind('mkv', 'libmp3lame')],
    ['MP3 in MPEG-TS', kind('ts', 'libmp3lame')],
    ['MP3 in AVI', kind('avi', 'libmp3lame')],
    ['AAC in MPEG-TS', kind('ts', 'aac')],
    ['AAC 5.1 in MP4', kind('mp4', 'aac', { channels: 6 })],
    ['AAC in FLV', kind('flv', 'aac')],
    ['AAC in AVI', kind('avi', 'aac')],
    ['AAC in LATM in MPEG-TS', kind('ts', 'aac', {}, '-mpegts_flags', 'latm')],
  ] as const)('%s', async (name, recording) => {
    const { from, to } = windowOf(recording);
    const { toJudge } = await cutSound(name, recording, from, to);
    const { packets, clip, source, complaints, names } = await commands.judgeSound(toJudge);
    expect(complaints).toBe('');
    expect({ ...clip, codec_name: clip.codec_name.replace('_latm', '') }).toEqual({
      ...source,
      codec_name: source.codec_name.replace('_latm', ''),
    });
    expect(names).toEqual([]);
    expect(packets.inWindow).toBeGreaterThan(30);
    expect(packets.inClip).toBe(packets.inWindow);
    expect(packets.inPlace).toBe(packets.inWindow);
    expect((await commands.soundShift(toJudge)).likeness).toBeGreaterThan(0.99);
  });

  test('the decoded sound of an MP3 is the same sample for sample', async () => {
    const { toJudge } = await cutSound('MP3 in MP4', kind('mp4', 'libmp3lame'), WINDOW.from, WINDOW.to);
    expect(await commands.sameSamples(toJudge, 's16le', 0.2)).toMatchObject({ same: true });
  });
});

/** Frames of a rate that lie wholly in the window, in whole microseconds, for a recording whose sound begins at 0. */
const framesInside = (rate: number): number => {
  const micro = (seconds: number): number => Math.round(seconds * 1e6);
  return Array.from({ length: rate * 8 }, (_, index) => index).filter(
    (index) => micro(index / rate) >= micro(WINDOW.from) && micro((index + 1) / rate) <= micro(WINDOW.to),
  ).length;
};

describe('plain samples are cut to the very sample', () => {
  test.each([
    ['s16le', kind('mov', 'pcm_s16le')],
    ['s16be', kind('mov', 'pcm_s16be')],
    ['s24le', kind('mov', 'pcm_s24le')],
    ['s24be', kind('mov', 'pcm_s24be')],
    ['s32le', kind('mov', 'pcm_s32le')],
    ['s32be', kind('mov', 'pcm_s32be')],
    ['f32le', kind('mov', 'pcm_f32le')],
    ['f32be', kind('mov', 'pcm_f32be')],
    ['f64le', kind('mov', 'pcm_f64le')],
    ['f64be', kind('mov', 'pcm_f64be')],
    ['u8', kind('mov', 'pcm_u8', MONO_8K)],
    ['s8', kind('mov', 'pcm_s8', MONO_8K)],
    ['alaw', kind('mov', 'pcm_alaw', MONO_8K)],
    ['mulaw', kind('mov', 'pcm_mulaw', MONO_8K)],
    ['s16le', kind('mov', 'pcm_s16le', { rate: 96_000 })],
    ['s16le', kind('avi', 'pcm_s16le', { rate: 22_050, channels: 1 })],
    ['s24le', kind('avi', 'pcm_s24le')],
    ['u8', kind('avi', 'pcm_u8', { rate: 11_025, channels: 1 })],
    ['alaw', kind('avi', 'pcm_alaw', MONO_8K)],
    ['mulaw', kind('avi', 'pcm_mulaw', MONO_8K)],
    ['alaw', kind('mkv', 'pcm_alaw', MONO_8K)],
    ['s16le', kind('mkv', 'pcm_s16le', MONO_8K)],
  ] as const)('%s, %o', async (format, recording) => {
    const name = `pcm ${format} ${recording.rate ?? 48_000}`;
    const { toJudge, cut } = await cutSound(name, recording, WINDOW.from, WINDOW.to);
    const { clip, source, complaints } = await commands.judgeSound(toJudge);
    expect(complaints).toBe('');
    expect(clip).toEqual(source);
    const rate = recording.rate ?? 48_000;
    // Matroska's timestamps are rounded to milliseconds, so the window's ends fall a little beside the true ones.
    const slack = recording.ending === 'mkv' ? rate / 1000 : 0;
    const { same, frames } = await commands.sameSamples(toJudge, format, 0);
    expect(same).toBe(true);
    expect(Math.abs(frames - framesInside(rate))).toBeLessThanOrEqual(slack);
    expect(cut.samples.length).toBeLessThan(200);
  });
});

describe('what a clip cannot hold is coded anew as AAC, exactly the samples of the window', () => {
  test.each([
    ['Vorbis in Matroska', kind('mkv', 'libvorbis'), 'vorbis'],
    ['MP2 in MPEG-TS', kind('ts', 'mp2'), 'mp2'],
    ['MP2 in MPEG-PS', kind('mpg', 'mp2', { video: ['-c:v', 'mpeg2video'] }), 'mp2'],
    ['DTS in Matroska', kind('mkv', 'dca', {}, '-strict', '-2'), 'dts'],
    ['DTS 5.1 in MPEG-TS', kind('ts', 'dca', { channels: 6 }, '-strict', '-2', '-b:a', '1500k'), 'dts'],
    ['MS ADPCM in AVI', kind('avi', 'adpcm_ms'), 'adpcm_ms'],
    ['IMA ADPCM in AVI', kind('avi', 'adpcm_ima_wav', MONO_8K), 'adpcm_ima_wav'],
    ['IMA ADPCM in MOV', kind('mov', 'adpcm_ima_qt'), 'adpcm_ima_qt'],
    ['ADPCM in FLV', kind('flv', 'adpcm_swf', { rate: 22_050, channels: 1 }), 'adpcm_swf'],
    ['Speex in FLV', kind('flv', 'libspeex', { rate: 16_000, channels: 1 }), 'speex'],
    ['WMA in AVI', kind('avi', 'wmav2', { rate: 44_100 }), 'wmav2'],
  ] as const)('%s', async (name, recording, codec) => {
    const { from, to } = windowOf(recording);
    const { toJudge, removed } = await cutSound(name, recording, from, to);
    const { clip, source, complaints, names, begins, ends } = await commands.judgeSound(toJudge);
    expect(complaints).toBe('');
    expect(clip).toEqual({ ...source, codec_name: 'aac' });
    expect(names).toEqual([]);
    expect(begins).toBeGreaterThanOrEqual(from - 1e-6);
    expect(begins).toBeLessThan(from + 0.001);
    expect(ends).toBeLessThanOrEqual(to + 1e-6);
    expect(ends).toBeGreaterThan(to - 0.001);
    expect(removed).toEqual([`the sound’s ${codec} coding: coded anew as AAC`]);
    const { shift, likeness } = await commands.soundShift(toJudge);
    expect(likeness).toBeGreaterThan(0.97);
    expect(Math.abs(shift)).toBeLessThanOrEqual(16);
  });
});

describe('for WebM', () => {
  const inWebm = async (name: string, recording: SoundKind) => {
    const { bytes } = await commands.soundRecording(name, recording);
    const opened = await openSound(asFile(bytes), WINDOW.from, WINDOW.to, 'webm');
    if (!opened.ok) throw new Error(opened.detail);
    return { cut: await opened.value.finish(), removed: opened.value.removed };
  };
  const video = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'] as const;

  test.each([
    ['Opus', 'libopus', 'A_OPUS'],
    ['Vorbis', 'libvorbis', 'A_VORBIS'],
  ] as const)('%s is kept, without pre-skip and without the encoder’s name', async (name, codec, codecId) => {
    const { cut, removed } = await inWebm(`${name} in WebM`, kind('webm', codec, { video }));
    expect(cut?.webm).toMatchObject({ codecId, channels: 2, sampleRate: 48_000 });
    expect(new TextDecoder('latin1').decode(cut?.webm?.codecPrivate)).not.toMatch(/Lavc|Lavf|Xiph/);
    if (codecId === 'A_OPUS') expect([...(cut?.webm?.codecPrivate.subarray(10, 12) ?? [])]).toEqual([0, 0]);
    expect(cut?.startsAt).toBeGreaterThanOrEqual(WINDOW.from);
    expect(removed).toEqual([]);
  });

  test('anything else becomes Opus', async () => {
    const { cut, removed } = await inWebm('MP3 in Matroska', kind('mkv', 'libmp3lame'));
    expect(cut?.webm?.codecId).toBe('A_OPUS');
    expect(cut?.startsAt).toBeGreaterThanOrEqual(WINDOW.from);
    expect(cut?.startsAt).toBeLessThan(WINDOW.from + 0.064);
    expect((cut?.startsAt ?? 0) + (cut?.endTicks ?? 0) / 48_000).toBeLessThanOrEqual(WINDOW.to);
    expect(removed).toEqual(['the sound’s mp3 coding: coded anew as Opus']);
  });
});

test('a recording without sound has none, whatever its container', async () => {
  for (const ending of ['avi', 'ts', 'mp4']) {
    const { bytes } = await commands.soundRecording('silent', { ending, audio: ['-an'] });
    const opened = await openSound(asFile(bytes), WINDOW.from, WINDOW.to);
    expect(opened.ok && (await opened.value.finish())).toBeNull();
    expect(opened.ok && opened.value.removed).toEqual([]);
  }
});
