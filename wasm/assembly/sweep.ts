/** One camera's recordings, ordered by start, beside the windows of the requests that hold it, ordered by start too: as runs, or added up. */
import { FIRST_RECORDING, FROM, HELD, NEAR, NEAR_SUMS, NEAR_WINDOWS, REACH, TIDY, TO, at } from './layout';
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

/** A run of sixteen bytes for each of the `held` requests: its slot, `low`, `high`, and how many. Returns their end. */
export function writeRuns(position: u32, held: u32, out: usize): usize {
  const begin = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2));
  const count = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2), 4) - begin;
  const from = at(FROM) + ((<usize>begin) << 3);
  const to = at(TO) + ((<usize>begin) << 3);
  const tidy = (load<u8>(at(TIDY) + <usize>position) & 1) != 0;
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

/**
 * The slots of the `held` requests, and for each of them what the camera adds to its sums at NEAR_SUMS: the covered part of the window, how
 * many recordings, and one camera. A camera whose flag says so adds nothing. Returns the slots' end, on a boundary of sixteen bytes.
 */
export function addUp(position: u32, held: u32, out: usize): usize {
  const begin = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2));
  const count = load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2), 4) - begin;
  const from = at(FROM) + ((<usize>begin) << 3);
  const to = at(TO) + ((<usize>begin) << 3);
  const flags = load<u8>(at(TIDY) + <usize>position);
  const reach = (flags & 1) != 0 ? to : reachOf(to, count);
  const list = at(HELD);
  const near = at(NEAR);
  const windows = at(NEAR_WINDOWS);
  const sums = at(NEAR_SUMS);
  let low: u32 = 0;
  for (let i: usize = 0; i < (<usize>held) << 2; i += 4) {
    const survivor = <usize>load<u32>(list + i);
    store<u32>(out + i, load<u32>(near + survivor));
    if ((flags & 2) != 0) continue;
    const start = load<f64>(windows + (survivor << 2));
    const end = load<f64>(windows + (survivor << 2), 8);
    low = firstOver(reach, low, count, start);
    let covered = start;
    let overlap: f64 = 0;
    let recordings: u32 = 0;
    for (let r = <usize>low; r < <usize>count; r++) {
      const begins = load<f64>(from + (r << 3));
      if (begins >= end) break;
      const ends = load<f64>(to + (r << 3));
      recordings += <u32>(ends > start);
      const until = ends < end ? ends : end;
      if (until <= covered) continue;
      overlap += until - (begins > covered ? begins : covered);
      covered = until;
    }
    const sum = sums + (survivor << 2);
    store<f64>(sum, load<f64>(sum) + overlap);
    store<u32>(sum, load<u32>(sum, 8) + recordings, 8);
    store<u32>(sum, load<u32>(sum, 12) + 1, 12);
  }
  return out + (((<usize>held + 3) & ~3) << 2);
}
