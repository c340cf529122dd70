/** Where everything lies: the parameter block that the host (wasm/kernel.ts) fills in. */

/** Places of the parameter block, in words; the same list as in wasm/kernel.ts. */
export const REQUESTS = 0;
export const CAMERAS = 1;
export const REQUEST_XYZ = 2;
export const INNER = 3;
export const OUTER = 4;
export const WINDOWS = 5;
export const POLYGON = 6;
export const RINGS = 7;
export const CAMERA_XYZ = 8;
export const CAMERA_LNG_LAT = 9;
export const FIRST_RECORDING = 10;
export const TIDY = 11;
export const FROM = 12;
export const TO = 13;
export const REACH = 14;
export const KEYS = 15;
export const OTHER_KEYS = 16;
export const ORDER = 17;
export const OTHER_ORDER = 18;
export const BY_FROM = 19;
export const LEAVES = 20;
export const LEAF_RANK = 21;
export const BRANCHES = 22;
export const TRUNKS = 23;
export const MARKS = 24;
export const NEAR = 25;
export const NEAR_X = 26;
export const NEAR_Y = 27;
export const NEAR_Z = 28;
export const NEAR_INNER = 29;
export const NEAR_OUTER = 30;
export const NEAR_WINDOWS = 31;
export const NEAR_SUMS = 32;
export const HELD = 33;
export const CAMERA_ORDER = 34;
export const BEGIN = 35;
export const LENGTH = 36;
export const RUNS = 37;
export const OUTPUT = 38;

export const parameters: usize = memory.data(160, 16);

export function at(place: i32): usize {
  return <usize>load<u32>(parameters + ((<usize>place) << 2));
}

/** Up to the next multiple of sixteen. */
export function padded(count: u32): u32 {
  return (count + 15) & ~15;
}

/** Single precision resolves half a metre at the earth's surface: boxes are this much larger all round. */
export const BOX_MARGIN: f64 = 2;
