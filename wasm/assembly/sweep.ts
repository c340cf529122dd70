/** One camera's recordings, ordered by start, beside the windows of the requests that hold it, ordered by start too: as runs, or written out. */
import { FIRST_RECORDING, FROM, HELD, NEAR, NEAR_WINDOWS, REACH, TIDY, TO, at } from './layout';
import { roomFor } from './room';
import { firstNotUnder, firstOver } from './search';

/** The greatest end up to and including each recording, which never falls: what tells the first that reaches past an instant. */
function reachOf(to: usize, count: u32): usize {
  const reach = at(REACH);
  let farthest: f64 = -Infinity;
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) {
    const end = load<f64>(to + i);
    farthest = end > farthest ? end : farthest;
    store<f64>(reach + i, farthest);
  }
  return reach;
}

/**
 * Of the recordings `low … high`, all of which begin before a window's end, how many end after its start. The first does, and whatever
 * begins in the window; only those between need to be looked at.
 */
function countEndingAfter(from: usize, to: usize, low: u32, high: u32, start: f64): u32 {
  let count = high - low;
  for (let i = low + 1; i < high && load<f64>(from + ((<usize>i) << 3)) < start; i++) {
    count -= <u32>(load<f64>(to + ((<usize>i) << 3)) <= start);
  }
  return count;
}

/** A run of sixteen bytes for each of the `held` requests: its slot, `low`, `high`, and how many. Returns their end, 0 when memory ran out. */
export function writeRuns(position: u32, held: u32, out: usize): usize {
  if (!roomFor(out, (<usize>held) << 4)) return 0;
  const begin = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2));
  const count = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2), 4) - begin;
  const from = at(FROM) + ((<usize>begin) << 3);
  const to = at(TO) + ((<usize>begin) << 3);
  const tidy = load<u8>(at(TIDY) + <usize>position) != 0;
  const reach = tidy ? to : reachOf(to, count);
  const list = at(HELD);
  const near = at(NEAR);
  const windows = at(NEAR_WINDOWS);
  let low: u32 = 0;
  for (let i: usize = 0; i < (<usize>held) << 2; i += 4) {
    const survivor = <usize>load<u32>(list + i);
    const start = load<f64>(windows + (survivor << 2));
    low = firstOver(reach, low, count, start);
    const high = firstNotUnder(from, low, count, load<f64>(windows + (survivor << 2), 8));
    store<u32>(out, load<u32>(near + survivor));
    store<u32>(out, low, 4);
    store<u32>(out, high, 8);
    store<u32>(out, tidy ? high - low : countEndingAfter(from, to, low, high, start), 12);
    out += 16;
  }
  return out;
}

/** Bytes of a match: request's slot and recording's number (u32), overlap's start and end (f64). */
const MATCH: usize = 24;

/** Every match with the `held` requests. Returns their end, 0 when memory ran out. */
export function writeMatches(position: u32, held: u32, out: usize): usize {
  const begin = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2));
  const count = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2), 4) - begin;
  const from = at(FROM) + ((<usize>begin) << 3);
  const to = at(TO) + ((<usize>begin) << 3);
  const reach = load<u8>(at(TIDY) + <usize>position) != 0 ? to : reachOf(to, count);
  const list = at(HELD);
  const near = at(NEAR);
  const windows = at(NEAR_WINDOWS);
  let room = out;
  let low: u32 = 0;
  for (let i: usize = 0; i < (<usize>held) << 2; i += 4) {
    const survivor = <usize>load<u32>(list + i);
    const start = load<f64>(windows + (survivor << 2));
    const end = load<f64>(windows + (survivor << 2), 8);
    low = firstOver(reach, low, count, start);
    const high = firstNotUnder(from, low, count, end);
    if (low == high) continue;
    // What begins in the window is written by twos: there may be one too many.
    const need = out + <usize>(high - low + 1) * MATCH;
    if (need > room) {
      if (!roomFor(out, need - out)) return 0;
      room = (<usize>memory.size()) << 16;
    }
    const request = load<u32>(near + survivor);
    let r = low;
    for (; r < high && load<f64>(from + ((<usize>r) << 3)) < start; r++) {
      const closes = load<f64>(to + ((<usize>r) << 3));
      if (closes <= start) continue;
      store<u32>(out, request);
      store<u32>(out, r, 4);
      store<f64>(out, start, 8);
      store<f64>(out, closes < end ? closes : end, 16);
      out += MATCH;
    }
    const after = out + <usize>(high - r) * MATCH;
    const closing = f64x2.splat(end);
    let names = i64x2.add(i64x2.splat(((<i64>r) << 32) | <i64>request), i64x2(0, 0x100000000));
    for (; r < high; r += 2) {
      const opens = v128.load(from + ((<usize>r) << 3));
      const closes = f64x2.pmin(closing, v128.load(to + ((<usize>r) << 3)));
      v128.store(out, v128.shuffle<u64>(names, opens, 0, 2));
      v128.store(out, v128.shuffle<u64>(closes, names, 0, 3), 16);
      v128.store(out, v128.shuffle<u64>(opens, closes, 1, 3), 32);
      names = i64x2.add(names, i64x2.splat(0x200000000));
      out += 2 * MATCH;
    }
    out = after;
  }
  return out;
}
