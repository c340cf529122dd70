/** A camera's runs written out as matches: request and recording numbers, overlap's start and end, in four columns one after another. */
import { FIRST_RECORDING, FROM, TO, WINDOWS, at } from './layout';
import { roomFor } from './room';

/** Elements of a column: four more than there are matches at least, since what begins in the window is written by fours. */
function room(count: u32): usize {
  return <usize>((count + 7) & ~3);
}

/** Of the runs from `run` to `end`. */
export function countMatches(run: usize, end: usize): u32 {
  let count: u32 = 0;
  for (; run < end; run += 16) count += load<u32>(run, 12);
  return count;
}

/** The runs from `run` to `last`, of the camera at `position` of the block, which are `count` matches. Returns the columns' end, 0 when memory ran out. */
export function expand(position: u32, run: usize, last: usize, count: u32, out: usize): usize {
  if (!roomFor(out, room(count) * 24)) return 0;
  const first = (<usize>load<u32>(at(FIRST_RECORDING) + ((<usize>position) << 2))) << 3;
  const from = at(FROM) + first;
  const to = at(TO) + first;
  const windows = at(WINDOWS);
  const requests = out;
  const recordings = requests + (room(count) << 2);
  const starts = recordings + (room(count) << 2);
  const ends = starts + (room(count) << 3);
  let written: usize = 0;
  for (; run < last; run += 16) {
    const request = load<u32>(run);
    const start = load<f64>(windows + ((<usize>request) << 4));
    const end = load<f64>(windows + ((<usize>request) << 4), 8);
    const high = <usize>load<u32>(run, 8);
    let r = <usize>load<u32>(run, 4);
    for (; r < high && load<f64>(from + (r << 3)) < start; r++) {
      const closes = load<f64>(to + (r << 3));
      if (closes <= start) continue;
      store<u32>(requests + (written << 2), request);
      store<u32>(recordings + (written << 2), <u32>r);
      store<f64>(starts + (written << 3), start);
      store<f64>(ends + (written << 3), closes < end ? closes : end);
      written++;
    }
    if (r >= high) continue;
    const asked = i32x4.splat(request);
    const closing = f64x2.splat(end);
    let numbers = i32x4.add(i32x4.splat(<i32>r), i32x4(0, 1, 2, 3));
    let column = written;
    written += high - r;
    for (; r < high; r += 4) {
      v128.store(requests + (column << 2), asked);
      v128.store(recordings + (column << 2), numbers);
      v128.store(starts + (column << 3), v128.load(from + (r << 3)));
      v128.store(starts + (column << 3), v128.load(from + (r << 3), 16), 16);
      v128.store(ends + (column << 3), f64x2.pmin(closing, v128.load(to + (r << 3))));
      v128.store(ends + (column << 3), f64x2.pmin(closing, v128.load(to + (r << 3), 16)), 16);
      numbers = i32x4.add(numbers, i32x4.splat(4));
      column += 4;
    }
  }
  return out + room(count) * 24;
}
