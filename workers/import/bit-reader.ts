/** Reads bits and Exp-Golomb numbers from a parameter set (ITU-T H.264 §9.1), whose emulation prevention bytes are taken out first. */

export interface BitReader {
  bit(): number;
  bits(count: number): number;
  /** ue(v); Infinity for a code longer than 32 bits, which no sane field has. */
  unsigned(): number;
  /** se(v) */
  signed(): number;
}

/** Without the 3 of each 0, 0, 3 (§7.4.1.1). */
export const rawPayload = (nal: Uint8Array): Uint8Array => {
  const raw = new Uint8Array(nal.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    raw[length] = byte;
    length += 1;
  }
  return raw.subarray(0, length);
};

/** Bits past the end read as 0. */
export const bitReader = (bytes: Uint8Array): BitReader => {
  let at = 0;
  const bit = (): number => {
    const value = ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
    at += 1;
    return value;
  };
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 2 + bit();
    return value;
  };
  const unsigned = (): number => {
    let zeros = 0;
    while (bit() === 0) {
      zeros += 1;
      if (zeros > 32) return Infinity;
    }
    return 2 ** zeros - 1 + bits(zeros);
  };
  return {
    bit,
    bits,
    unsigned,
    signed: () => {
      const code = unsigned();
      return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
    },
  };
};
