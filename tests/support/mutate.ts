/** Harms files in the ways that cameras, cards and transfers do, and some that only malice does; the same seed, the same harm. */

/** Random numbers 0 ≤ x < 1 from a seed (mulberry32, public domain, Tommy Ettinger). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
};

interface Mutation {
  readonly name: string;
  readonly apply: (file: Buffer, random: () => number) => Buffer;
}

const below = (random: () => number, end: number): number => Math.floor(random() * end);
/** Values at which counts, sizes and signs go wrong. */
const EXTREMES = [0, 1, 7, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0, 0x10000] as const;

/** The part of the file with its index: a small share of the bytes, and most of what can go wrong. */
const indexRange = (file: Buffer): readonly [number, number] => {
  const moov = file.indexOf('moov', 0, 'latin1');
  return moov < 4
    ? [0, Math.min(file.length, 4096)]
    : [moov - 4, Math.min(file.length, moov - 4 + file.readUInt32BE(moov - 4))];
};

const overwrite = (file: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(file);
  change(copy);
  return copy;
};

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'bytes anywhere',
    apply: (file, random) =>
      overwrite(file, (copy) => {
        for (let left = 1 + below(random, 64); left > 0; left--) copy[below(random, copy.length)] = below(random, 256);
      }),
  },
  {
    name: 'bits of the index',
    apply: (file, random) =>
      overwrite(file, (copy) => {
        const [from, to] = indexRange(file);
        for (let left = 1 + below(random, 12); left > 0; left--) {
          const at = from + below(random, to - from);
          copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
        }
      }),
  },
  {
    name: 'extreme numbers in the index',
    apply: (file, random) =>
      overwrite(file, (copy) => {
        const [from, to] = indexRange(file);
        for (let left = 1 + below(random, 4); left > 0; left--) {
          const at = Math.min(copy.length - 4, from + below(random, Math.max(1, to - from - 4)));
          copy.writeUInt32BE(EXTREMES[below(random, EXTREMES.length)] ?? 0, at);
        }
      }),
  },
  { name: 'cut off', apply: (file, random) => file.subarray(0, below(random, file.length)) },
  {
    name: 'a hole of zeros',
    apply: (file, random) =>
      overwrite(file, (copy) => {
        const at = below(random, copy.length);
        copy.fill(0, at, Math.min(copy.length, at + 1 + below(random, 4096)));
      }),
  },
  {
    name: 'a piece taken out',
    apply: (file, random) => {
      const at = below(random, file.length);
      return Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + below(random, 2048))]);
    },
  },
  {
    name: 'a piece twice',
    apply: (file, random) => {
      const at = below(random, file.length);
      const end = Math.min(file.length, at + 1 + below(random, 2048));
      return Buffer.concat([file.subarray(0, end), file.subarray(at)]);
    },
  },
];
