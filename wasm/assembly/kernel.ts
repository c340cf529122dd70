/**
 * The match kernel: which recordings of which camera overlap which request, as runs, written out, or added up. AssemblyScript, compiled by tools/kernel-plugin.ts.
 *
 * Memory is laid out by the host (wasm/kernel.ts), which writes addresses and counts into the parameter block; nothing here allocates,
 * but the output grows at the end of memory. A block's recordings are laid out by the host just before it is joined. Requests get a rank in the order of their window's start. A packed tree of their boxes, three
 * levels of sixteen, is asked once for thirty-two neighbouring cameras; its answers are bits in a map over the ranks, which sorts them.
 * Each camera then compares itself with the survivors in single precision, four at once, with a margin on both sides, and in double
 * precision only between the margins. What is inside is merged with the camera's recordings, both being sorted by start.
 */
import {
  BEGIN,
  CAMERAS,
  CAMERA_ORDER,
  CAMERA_XYZ,
  LENGTH,
  MARKS,
  NEAR_SUMS,
  ORDER,
  OUTPUT,
  REQUESTS,
  RUNS,
  at,
  parameters,
} from './layout';
import { countMatches, expand } from './expand';
import { gatherHolding, gatherMarked } from './near';
import { orderByPlace } from './order';
import { roomFor } from './room';
import { addUp, writeRuns } from './sweep';
import { buildTree, markMeeting } from './tree';

export function parameterBlock(): usize {
  return parameters;
}

const blockBox: usize = memory.data(48, 16);

function boxOfBlock(first: u32, end: u32): void {
  const order = at(CAMERA_ORDER);
  for (let side: usize = 0; side < 3; side++) {
    let least: f64 = Infinity;
    let most: f64 = -Infinity;
    for (let i = first; i < end; i++) {
      const camera = load<u32>(order + ((<usize>i) << 2));
      const value = load<f64>(at(CAMERA_XYZ) + <usize>camera * 24 + (side << 3));
      least = min(least, value);
      most = max(most, value);
    }
    store<f64>(blockBox + (side << 3), least);
    store<f64>(blockBox + (side << 3), most, 24);
  }
}

/** Boxes on the highest level of the tree that `prepare` built. */
let trunks: u32 = 0;

/** Orders requests and cameras and builds the tree. */
export function prepare(): void {
  const n = at(REQUESTS) as u32;
  const cameras = at(CAMERAS) as u32;
  trunks = n == 0 || cameras == 0 ? 0 : buildTree(n);
  memory.fill(at(MARKS), 0, (<usize>(n + 63) >> 6) << 3);
  orderByPlace(cameras, at(CAMERA_XYZ));
  memory.copy(at(CAMERA_ORDER), at(ORDER), (<usize>cameras) << 2);
}

/** Lays out what is near thirty-two neighbouring cameras, from the `first` in their order. Returns how many requests that are. */
function gatherAround(first: u32, end: u32): u32 {
  const n = at(REQUESTS) as u32;
  boxOfBlock(first, end);
  markMeeting(n, trunks, blockBox);
  return gatherMarked(n, blockBox);
}

/** Where the runs or matches of a camera begin, in sixteens of bytes from OUTPUT, and how many there are. */
function note(camera: u32, begin: usize, count: u32): void {
  store<u32>(at(BEGIN) + ((<usize>camera) << 2), <u32>((begin - at(OUTPUT)) >> 4));
  store<u32>(at(LENGTH) + ((<usize>camera) << 2), count);
}

/** What `joinBlock` puts out. */
const RUNS_OUT: u32 = 0;
const MATCHES_OUT: u32 = 1;
const SUMS_OUT: u32 = 2;

let survivors: u32 = 0;

/** How many requests were near the block that was joined last: their slots are at NEAR, their sums at NEAR_SUMS. */
export function nearCount(): u32 {
  return survivors;
}

/**
 * Thirty-two neighbouring cameras, from the `first` in their order, whose recordings the host has laid out: writes their runs, every match, or
 * the slots of the requests around them and those requests' sums, at `out` and returns the end, 0 when memory ran out. Block by block, because browsers exchange their first, slow code of a
 * function for the fast one only between two calls, and because what is used again then stays near the processor.
 */
export function joinBlock(first: u32, out: usize, output: u32): usize {
  const end = min(first + 32, at(CAMERAS) as u32);
  survivors = gatherAround(first, end);
  if (output == SUMS_OUT) memory.fill(at(NEAR_SUMS), 0, (<usize>survivors) << 4);
  for (let i = first; i < end; i++) {
    const camera = load<u32>(at(CAMERA_ORDER) + ((<usize>i) << 2));
    const held = gatherHolding(camera, survivors, blockBox);
    const runs = output == MATCHES_OUT ? at(RUNS) : out;
    if (!roomFor(runs, (<usize>held + 4) << 4)) return 0;
    if (output == MATCHES_OUT) {
      const runsEnd = writeRuns(i - first, held, runs);
      const count = countMatches(runs, runsEnd);
      note(camera, out, count);
      out = expand(i - first, runs, runsEnd, count, out);
      if (out == 0) return 0;
    } else {
      note(camera, out, held);
      out = output == RUNS_OUT ? writeRuns(i - first, held, out) : addUp(i - first, held, out);
    }
  }
  return out;
}
