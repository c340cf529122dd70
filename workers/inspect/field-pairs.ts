/** Joins the two fields of a picture that a recording keeps in two packets, as MPEG-TS does: a clip has them in one sample. */
import { H264Headers, type SliceFacts } from './codecs/h264-headers.ts';
import type { FrameParts } from './codecs/video-rules.ts';
import type { SourcePacket } from './sources/source.ts';

type Placed = Pick<SourcePacket, 'at' | 'duration' | 'shown' | 'first' | 'timeless'>;
type Emit = (packet: Placed, parts: FrameParts | null) => void;

interface Pending {
  readonly packet: Placed;
  readonly parts: FrameParts;
  readonly facts: SliceFacts;
}

/** Two fields are one picture when their parities differ and their frame number is one (ITU-T H.264 §7.4.1.2.4). */
const isPair = (first: SliceFacts, second: SliceFacts): boolean =>
  first.field !== 'frame' &&
  second.field !== 'frame' &&
  first.field !== second.field &&
  first.frameNumber === second.frameNumber &&
  !second.idr;

export class FieldPairs {
  readonly #headers = new H264Headers();
  #pending: Pending | null = null;

  constructor(parameterSets: readonly Uint8Array[]) {
    for (const set of parameterSets) this.#headers.learn(set);
  }

  /** Passes a packet on, at once or joined with the one before or after it. */
  add(packet: Placed, parts: FrameParts | null, emit: Emit): void {
    for (const unit of parts?.companions ?? []) this.#headers.learn(unit);
    const [slice] = parts?.picture ?? [];
    const facts = slice === undefined || parts?.shows !== 1 ? null : this.#headers.slice(slice);
    if (parts === null || facts === null || facts.field === 'frame') {
      this.flush(emit);
      emit(packet, parts);
      return;
    }
    const first = this.#pending;
    if (first !== null && isPair(first.facts, facts)) {
      this.#pending = null;
      emit(
        { ...first.packet, duration: first.packet.duration + packet.duration },
        {
          ...first.parts,
          picture: [...first.parts.picture, ...parts.picture],
          companions: [...first.parts.companions, ...parts.companions],
          shows: 2,
          findings: [...first.parts.findings, ...parts.findings],
        },
      );
      return;
    }
    this.flush(emit);
    this.#pending = { packet, parts, facts };
  }

  /** Passes on a field whose partner never came. */
  flush(emit: Emit): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending !== null) emit(pending.packet, pending.parts);
  }
}
