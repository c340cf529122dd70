/** Changes small things in MP4 files that ffmpeg wrote with their index at the end: what no encoder writes, but cameras and editors do. */

interface Place {
  readonly at: number;
  readonly size: number;
}

/** The first box at this path, such as `moov/trak/edts/elst`. Throws Error when there is none. */
export const findBox = (file: Buffer, path: string): Place => {
  let from = 0;
  let to = file.length;
  let place: Place | null = null;
  for (const type of path.split('/')) {
    place = null;
    for (let at = from; at + 8 <= to; at += Math.max(8, sizeAt(file, at))) {
      if (file.toString('latin1', at + 4, at + 8) !== type) continue;
      place = { at, size: sizeAt(file, at) };
      break;
    }
    if (place === null) throw new Error(`there is no ${path}`);
    from = place.at + 8;
    to = place.at + place.size;
  }
  if (place === null) throw new Error(`there is no ${path}`);
  return place;
};

const sizeAt = (file: Buffer, at: number): number => file.readUInt32BE(at);

export interface Edit {
  /** In ticks of the movie. */
  readonly duration: number;
  /** In ticks of the track; −1: nothing is shown. */
  readonly mediaTime: number;
}

/** The file with the first track's edit list replaced (the index is at the file's end, so no offset of a sample moves). */
export const withEdits = (file: Buffer, edits: readonly Edit[]): Buffer => {
  const list = Buffer.alloc(16 + edits.length * 20);
  list.writeUInt32BE(list.length, 0);
  list.write('elst', 4, 'latin1');
  list.writeUInt8(1, 8);
  list.writeUInt32BE(edits.length, 12);
  edits.forEach(({ duration, mediaTime }, index) => {
    list.writeBigUInt64BE(BigInt(duration), 16 + index * 20);
    list.writeBigInt64BE(BigInt(mediaTime), 24 + index * 20);
    list.writeUInt32BE(0x10000, 32 + index * 20);
  });
  const old = findBox(file, 'moov/trak/edts/elst');
  const changed = Buffer.concat([file.subarray(0, old.at), list, file.subarray(old.at + old.size)]);
  for (const path of ['moov', 'moov/trak', 'moov/trak/edts']) {
    const { at, size } = findBox(file, path);
    changed.writeUInt32BE(size + list.length - old.size, at);
  }
  return changed;
};

/** Ticks per second of the movie, which edits' durations count. */
export const movieTimescale = (file: Buffer): number => file.readUInt32BE(findBox(file, 'moov/mvhd').at + 20);

/** Ticks per second of the first track. */
export const trackTimescale = (file: Buffer): number => file.readUInt32BE(findBox(file, 'moov/trak/mdia/mdhd').at + 20);

/**
 * The file with the lengths in front of its first track's H.264 units (four bytes) shortened to `lengthBytes`. Throws RangeError
 * when a unit is too long for that.
 */
export const withUnitLengths = (file: Buffer, lengthBytes: 1 | 2): Buffer => {
  const changed = Buffer.from(file);
  const table = 'moov/trak/mdia/minf/stbl';
  const sizes = findBox(file, `${table}/stsz`).at + 20;
  const count = file.readUInt32BE(sizes - 4);
  const offsets = findBox(file, `${table}/stco`).at + 16;
  let sample = 0;
  for (const [chunk, samples] of samplesPerChunk(file, table).entries()) {
    let from = file.readUInt32BE(offsets + chunk * 4);
    let to = from;
    for (let index = 0; index < samples && sample < count; index++, sample++) {
      const size = file.readUInt32BE(sizes + sample * 4);
      const shortened = shortenUnits(file.subarray(from, from + size), lengthBytes);
      shortened.copy(changed, to);
      changed.writeUInt32BE(shortened.length, sizes + sample * 4);
      from += size;
      to += shortened.length;
    }
  }
  // Behind the type, the configuration's fifth byte has the length's size less one in its lowest two bits (ISO/IEC 14496-15 §5.3.3).
  changed.writeUInt8(0xfc | (lengthBytes - 1), file.indexOf('avcC', findBox(file, `${table}/stsd`).at) + 8);
  return changed;
};

const shortenUnits = (sample: Buffer, lengthBytes: 1 | 2): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < sample.length;) {
    const length = sample.readUInt32BE(at);
    const prefix = Buffer.alloc(lengthBytes);
    prefix.writeUIntBE(length, 0, lengthBytes);
    parts.push(prefix, sample.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(parts);
};

const samplesPerChunk = (file: Buffer, table: string): readonly number[] => {
  const at = findBox(file, `${table}/stsc`).at + 16;
  const runs = Array.from({ length: file.readUInt32BE(at - 4) }, (_, index) => ({
    firstChunk: file.readUInt32BE(at + index * 12) - 1,
    samples: file.readUInt32BE(at + index * 12 + 4),
  }));
  const chunks = file.readUInt32BE(findBox(file, `${table}/stco`).at + 12);
  return Array.from(
    { length: chunks },
    (_, chunk) => runs.findLast(({ firstChunk }) => firstChunk <= chunk)?.samples ?? 0,
  );
};
