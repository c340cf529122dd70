/** Where everything lies: the parameter block that the host (wasm/kernel.ts) fills in. */

/** Places of the parameter block, in words; the same list as in wasm/kernel.ts. */
export const REQUESTS = 0;
export const CAMERAS = 1;
export const ROWS = 2;
export const RINGS = 3;
export const CAMERA_XYZ = 4;
export const CAMERA_LNG_LAT = 5;
export const FIRST_RECORDING = 6;
export const TIDY = 7;
export const FROM = 8;
export const TO = 9;
export const REACH = 10;
export const KEYS = 11;
export const OTHER_KEYS = 12;
export const ORDER = 13;
export const OTHER_ORDER = 14;
export const BY_FROM = 15;
export const LEAVES = 16;
export const LEAF_RANK = 17;
export const BRANCHES = 18;
export const TRUNKS = 19;
export const MARKS = 20;
export const NEAR = 21;
export const NEAR_X = 22;
export const NEAR_Y = 23;
export const NEAR_Z = 24;
export const NEAR_INNER = 25;
export const NEAR_OUTER = 26;
export const NEAR_WINDOWS = 27;
export const HELD = 28;
export const CAMERA_ORDER = 29;
export const BEGIN = 30;
export const LENGTH = 31;
export const OUTPUT = 32;

/**
 * A request is a row of 64 bytes, which is a line of most processors' caches: centre x, y, z, inner and outer bound, window's start and end
 * (f64 each), where its polygons lie (i32, in numbers from RINGS; −1 for a circle).
 */
export const INNER: usize = 24;
export const OUTER: usize = 32;
export const WINDOW: usize = 40;
export const POLYGON: usize = 56;

export function rowOf(request: u32): usize {
  return at(ROWS) + ((<usize>request) << 6);
}

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
