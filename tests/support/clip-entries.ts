/** Sample entries for clips that tests write by hand, one for each coding that clips have. */
import { box, bytes, u16, u32 } from './clip-writer.ts';

type Part = Uint8Array | string | readonly number[];

const zeros = (count: number): number[] => new Array<number>(count).fill(0);

/** A VisualSampleEntry around its configuration box. */
export const visualEntry = (type: string, configuration: Uint8Array): Uint8Array =>
  box(
    type,
    ...[zeros(6), u16(1), zeros(16), u16(160), u16(120), u32(0x48_0000), u32(0x48_0000), zeros(4), u16(1)],
    ...[zeros(32), u16(24), u16(0xffff), configuration],
  );

/** An AudioSampleEntry, version 0, around its boxes. */
export const soundEntry = (
  type: string,
  channels: number,
  bits: number,
  rate: number,
  ...boxes: readonly Part[]
): Uint8Array =>
  box(type, zeros(6), u16(1), zeros(8), u16(channels), u16(bits), zeros(4), u16(rate), zeros(2), ...boxes);

/** An `esds` without DecoderSpecificInfo; `streamType` 0x11 for pictures, 0x15 for sound. */
export const esds = (objectType: number, streamType: number, rates: readonly number[] = zeros(11)): Uint8Array => {
  const decoder = bytes([objectType, streamType], rates);
  const stream = bytes([0, 0, 0], [4, decoder.length], decoder, [6, 1, 2]);
  return box('esds', zeros(4), [3, stream.length], stream);
};

/** `hvcC` with parameter sets only, made from one that may hold messages too. `more` adds the sets of another. */
export const hvcC = (source: Uint8Array, more: Uint8Array = new Uint8Array()): Uint8Array => {
  const units = [...setsOf(source), ...setsOf(more)];
  const arrays = [32, 33, 34].map((type) => units.filter((unit) => (unit[0] ?? 0) >> 1 === type));
  return box(
    'hvcC',
    source.subarray(0, 22),
    [3],
    ...arrays.map((list, index) =>
      bytes([0x80 | (32 + index)], u16(list.length), ...list.flatMap((unit) => [bytes(u16(unit.length)), unit])),
    ),
  );
};

const setsOf = (record: Uint8Array): Uint8Array[] => {
  const units: Uint8Array[] = [];
  let at = 23;
  for (let array = 0; array < (record[22] ?? 0); array += 1) {
    const count = ((record[at + 1] ?? 0) << 8) | (record[at + 2] ?? 0);
    at += 3;
    for (let unit = 0; unit < count; unit += 1) {
      const length = ((record[at] ?? 0) << 8) | (record[at + 1] ?? 0);
      units.push(record.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return units;
};
