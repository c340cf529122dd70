/** The units every number in this project carries, as named types: read them as documentation, not as brands. */

/** Milliseconds since 1970-01-01T00:00:00Z; may carry a fraction. */
export type EpochMs = number;
/** A length of time in milliseconds. */
export type Ms = number;
/** Seconds on a recording's presentation timeline (after the source's own edit list); 0 is the recording's start. */
export type Seconds = number;
/** Metres on the WGS84 ellipsoid. */
export type Metres = number;
/** Lower-case hexadecimal SHA-256, 64 characters. */
export type Sha256Hex = string;
/** An IANA time-zone name such as `America/Los_Angeles`. */
export type ZoneId = string;

/** Longitude then latitude in degrees, as GeoJSON orders them (RFC 7946 §3.1.1). */
export type Position = readonly [lng: number, lat: number];

/** A half-open stretch of real time: `from ≤ instant < to`. */
export interface TimeWindow {
  readonly from: EpochMs;
  readonly to: EpochMs;
}
