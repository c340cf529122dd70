/** Judges a clip's sound against its recording's: every packet wholly inside the window, none besides, in step with the picture. */
import { ask } from './native.ts';
import { mainStream, tickOf, type Packet, type Probe, type Stream } from './probe.ts';
import type { Source } from './source.ts';
import type { Window } from './windows.ts';

/** Where a format cannot be kept and is coded anew, its first packet may begin this much after the window, never before. */
const LATEST_START = 0.064;
/** A time in a file is a whole number of ticks, of which ffprobe prints six digits. */
const ROUNDING = 0.0011;
/** AAC encoders that leave their name in the sound do so in every 256th packet; there the clip's packet differs by it. */
const NAME_EVERY = 200;
/** An MP3 frame may reach back into so many before it for its bits. */
const RESERVOIR_PACKETS = 12;

/** The recording's time minus the clip's, in seconds, as the pictures tell it: no better than a tick of their track. */
export interface PictureShift {
  readonly shift: number;
  readonly tick: number;
}

/** Sentences about what is wrong; none when nothing is. */
export const judgeSound = async (
  source: Source,
  window: Window,
  clip: string,
  found: Probe,
  told: PictureShift,
): Promise<readonly string[]> => {
  const stream = mainStream(found, 'audio');
  if (!source.sound || window.mute) return stream ? ['there is sound where there should be none'] : [];
  // Sound before 0 primes the decoder, but where the stream's clock is its own.
  const begins = source.probe.format.startsWith('mpeg') ? -Infinity : 0;
  const wanted = wholePackets(source.sound.packets, { ...window, from: Math.max(begins, window.from) });
  if (!stream) return wanted.length > 0 ? [`the sound is missing: ${wanted.length} packets`] : [];
  const packets = found.packets.filter((packet) => packet.stream === stream.index);
  const shift = exactShift([...wanted, ...source.sound.packets], packets, told);
  const slack = ROUNDING + (told.tick > ROUNDING ? told.tick : 0);
  const shifted = packets.map((packet) => ({ ...packet, from: packet.from + shift, to: packet.to + shift }));
  if (stream.codec_name !== source.sound.stream.codec_name)
    return judgeTranscoded(source.sound, window, shifted, slack);
  if (isSampled(stream)) return judgeSamples(source, window, clip, stream, shifted);
  const problems = judgePackets(wanted, window, shifted, tickOf(source.sound.stream));
  if (problems !== 'altered') return problems;
  return judgeDecoded(source.file, source.sound.stream.index, clip, stream.index, shift);
};

/** Where the picture's ticks are coarse (25 a second are common), the very packet within a tick tells the shift better: the first wanted, where several are alike. */
const exactShift = (own: readonly Packet[], found: readonly Packet[], { shift, tick }: PictureShift): number => {
  const [first] = found;
  if (!first || tick <= ROUNDING) return shift;
  const same = own.find(({ from, hash }) => hash === first.hash && Math.abs(from - first.from - shift) <= tick);
  return same ? same.from - first.from : shift;
};

const isSampled = ({ codec_name = '' }: Stream): boolean => codec_name.startsWith('pcm_');

const wholePackets = (packets: readonly Packet[], { from, to }: Window): readonly Packet[] =>
  packets.filter(
    (packet) =>
      !packet.isDiscarded &&
      Math.round(packet.from * 1e6) >= Math.round(from * 1e6) &&
      Math.round(packet.to * 1e6) <= Math.round(to * 1e6),
  );

const judgePackets = (
  wanted: readonly Packet[],
  window: Window,
  found: readonly Packet[],
  tick: number,
): readonly string[] | 'altered' => {
  const problems: string[] = [];
  // A packet that begins or ends within a tick of the window's edge may be counted either way: durations are rounded.
  const isOnEdge = ({ from, to }: Packet): boolean =>
    Math.abs(from - window.from) < tick + 2e-6 || Math.abs(to - window.to) < tick + 2e-6;
  const edges = wanted.filter(isOnEdge).length;
  if (found.length > wanted.length + 1 || found.length < wanted.length - edges) {
    return [`${found.length} sound packets instead of ${wanted.length}`];
  }
  const skipped = wanted.findIndex(({ from }) => Math.abs(from - (found[0]?.from ?? NaN)) < ROUNDING);
  if (skipped < 0)
    return [`the sound begins at ${found[0]?.from.toFixed(4)} s instead of ${wanted[0]?.from.toFixed(4)} s`];
  let renamed = 0;
  found.forEach((packet, index) => {
    const own = wanted[skipped + index];
    if (!own || own.bytes !== packet.bytes) problems.push(`sound packet ${index} is not the recording's`);
    else if (Math.abs(own.from - packet.from) > ROUNDING) problems.push(`sound packet ${index} is at another time`);
    else if (own.hash !== packet.hash) renamed++;
  });
  if (problems.length === 0 && renamed > 1 + found.length / NAME_EVERY) return 'altered';
  return problems.slice(0, 2);
};

/** Packets without the encoder's name in them sound the same: every decoded stretch is the recording's, bit for bit. */
const judgeDecoded = async (
  recording: string,
  track: number,
  clip: string,
  clipTrack: number,
  shift: number,
): Promise<readonly string[]> => {
  const [own, found] = await Promise.all([decodedSound(recording, track), decodedSound(clip, clipTrack)]);
  const other = found.slice(RESERVOIR_PACKETS).filter(({ at, md5 }) => {
    const same = own.find((stretch) => Math.abs(stretch.at - at - shift) < ROUNDING);
    return same?.md5 !== md5;
  });
  return other.length > 0 ? [`${other.length} stretches of sound are not the recording's`] : [];
};

const decodedSound = async (
  file: string,
  track: number,
): Promise<readonly { readonly at: number; readonly md5: string }[]> => {
  const { stdout } = await ask('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-copyts', '-i', file, '-map', `0:${track}`, '-f', 'framemd5', '-'],
  ]);
  const text = stdout.toString('utf8');
  const [, num = '1', den = '1'] = /#tb 0: (\d+)\/(\d+)/.exec(text) ?? [];
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((field) => field.trim()))
    .map((fields) => ({ at: (Number(fields[2]) * Number(num)) / Number(den), md5: fields[5] ?? '' }));
};

/** Uncompressed sound is kept to the sample: the clip's bytes are a stretch of the recording's, at the window's place. */
const judgeSamples = async (
  source: Source,
  window: Window,
  clip: string,
  stream: Stream,
  found: readonly Packet[],
): Promise<readonly string[]> => {
  const original = source.sound?.stream;
  if (!original) return [];
  const [whole, part] = await Promise.all([rawSound(source.file, original.index), rawSound(clip, stream.index)]);
  const frameBytes = ((stream.bits_per_sample ?? 0) * (stream.channels ?? 0)) / 8;
  const rate = Number(stream.sample_rate);
  const begins = source.sound?.packets[0]?.from ?? 0;
  const index = (time: number): number => (time - begins) * rate;
  const wantedFrom = Math.max(0, Math.ceil(index(window.from) - 0.01));
  const wantedTo = Math.min(whole.length / frameBytes, Math.floor(index(window.to) + 0.01));
  const samples = part.length / frameBytes;
  const problems: string[] = [];
  // Where the container's ticks are coarser than samples, packets begin up to a tick beside their samples' place.
  const slack = Math.max(2, Math.ceil(tickOf(original) * rate) + 1);
  if (Math.abs(samples - (wantedTo - wantedFrom)) > slack)
    problems.push(`${samples} samples of sound instead of ${wantedTo - wantedFrom}`);
  const shifts = Array.from({ length: 2 * slack + 1 }, (_, index) => index - slack);
  const placed = shifts.some((shift) => {
    const at = (wantedFrom + shift) * frameBytes;
    return at >= 0 && whole.subarray(at, at + part.length).equals(part);
  });
  if (!placed) problems.push('the samples of sound are not the recording’s at that place');
  if (Math.abs((found[0]?.from ?? NaN) - Math.max(begins, window.from)) > ROUNDING + 1 / rate)
    problems.push('the sound is out of step');
  return problems;
};

const rawSound = async (file: string, track: number): Promise<Buffer> => {
  const { stdout } = await ask('ffmpeg', [
    '-nostdin',
    '-v',
    'error',
    '-i',
    file,
    '-map',
    `0:${track}`,
    '-c',
    'copy',
    '-f',
    'data',
    '-',
  ]);
  return stdout;
};

const judgeTranscoded = (
  sound: { readonly packets: readonly Packet[] },
  window: Window,
  found: readonly Packet[],
  slack: number,
): readonly string[] => {
  const from = Math.max(window.from, sound.packets[0]?.from ?? NaN);
  const to = Math.min(window.to, sound.packets.at(-1)?.to ?? NaN);
  const begins = found[0]?.from ?? NaN;
  const ends = found.at(-1)?.to ?? NaN;
  if (!(begins >= window.from - slack && begins <= from + LATEST_START + slack)) {
    return [`the sound coded anew begins at ${begins.toFixed(4)} s, the window at ${from.toFixed(4)} s`];
  }
  if (!(ends <= window.to + slack && ends >= to - LATEST_START * 2)) {
    return [`the sound coded anew ends at ${ends.toFixed(4)} s, the window at ${to.toFixed(4)} s`];
  }
  return [];
};
