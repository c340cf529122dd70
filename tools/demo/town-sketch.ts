/** What the demo town's requests are made of: how one enters the record, where things lie, and who asks. */
import type { Area, FootageRequest, RejectionCode } from '../../src/contracts/request.ts';
import type { EpochMs, Position } from '../../src/contracts/units.ts';

/** How a request enters the record; everything but `approved`, `rejected` and `unreviewed` is what the hub itself would refuse. */
export type Entry =
  /** Posted and approved through the hub's API. */
  | 'approved'
  /** Posted through the API and rejected by the reviewer: to be read in the agency's history. */
  | 'rejected'
  /** Posted through the API and not yet approved, and shown in the feed all the same. */
  | 'unreviewed'
  /** Signed, approved and published long ago; expired since. */
  | 'published-earlier'
  /** Signed and approved although it breaks its policy. */
  | 'approved-wrongly'
  /** Its text was changed after it was signed. */
  | 'altered'
  /** Signed by somebody whom the directory does not know. */
  | 'unknown-agency';

export interface TownRequest {
  readonly signer: 'police' | 'fire' | 'stranger';
  readonly entry: Entry;
  readonly document: Omit<FootageRequest, 'seq' | 'prev'>;
  /** For `altered`: what the forger changed. */
  readonly alteration?: Partial<FootageRequest>;
  readonly status?: { readonly status: 'resolved' | 'withdrawn'; readonly reason: string; readonly at: EpochMs };
  /** For `rejected`: the reviewer's words. */
  readonly rejection?: { readonly code: RejectionCode; readonly reason: string; readonly at: EpochMs };
}

export const MINUTE = 60_000;
export const DAY = 86_400_000;

export const ALDER_STREET: Position = [-119.0507, 40.8704];
export const MAIN_STREET: Position = [-119.0586, 40.8795];
export const GRAIN_STORE: Position = [-119.012, 40.868];

/** A closed rectangle of half-widths in degrees, counter-clockwise. */
export const rectangle = ([lng, lat]: Position, halfLng: number, halfLat: number): Position[] => [
  [lng - halfLng, lat - halfLat],
  [lng + halfLng, lat - halfLat],
  [lng + halfLng, lat + halfLat],
  [lng - halfLng, lat + halfLat],
  [lng - halfLng, lat - halfLat],
];

export const circle = (center: Position, radiusM: number): Area => ({ type: 'Circle', center, radiusM });

const DETECTIVE = {
  name: 'Det. Maria Lindqvist',
  email: 'm.lindqvist@police.wrenfield.example',
  telephone: '+1 775 555 0142',
};
const FIRE_INVESTIGATOR = { name: 'Lt. Tom Abara', email: 't.abara@fire.wrenfield.example' };

export type Instant = (days: number, at: string) => EpochMs;

export interface Sketch {
  readonly id: string;
  readonly case: string;
  readonly title: string;
  readonly description: string;
  readonly incidentType: string;
  readonly crime?: string;
  readonly incident: Position;
  readonly placeName: string;
  readonly area: Area;
  readonly window: readonly [EpochMs, EpochMs];
  readonly posted: EpochMs;
  readonly expires: EpochMs;
  readonly policy: FootageRequest['policy'];
}

export const iso = (instant: EpochMs): string => new Date(instant).toISOString();

export const documentBy = (signer: TownRequest['signer'], sketch: Sketch): TownRequest['document'] => ({
  id: sketch.id,
  agency: signer === 'stranger' ? 'basin-task-force' : `wrenfield-${signer}`,
  caseNumber: sketch.case,
  incidentType: sketch.incidentType,
  suspectedCrime: sketch.crime ?? '',
  title: sketch.title,
  description: sketch.description,
  investigator: signer === 'fire' ? FIRE_INVESTIGATOR : DETECTIVE,
  incident: sketch.incident,
  placeName: sketch.placeName,
  area: sketch.area,
  window: { from: iso(sketch.window[0]), to: iso(sketch.window[1]), zone: 'America/Los_Angeles' },
  posted: iso(sketch.posted),
  expires: iso(sketch.expires),
  policy: sketch.policy,
});
