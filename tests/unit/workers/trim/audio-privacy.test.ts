/** What encoders leave in sound besides the sound: names, tags, totals of the whole recording. */
import { describe, expect, it } from 'vitest';
import { withoutLameNote } from '../../../../workers/trim/audio-mp3.ts';
import { vorbisPrivateWithoutComments } from '../../../../workers/trim/audio-vorbis.ts';
import {
  amrSampleEntry,
  flacSampleEntry,
  opusHeadWithoutPreSkip,
  opusSampleEntry,
  pcmSampleEntry,
} from '../../../../workers/trim/sample-entries-audio.ts';

const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('latin1');

/** The bytes moved `bits` to the right. */
const shifted = (bytes: Uint8Array, bits: number): Uint8Array =>
  Uint8Array.from(
    { length: bytes.length + 1 },
    (_, index) => (((bytes[index - 1] ?? 0) << 8) | (bytes[index] ?? 0)) >> bits,
  );

describe('LAME’s note in MP3 frames', () => {
  const frame = Buffer.from('\xff\xfbsoundLAME3.100UUsound', 'latin1');

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('is found %d bits beside a byte, and only its name is blanked', (bits) => {
    const packet = shifted(frame, bits);
    const cleaned = withoutLameNote(packet);
    expect(cleaned).toEqual(shifted(Buffer.from(frame.toString('latin1').replace('LAME', '\0\0\0\0'), 'latin1'), bits));
  });

  it('is not seen in other bytes', () => {
    const packet = Buffer.from('\xff\xfbLAMENT sound', 'latin1');
    expect(withoutLameNote(packet)).toBe(packet);
  });
});

it('Vorbis headers lose vendor and tags and keep the rest', () => {
  const [id, comments, setup] = ['i'.repeat(30), `${'c'.repeat(300)}Lavf`, 'setup'];
  const lacing = [2, 30, 255, comments.length - 255];
  const cleaned = vorbisPrivateWithoutComments(
    Buffer.concat([Uint8Array.from(lacing), Buffer.from(id + comments + setup)]),
  );
  expect(text(cleaned)).toBe(`\x02\x1e\x10${id}\x03vorbis${'\0'.repeat(8)}\x01${setup}`);
  expect(vorbisPrivateWithoutComments(Uint8Array.of(1, 2, 3))).toBeNull();
  expect(vorbisPrivateWithoutComments(Uint8Array.of(2, 255, 255))).toBeNull();
});

it('FLAC’s description says rate, channels and bits, not how long the recording is or its MD5', () => {
  const info = Buffer.alloc(34, 0xee);
  Buffer.from([0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x0b, 0xb8, 0x02, 0xf7, 0x12, 0x34, 0x56, 0x78]).copy(info);
  const tags = Buffer.from('\x84\0\0\x09reference', 'latin1');
  const entry = flacSampleEntry(Uint8Array.from(Buffer.concat([Buffer.from('fLaC\0\0\0\x22', 'latin1'), info, tags])));
  expect(text(entry)).toContain('dfLa');
  expect(text(entry)).not.toContain('reference');
  const block = Buffer.from(entry ?? []).subarray(-34);
  expect(block.subarray(0, 13)).toEqual(info.subarray(0, 13));
  expect([...block.subarray(13)]).toEqual([0xf0, ...Array<number>(20).fill(0)]);
});

it('Opus has no pre-skip, little-endian fields turned round, and its channel map', () => {
  const head = Buffer.from('OpusHead\x01\x06\x38\x01\x80\xbb\0\0\x01\x02\x01\x04\x02\0\x04\x01\x02\x03\x05', 'latin1');
  const opus = opusHeadWithoutPreSkip(Uint8Array.from(head));
  if (!opus) throw new Error('not taken for an OpusHead');
  const dOps = text(opusSampleEntry(opus)).split('dOps')[1];
  expect(dOps).toBe('\0\x06\0\0\0\0\xbb\x80\x02\x01\x01\x04\x02\0\x04\x01\x02\x03\x05');
  expect(opusHeadWithoutPreSkip(Buffer.from('OpusTags'))).toBeNull();
});

it('AMR names no vendor', () => {
  expect(text(amrSampleEntry('amr-nb', 1)).split('damr')[1]).toBe('\0\0\0\0\0\0\0\0\x01');
});

it.each([
  ['raw ', { kind: 'unsigned', bits: 8, littleEndian: true }, 48_000],
  ['sowt', { kind: 'signed', bits: 16, littleEndian: true }, 48_000],
  ['twos', { kind: 'signed', bits: 16, littleEndian: false }, 48_000],
  ['in24', { kind: 'signed', bits: 24, littleEndian: true }, 48_000],
  ['fl64', { kind: 'float', bits: 64, littleEndian: false }, 48_000],
  ['lpcm', { kind: 'signed', bits: 64, littleEndian: true }, 48_000],
  ['lpcm', { kind: 'unsigned', bits: 16, littleEndian: true }, 48_000],
  ['lpcm', { kind: 'signed', bits: 16, littleEndian: true }, 192_000],
] as const)('plain samples are described as %s: %o at %d Hz', (type, layout, rate) => {
  const entry = pcmSampleEntry(layout, 2, rate);
  expect(text(entry.subarray(4, 8))).toBe(type);
  expect(new DataView(entry.buffer).getUint32(0)).toBe(entry.length);
});
