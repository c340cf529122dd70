/** Whether one camera lies in one request's area, in double precision. */
import { CAMERA_LNG_LAT, CAMERA_XYZ, INNER, OUTER, POLYGON, REQUEST_XYZ, RINGS, at } from './layout';

/** Asked for what lies within the band where only the geodesic itself decides. */
declare function refine(camera: u32, request: u32): u32;

/** Twice the signed area of a triangle, in the same order of operations as `turn` in src/core/area-rings.ts. */
function turn(aLng: f64, aLat: f64, bLng: f64, bLat: f64, lng: f64, lat: f64): f64 {
  return (bLng - aLng) * (lat - aLat) - (bLat - aLat) * (lng - aLng);
}

/** 0 outside, 1 inside, 2 on an edge: even-odd, as `ringSide` in src/core/area-rings.ts. `ring` is a count and then points. */
function ringSide(ring: usize, lng: f64, lat: f64): i32 {
  const points = <usize>load<f64>(ring);
  let inside = 0;
  let a = ring + 8 + ((points - 1) << 4);
  for (let i: usize = 0; i < points; i++) {
    const b = ring + 8 + (i << 4);
    const aLng = load<f64>(a);
    const aLat = load<f64>(a, 8);
    const bLng = load<f64>(b);
    const bLat = load<f64>(b, 8);
    const crosses = aLat > lat != bLat > lat;
    if (crosses || (lat >= min(aLat, bLat) && lat <= max(aLat, bLat))) {
      const side = turn(aLng, aLat, bLng, bLat, lng, lat);
      if (side == 0 && lng >= min(aLng, bLng) && lng <= max(aLng, bLng)) return 2;
      if (crosses && side > 0 == bLat > aLat) inside ^= 1;
    }
    a = b;
  }
  return inside;
}

/** Whether an area of polygons, laid out as wasm/packed-area.ts says, holds a place. */
function areaHolds(area: usize, lng: f64, lat: f64): bool {
  let polygon = area + 8;
  for (let left = <i32>load<f64>(area); left > 0; left--) {
    const anchor = load<f64>(polygon);
    const unwrapped = lng - anchor > 180 ? lng - 360 : lng - anchor < -180 ? lng + 360 : lng;
    const rings = <i32>load<f64>(polygon, 40);
    const after = polygon + ((<usize>load<f64>(polygon, 48)) << 3);
    if (
      unwrapped >= load<f64>(polygon, 8) &&
      lat >= load<f64>(polygon, 16) &&
      unwrapped <= load<f64>(polygon, 24) &&
      lat <= load<f64>(polygon, 32)
    ) {
      let ring = polygon + 56;
      let holds = ringSide(ring, unwrapped, lat) != 0;
      for (let hole = 1; hole < rings && holds; hole++) {
        ring += 8 + ((<usize>load<f64>(ring)) << 4);
        holds = ringSide(ring, unwrapped, lat) != 1;
      }
      if (holds) return true;
    }
    polygon = after;
  }
  return false;
}

/** Between the margins: double precision, then the polygon, or the geodesic where the chord alone cannot tell. */
export function holdsExactly(camera: u32, request: u32): bool {
  const a = at(CAMERA_XYZ) + <usize>camera * 24;
  const b = at(REQUEST_XYZ) + <usize>request * 24;
  const dx = load<f64>(a) - load<f64>(b);
  const dy = load<f64>(a, 8) - load<f64>(b, 8);
  const dz = load<f64>(a, 16) - load<f64>(b, 16);
  const chord = dx * dx + dy * dy + dz * dz;
  if (chord > load<f64>(at(OUTER) + ((<usize>request) << 3))) return false;
  if (chord <= load<f64>(at(INNER) + ((<usize>request) << 3))) return true;
  const polygon = load<i32>(at(POLYGON) + ((<usize>request) << 2));
  if (polygon < 0) return refine(camera, request) != 0;
  const place = at(CAMERA_LNG_LAT) + ((<usize>camera) << 4);
  return areaHolds(at(RINGS) + ((<usize>polygon) << 3), load<f64>(place), load<f64>(place, 8));
}
