/** Reads an `esds` box strictly (ISO/IEC 14496-1 §7.2.6, 14496-14 §6.7.2). */
import type { Box, BoxWalker } from './boxes.ts';
import type { ByteReader } from './byte-reader.ts';
import { notAClip } from './findings.ts';

/** An MPEG-4 descriptor's tag and length (ISO/IEC 14496-1 §8.3.3): seven bits of length per byte, at most four. */
const descriptor = (reader: ByteReader, box: Box, tag: number): number => {
  if (reader.u8() !== tag) notAClip(`${box.path} lacks the descriptor of type ${tag}.`);
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = reader.u8();
    length = length * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) break;
  }
  if (length > reader.left) notAClip(`${box.path} has a descriptor of ${length} bytes where ${reader.left} are left.`);
  return length;
};

/** The object type, and DecoderSpecificInfo where the object type has one. `streamType` is the whole byte: 0x15 sound, 0x11 picture. */
export const readEsds = (
  walker: BoxWalker,
  box: Box,
  objectTypes: Readonly<Record<number, { readonly specific: boolean }>>,
  streamType: number,
): { readonly objectType: number; readonly specific: Uint8Array | null } => {
  const { reader, version, flags } = walker.full(box);
  walker.expect(box, 'version', version, 0);
  walker.expect(box, 'flags', flags, 0);
  const whole = descriptor(reader, box, 3);
  walker.expect(box, 'length of its descriptor', whole, reader.left);
  walker.expect(box, 'stream number', reader.u16(), 0, 1, 2);
  // Dependency, URL and OCR flags would each announce more bytes; the rest is a priority.
  walker.expect(box, 'stream flags', reader.u8(), 0);
  descriptor(reader, box, 4);
  const objectType = reader.u8();
  const known = objectTypes[objectType];
  if (known === undefined)
    return notAClip(`${box.path} is of object type 0x${objectType.toString(16)}, which clips do not use.`);
  walker.expect(box, 'stream type', reader.u8(), streamType);
  // Buffer size and bit rates: players need none of them, and they may be those of the whole recording.
  walker.zeros(box, reader, 11);
  const specific = known.specific ? reader.take(descriptor(reader, box, 5)) : null;
  walker.expect(box, 'sync layer length', descriptor(reader, box, 6), 1);
  walker.expect(box, 'sync layer', reader.u8(), 2);
  walker.finish(box, reader);
  return { objectType, specific };
};
