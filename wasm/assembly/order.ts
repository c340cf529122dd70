/** Puts requests and cameras in order: by a radix sort, along a curve through space or by time. */
import { KEYS, ORDER, OTHER_KEYS, OTHER_ORDER, at } from './layout';

const histogram: usize = memory.data(8192, 16);

/** Orders `order` by `keys`, both of `n`, least first, equal ones as they were: a byte at a time, bytes that are all alike left out. */
export function radixSort(n: u32): void {
  let keys = at(KEYS);
  let otherKeys = at(OTHER_KEYS);
  let order = at(ORDER);
  let otherOrder = at(OTHER_ORDER);
  memory.fill(histogram, 0, 8192);
  for (let i: u32 = 0; i < n; i++) {
    let key = load<u64>(keys + ((<usize>i) << 3));
    for (let digit: usize = 0; digit < 8; digit++) {
      const slot = histogram + (digit << 10) + ((<usize>key & 255) << 2);
      store<u32>(slot, load<u32>(slot) + 1);
      key >>= 8;
    }
  }
  for (let digit: usize = 0; digit < 8; digit++) {
    const counts = histogram + (digit << 10);
    const shift = (<u64>digit) << 3;
    if (load<u32>(counts + ((<usize>((load<u64>(keys) >> shift) & 255)) << 2)) == n) continue;
    let sum: u32 = 0;
    for (let value: usize = 0; value < 256; value++) {
      const count = load<u32>(counts + (value << 2));
      store<u32>(counts + (value << 2), sum);
      sum += count;
    }
    for (let i: u32 = 0; i < n; i++) {
      const key = load<u64>(keys + ((<usize>i) << 3));
      const slot = counts + ((<usize>((key >> shift) & 255)) << 2);
      const to = load<u32>(slot);
      store<u32>(slot, to + 1);
      store<u64>(otherKeys + ((<usize>to) << 3), key);
      store<u32>(otherOrder + ((<usize>to) << 2), load<u32>(order + ((<usize>i) << 2)));
    }
    let swap = keys;
    keys = otherKeys;
    otherKeys = swap;
    swap = order;
    order = otherOrder;
    otherOrder = swap;
  }
  if (order != at(ORDER)) memory.copy(at(ORDER), order, (<usize>n) << 2);
}

/** A key that orders like the number itself, negative ones too (IEEE 754: sign, exponent, fraction). */
export function sortableBits(value: f64): u64 {
  const bits = reinterpret<u64>(value);
  return bits >> 63 ? ~bits : bits | 0x8000000000000000;
}

/** The lower 21 bits, each with two zeros after it. */
function spread(value: u64): u64 {
  value = (value | (value << 32)) & 0x1f00000000ffff;
  value = (value | (value << 16)) & 0x1f0000ff0000ff;
  value = (value | (value << 8)) & 0x100f00f00f00f00f;
  value = (value | (value << 4)) & 0x10c30c30c30c30c3;
  return (value | (value << 2)) & 0x1249249249249249;
}

/** Six metres a step over a cube around the earth, interleaved (Morton 1966): what is near in space is mostly near in this order. */
function mortonKey(xyz: usize): u64 {
  const x = <u64>((load<f64>(xyz) + 6.4e6) * 0.16);
  const y = <u64>((load<f64>(xyz, 8) + 6.4e6) * 0.16);
  const z = <u64>((load<f64>(xyz, 16) + 6.4e6) * 0.16);
  return spread(x) | (spread(y) << 1) | (spread(z) << 2);
}

export function orderByPlace(n: u32, xyz: usize): void {
  const keys = at(KEYS);
  const order = at(ORDER);
  for (let i: u32 = 0; i < n; i++) {
    store<u64>(keys + ((<usize>i) << 3), mortonKey(xyz + <usize>i * 24));
    store<u32>(order + ((<usize>i) << 2), i);
  }
  radixSort(n);
}
