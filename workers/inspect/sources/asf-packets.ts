/** The data packets of ASF: which stretches of the file belong to which picture or stretch of sound (ASF Specification 1.20.3, §5.2). */
import type { Stretch } from './blob-reader.ts';

/** A stretch of a media object. */
export interface AsfPayload {
  readonly stream: number;
  readonly key: boolean;
  /** Of the media object, modulo the width of its field; 0 where packets have none. */
  readonly object: number;
  /** Where in the object the stretch lies; 0 begins one. */
  readonly within: number;
  /** Presentation time in milliseconds, the preroll included; null where the packet does not say it. */
  readonly ms: number | null;
  readonly stretch: Stretch;
}

/** Reads numbers from the left, little-endian, of the widths that two bits name; past the end all are 0. */
class Fields {
  readonly #view: DataView;
  at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.at = at;
  }

  get overrun(): boolean {
    return this.at > this.#view.byteLength;
  }

  /** 0, 1, 2 or 4 bytes for the types 0 to 3. */
  typed(type: number): number {
    return this.bytes([0, 1, 2, 4][type & 3] ?? 0);
  }

  bytes(count: number): number {
    let value = 0;
    for (let index = count - 1; index >= 0; index -= 1) {
      const at = this.at + index;
      value = value * 256 + (at < this.#view.byteLength ? this.#view.getUint8(at) : 0);
    }
    this.at += count;
    return value;
  }
}

/** Replicated data of one byte: the payload is several small objects, whose times are so far apart. */
const COMPRESSED = 1;

/** The payloads of one packet; what is damaged ends them. `offset` is the packet's place in the file. */
export const payloadsOf = (packet: DataView, offset: number): readonly AsfPayload[] => {
  const fields = new Fields(packet, 0);
  const first = packet.byteLength > 0 ? packet.getUint8(0) : 0;
  if ((first & 0x80) !== 0) fields.at = 1 + (first & 15);
  const lengths = fields.bytes(1);
  const properties = fields.bytes(1);
  const packetLength = fields.typed(lengths >> 5);
  fields.typed(lengths >> 1);
  const padding = fields.typed(lengths >> 3);
  fields.bytes(6);
  const isSeveral = (lengths & 1) === 1;
  const counts = isSeveral ? fields.bytes(1) : 1;
  const end = Math.min(packet.byteLength, packetLength === 0 ? packet.byteLength : packetLength) - padding;
  const payloads: AsfPayload[] = [];
  for (let left = counts & 63; left > 0 && !fields.overrun; left -= 1) {
    const number = fields.bytes(1);
    const object = fields.typed(properties >> 4);
    const within = fields.typed(properties >> 2);
    const replicated = fields.typed(properties);
    const head = { stream: number & 127, key: (number & 128) !== 0, object };
    const repeatedAt = fields.at;
    let ms: number | null = null;
    if (replicated >= 8) {
      fields.bytes(4);
      ms = fields.bytes(4);
    }
    const step = replicated === COMPRESSED ? fields.bytes(1) : 0;
    fields.at = repeatedAt + replicated;
    const size = isSeveral ? fields.typed(counts >> 6) : end - fields.at;
    const from = fields.at;
    if (size < 0 || from + size > end) break;
    if (replicated === COMPRESSED)
      payloads.push(...smallObjects(packet, offset, from, from + size, head, within, step));
    else payloads.push({ ...head, within, ms, stretch: { offset: offset + from, size } });
    fields.at = from + size;
  }
  return payloads;
};

/** Whole objects behind each other, each with its length before it; the first is of the time that stands where others have their place. */
const smallObjects = (
  packet: DataView,
  offset: number,
  from: number,
  to: number,
  head: Pick<AsfPayload, 'stream' | 'key' | 'object'>,
  firstMs: number,
  step: number,
): readonly AsfPayload[] => {
  const payloads: AsfPayload[] = [];
  for (let at = from; at < to;) {
    const size = packet.getUint8(at);
    if (at + 1 + size > to) break;
    const ms = firstMs + payloads.length * step;
    payloads.push({
      ...head,
      object: head.object + payloads.length,
      within: 0,
      ms,
      stretch: { offset: offset + at + 1, size },
    });
    at += 1 + size;
  }
  return payloads;
};
