/** Reads the recording's pictures again, independently of the trimmer: every frame of the window and of its surroundings. */
import type { AuditJob } from '../../src/contracts/inspect-api.ts';
import type { Seconds, Sha256Hex } from '../../src/contracts/units.ts';
import { videoRules } from './codecs/rules.ts';
import type { FrameParts } from './codecs/video-rules.ts';
import type { Digest } from './digest.ts';
import { FieldPairs } from './field-pairs.ts';
import type { SourcePacket, SourceTrackReader } from './sources/source.ts';

/** One frame of the source. */
export interface SourceSample {
  readonly at: Seconds;
  readonly duration: Seconds;
  /** Of the coded picture; empty when the codec is not one whose samples can be compared, or the frame was not read. */
  readonly hash: Sha256Hex;
  /** Of the picture's units one by one. */
  readonly pieces: readonly Sha256Hex[];
  /** Of units beside the picture, such as parameter sets within the stream. */
  readonly companions: readonly Sha256Hex[];
  /** Position in decode order. */
  readonly decodeIndex: number;
  readonly cleanStart: boolean;
  readonly leading: boolean;
  /** Pictures in it that a decoder shows, and that it keeps to itself. */
  readonly shows: number;
  readonly hides: number;
  /** False where the recording's own edit list hides it. */
  readonly shown: boolean;
  /** Whether a player may be unable to show it: nothing before it in the file lets a decoder start, or it cannot be taken apart. */
  readonly doubtful: boolean;
}

export interface SourceVideo {
  readonly codec: string | null;
  /** Seconds per tick of the source's clock. */
  readonly tick: Seconds;
  /** In presentation order: the window and what lies around it. */
  readonly samples: readonly SourceSample[];
  /** Frames around the window that carry embedded messages of the kind that clips must not have. */
  readonly withMessages: number;
  /** Parameter sets of the decoder configurations. */
  readonly configuration: readonly Sha256Hex[];
  /** Which of the frames' companions are settings that pictures are decoded by. */
  readonly settings: ReadonlySet<Sha256Hex>;
  /** Picture sizes and formats that its parameter sets around the window announce. */
  readonly formats: ReadonlySet<string>;
  /** Whether it is put together from several pieces, or changes its sample description. */
  readonly pieced: boolean;
}

/** Packets read beyond the window's end: no frame is decoded behind more than sixteen (as fields, 32) that are shown after it. */
const BEYOND = 32;
/** Pictures longer before the window than this are counted but not read. */
const BEFORE: Seconds = 3;
/** MPEG-4 part 2 says in a packet of a few bytes that nothing is to be shown (vop_coded 0); players then show no frame of its own. */
const LONGEST_REPEAT = 24;
/** Damaged times could keep the end from ever coming. */
const MOST_FRAMES = 4_000_000;

/** How a frame stands to the places where a decoder can start, when the file begins with none. */
class LeadIn {
  #fromBeginning = false;
  #startAt: Seconds | null = null;
  #firstStart = true;

  /** Whether a player may be unable to show this frame. To be asked of every frame in decode order. */
  ask(packet: Pick<SourcePacket, 'at' | 'first'>, parts: FrameParts | null): boolean {
    if (packet.first) this.#fromBeginning = true;
    if (parts === null) return true;
    if (!this.#fromBeginning) return false;
    if (this.#startAt === null) {
      if (!parts.openStart) return true;
      this.#startAt = packet.at;
      return false;
    }
    if (parts.cleanStart) this.#firstStart = false;
    return this.#firstStart && packet.at < this.#startAt;
  }
}

/** Frames of the window and its surroundings. Throws whatever the reader throws for a damaged source. */
export const readSourceVideo = async (
  reader: SourceTrackReader,
  job: AuditJob,
  digest: Digest,
): Promise<SourceVideo> => {
  const rules = videoRules(reader.codec);
  const configurations = reader.configurations.map((bytes) => rules?.configuration(bytes) ?? null);
  const sets = configurations.flatMap((each) => each?.parameterSets ?? []);
  const formats = new Set<string>();
  const noteFormat = (set: Uint8Array): void => {
    const format = rules?.formatOf(set) ?? null;
    if (format !== null) formats.add(format);
  };
  sets.forEach(noteFormat);
  const pairs = reader.codec === 'avc' ? new FieldPairs(sets) : null;
  const leadIn = new LeadIn();
  const samples: SourceSample[] = [];
  const settings = new Set<Sha256Hex>();
  let withMessages = 0;
  let beyond = 0;

  const addFrame = (
    packet: Pick<SourcePacket, 'at' | 'duration' | 'shown' | 'first' | 'timeless'>,
    parts: FrameParts | null,
  ): void => {
    if (parts?.findings.some(({ rule }) => rule === 'sei-user-data') === true) withMessages += 1;
    parts?.companions.forEach(noteFormat);
    for (const unit of parts?.companions ?? []) if (rules?.isSetting?.(unit) === true) settings.add(digest.of([unit]));
    const hashes = parts === null ? null : digest.parts(parts.picture);
    samples.push({
      at: packet.at,
      duration: packet.duration,
      hash: hashes?.whole ?? '',
      pieces: hashes?.each ?? [],
      companions: parts?.companions.map((unit) => digest.of([unit])) ?? [],
      decodeIndex: samples.length,
      cleanStart: parts?.cleanStart ?? false,
      leading: parts?.leading ?? false,
      shows: parts?.shows ?? 1,
      hides: parts?.hides ?? 0,
      shown: packet.shown,
      doubtful: leadIn.ask(packet, parts) || packet.timeless === true,
    });
  };

  /** Far before the window, or of a codec that is not compared: its place in time and decode order counts, nothing else. */
  const addUnread = ({ at, duration, shown, bytes, timeless = false }: SourcePacket): void => {
    samples.push({
      ...{ at, duration, shown, hash: '', pieces: [], companions: [], decodeIndex: samples.length },
      ...{
        cleanStart: false,
        leading: false,
        shows: 1,
        hides: 0,
        doubtful: timeless || (rules === null && bytes <= LONGEST_REPEAT),
      },
    });
  };

  for await (const packet of reader.packets(job.from)) {
    // Between two edits lies what is hidden, at times that say nothing of what follows.
    if (packet.at >= job.to && (packet.shown || reader.pieced !== true)) beyond += 1;
    if (beyond > BEYOND || samples.length > MOST_FRAMES) break;
    if (rules === null || packet.at < job.from - BEFORE) {
      pairs?.flush(addFrame);
      addUnread(packet);
      continue;
    }
    const framing = configurations[packet.configuration]?.framing ?? null;
    const parts = rules.split(await packet.load(), framing);
    if (pairs === null) addFrame(packet, parts);
    else pairs.add(packet, parts, addFrame);
  }
  pairs?.flush(addFrame);
  return {
    codec: reader.codec,
    tick: reader.tick,
    samples: samples.toSorted((a, b) => a.at - b.at),
    withMessages,
    configuration: sets.map((set) => digest.of([set])),
    settings,
    formats,
    pieced: reader.pieced === true || reader.configurations.length > 1,
  };
};
