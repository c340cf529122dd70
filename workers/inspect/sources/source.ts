/** What the audit needs of a recording, whatever container it is in: tracks whose packets come in decode order with times and bytes. */
import type { Seconds } from '../../../src/contracts/units.ts';
import type { PcmFormat } from '../pcm.ts';

/** One packet of the recording, before its bytes are read. */
export interface SourcePacket {
  /** Presentation time on the recording's timeline, edit lists applied. */
  readonly at: Seconds;
  readonly duration: Seconds;
  readonly bytes: number;
  /** False where the recording's own edit list hides the packet. */
  readonly shown: boolean;
  /** Whether it is the track's very first packet in decode order. */
  readonly first: boolean;
  /** Which of the track's configurations it is coded under. */
  readonly configuration: number;
  /** The container gives it no time of its own: `at` is what would come next, and players need not show it then. */
  readonly timeless?: boolean;
  /** Its bytes. Rejects when the recording cannot give them. */
  load(): Promise<Uint8Array>;
}

export interface SourceTrackReader {
  /** Our name of the codec (`avc`, `hevc`, `mjpeg`, `aac` …); null when it is one that clips never hold as it is. */
  readonly codec: string | null;
  /** Seconds per tick of the track's clock. */
  readonly tick: Seconds;
  /** Sound before this moment is for the decoder alone (priming): 0 unless given, −∞ where a stream's own clock may lie below 0. */
  readonly begins?: Seconds;
  /** Decoder configurations (avcC, hvcC, AudioSpecificConfig …); null where they come with the packets. One for each sample description. */
  readonly configurations: readonly (Uint8Array | null)[];
  /** Whether an edit list puts the track together from several pieces. */
  readonly pieced?: boolean;
  /** How the samples of uncompressed and companded sound are written; null for everything else. */
  readonly pcm: PcmFormat | null;
  /**
   * Packets in decode order. Begins early enough that every packet presented at or after `from` is among them, and at a place
   * where decoding can begin, where there is one; for sound with packets of its own, a little before `from`.
   */
  packets(from: Seconds): AsyncIterable<SourcePacket>;
}

export interface SourceFile {
  readonly video: SourceTrackReader;
  readonly audio: SourceTrackReader | null;
  /** In plain words, what the file carries beside the pictures and sounds of these two tracks. */
  readonly metadata: readonly string[];
  /** Bytes of the recording read so far. */
  bytesRead(): number;
  close(): void;
}

/** The recording cannot be read; the message says why. Becomes the rule `source-unreadable`. */
export class SourceDamaged extends Error {
  override readonly name = 'SourceDamaged';
}
