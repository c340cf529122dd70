/** The requests that a block of cameras meets, laid side by side in the order of their windows. */
import {
  BOX_MARGIN,
  BY_FROM,
  CAMERA_XYZ,
  HELD,
  INNER,
  MARKS,
  NEAR,
  NEAR_INNER,
  NEAR_OUTER,
  NEAR_WINDOWS,
  NEAR_X,
  NEAR_Y,
  NEAR_Z,
  OUTER,
  REQUEST_XYZ,
  WINDOWS,
  at,
} from './layout';
import { holdsExactly } from './inside';

/**
 * Takes the marked ranks in order, unmarks them, and lays their centres, relative to the block's middle, and their thresholds side by side.
 * The thresholds leave room for single precision: coordinates up to `half + outer` are off by less than a millionth of that.
 */
export function gatherMarked(n: u32, box: usize): u32 {
  const midX = (load<f64>(box) + load<f64>(box, 24)) * 0.5;
  const midY = (load<f64>(box, 8) + load<f64>(box, 32)) * 0.5;
  const midZ = (load<f64>(box, 16) + load<f64>(box, 40)) * 0.5;
  const half = max(load<f64>(box, 24) - midX, max(load<f64>(box, 32) - midY, load<f64>(box, 40) - midZ)) + BOX_MARGIN;
  const marks = at(MARKS);
  const byFrom = at(BY_FROM);
  const near = at(NEAR);
  let found: usize = 0;
  for (let word: u32 = 0; word < (n + 63) >> 6; word++) {
    let bits = load<u64>(marks + ((<usize>word) << 3));
    if (bits == 0) continue;
    store<u64>(marks + ((<usize>word) << 3), 0);
    for (; bits; bits &= bits - 1) {
      const request = load<u32>(byFrom + ((((<usize>word) << 6) + <usize>ctz(bits)) << 2));
      const xyz = at(REQUEST_XYZ) + <usize>request * 24;
      const outer = load<f64>(at(OUTER) + ((<usize>request) << 3));
      const inner = load<f64>(at(INNER) + ((<usize>request) << 3));
      const outerM = Math.sqrt(outer);
      const doubt = 1e-6 * (half * 2 + outerM) + 0.01;
      store<u32>(near + (found << 2), request);
      v128.store(at(NEAR_WINDOWS) + (found << 4), v128.load(at(WINDOWS) + ((<usize>request) << 4)));
      store<f32>(at(NEAR_X) + (found << 2), <f32>(load<f64>(xyz) - midX));
      store<f32>(at(NEAR_Y) + (found << 2), <f32>(load<f64>(xyz, 8) - midY));
      store<f32>(at(NEAR_Z) + (found << 2), <f32>(load<f64>(xyz, 16) - midZ));
      const wide = outerM + doubt;
      store<f32>(at(NEAR_OUTER) + (found << 2), <f32>(wide * wide * 1.000001));
      const narrow = inner < 0 ? -1 : Math.sqrt(inner) - doubt;
      store<f32>(at(NEAR_INNER) + (found << 2), narrow > 0 ? <f32>(narrow * narrow * 0.999999) : -1);
      found++;
    }
  }
  // The last four are compared together: what pads them is out of everybody's reach.
  for (let pad = found; pad < ((found + 3) & ~3); pad++) {
    store<f32>(at(NEAR_X) + (pad << 2), 0);
    store<f32>(at(NEAR_Y) + (pad << 2), 0);
    store<f32>(at(NEAR_Z) + (pad << 2), 0);
    store<f32>(at(NEAR_OUTER) + (pad << 2), -1);
    store<f32>(at(NEAR_INNER) + (pad << 2), -1);
  }
  return <u32>found;
}

/** Which of the survivors hold one camera of the block: their places in the columns, in bytes of a u32, at HELD. Returns how many. */
export function gatherHolding(camera: u32, survivors: u32, box: usize): u32 {
  const xyz = at(CAMERA_XYZ) + <usize>camera * 24;
  const x = f32x4.splat(<f32>(load<f64>(xyz) - (load<f64>(box) + load<f64>(box, 24)) * 0.5));
  const y = f32x4.splat(<f32>(load<f64>(xyz, 8) - (load<f64>(box, 8) + load<f64>(box, 32)) * 0.5));
  const z = f32x4.splat(<f32>(load<f64>(xyz, 16) - (load<f64>(box, 16) + load<f64>(box, 40)) * 0.5));
  const nearX = at(NEAR_X);
  const nearY = at(NEAR_Y);
  const nearZ = at(NEAR_Z);
  const nearInner = at(NEAR_INNER);
  const nearOuter = at(NEAR_OUTER);
  const near = at(NEAR);
  let held = at(HELD);
  for (let i: usize = 0; i < (<usize>survivors) << 2; i += 16) {
    const dx = f32x4.sub(v128.load(nearX + i), x);
    const dy = f32x4.sub(v128.load(nearY + i), y);
    const dz = f32x4.sub(v128.load(nearZ + i), z);
    const chord = f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz));
    let within = i32x4.bitmask(f32x4.le(chord, v128.load(nearOuter + i)));
    if (within == 0) continue;
    const surely = i32x4.bitmask(f32x4.le(chord, v128.load(nearInner + i)));
    for (; within; within &= within - 1) {
      const lane = ctz(within);
      const survivor = i + ((<usize>lane) << 2);
      if (!((surely >> lane) & 1) && !holdsExactly(camera, load<u32>(near + survivor))) continue;
      store<u32>(held, <u32>survivor);
      held += 4;
    }
  }
  return <u32>((held - at(HELD)) >> 2);
}
