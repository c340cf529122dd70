/** Reads the recording's sound again, independently of the trimmer: the packets of the window and of its surroundings. */
import type { AuditJob } from '../../src/contracts/inspect-api.ts';
import type { Seconds, Sha256Hex } from '../../src/contracts/units.ts';
import type { Digest } from './digest.ts';
import { comparable } from './sound-codecs.ts';
import type { SourceTrackReader } from './sources/source.ts';

export interface SourcePacketHash {
  readonly at: Seconds;
  readonly duration: Seconds;
  /** Empty when the codec is none whose packets clips keep. */
  readonly hash: Sha256Hex;
}

export interface SourceSound {
  readonly codec: string | null;
  readonly tick: Seconds;
  /** In presentation order: the window and a second around it. */
  readonly samples: readonly SourcePacketHash[];
}

/** How much sound behind the window is read to recognise it in a clip. */
const BEYOND: Seconds = 1;

/** Throws whatever the reader throws for a damaged source. */
export const readSourceSound = async (
  reader: SourceTrackReader,
  job: AuditJob,
  digest: Digest,
): Promise<SourceSound> => {
  const { codec } = reader;
  const kept = codec !== null && reader.pcm === null;
  const samples: SourcePacketHash[] = [];
  for await (const packet of reader.packets(job.from)) {
    if (packet.at >= job.to + BEYOND) break;
    if (!packet.shown) continue;
    const framed = (reader.configurations[packet.configuration] ?? null) === null;
    const hash = kept ? digest.of([comparable(codec, await packet.load(), framed)]) : '';
    samples.push({ at: packet.at, duration: packet.duration, hash });
  }
  return { codec, tick: reader.tick, samples: samples.toSorted((a, b) => a.at - b.at) };
};
