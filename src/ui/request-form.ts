/** From what is typed into the composer to a draft that can be checked, and what cannot be read on the way. */
import type { Area } from '../contracts/request.ts';
import type { RequestForm } from '../contracts/request-form.ts';
import type { RequestDraft } from '../contracts/roles-api.ts';
import type { EpochMs, Position, ZoneId } from '../contracts/units.ts';
import { closedRings, degreesOf, readCorners } from './corner-text.ts';
import { fromFieldText, toFieldText } from './wall-clock.ts';

const DAY = 86_400_000;
/** How long people can answer unless something else is typed. */
const USUAL_DAYS = 14;

/** An empty composer; times are written by the clocks of `zone`. */
export const emptyForm = (zone: ZoneId, now: EpochMs): RequestForm => ({
  ...{ caseNumber: '', incidentType: '', suspectedCrime: '', title: '', description: '' },
  ...{ investigatorName: '', investigatorEmail: '', investigatorTelephone: '' },
  ...{ placeName: '', latitude: '', longitude: '' },
  ...{ shape: 'circle', centreLatitude: '', centreLongitude: '', radius: '400', corners: '' },
  ...{ from: '', to: '', fromLater: false, toLater: false, zone },
  until: `${toFieldText(now + USUAL_DAYS * DAY, zone).slice(0, 10)}T20:00`,
  policy: 'npss',
});

export interface ReadForm {
  readonly draft: RequestDraft;
  /** What is typed but cannot be read, one sentence each. */
  readonly problems: readonly string[];
  /** Every instant that the typed begin and end may mean. */
  readonly fromReadings: readonly EpochMs[];
  readonly toReadings: readonly EpochMs[];
}

const typed = (...texts: readonly string[]): boolean => texts.some((text) => text.trim() !== '');

/** A place from two fields; null with neither typed or with one that cannot be read. */
const placeOf = (latitude: string, longitude: string): Position | null => {
  const lat = degreesOf(latitude, 90);
  const lng = degreesOf(longitude, 180);
  return lat === null || lng === null ? null : [lng, lat];
};

const circleOf = (form: RequestForm, incident: Position | null, problems: string[]): Area | null => {
  const own = typed(form.centreLatitude, form.centreLongitude);
  const center = own ? placeOf(form.centreLatitude, form.centreLongitude) : incident;
  if (own && center === null) problems.push('The centre of the circle needs a latitude and a longitude in degrees.');
  const radiusM = Number(form.radius.trim());
  const readable = typed(form.radius) && Number.isFinite(radiusM) && radiusM >= 1 && radiusM <= 100_000;
  if (typed(form.radius) && !readable) problems.push('The radius is a number of metres from 1 to 100,000.');
  return center !== null && readable ? { type: 'Circle', center, radiusM } : null;
};

const polygonOf = (form: RequestForm, problems: string[]): Area | null => {
  const rings = readCorners(form.corners);
  if (!rings.ok) {
    problems.push(rings.detail);
    return null;
  }
  const drawn = rings.value.filter((ring) => ring.length > 0);
  const short = drawn.findIndex((ring) => ring.length < 3);
  if (short >= 0) {
    problems.push(`${short === 0 ? 'The polygon' : `Hole ${short}`} needs at least three corners.`);
    return null;
  }
  return drawn.length === 0 ? null : { type: 'Polygon', coordinates: closedRings(drawn) };
};

const readings = (text: string, zone: ZoneId, what: string, problems: string[]): readonly EpochMs[] => {
  if (text === '') return [];
  const found = fromFieldText(text, zone);
  if (found.length === 0) problems.push(`${what} does not exist in ${zone}: the clocks were set forward over it.`);
  return found;
};

const chosen = (found: readonly EpochMs[], later: boolean): EpochMs | null => (later ? found.at(-1) : found[0]) ?? null;

/** Never throws. What is missing altogether is `checkDraft`'s to say; here is what was typed and cannot be read. */
export const readForm = (form: RequestForm): ReadForm => {
  const problems: string[] = [];
  const incident = placeOf(form.latitude, form.longitude);
  if (incident === null && typed(form.latitude, form.longitude)) {
    problems.push('The incident needs a latitude between −90 and 90 and a longitude between −180 and 180, in degrees.');
  }
  const area = form.shape === 'circle' ? circleOf(form, incident, problems) : polygonOf(form, problems);
  const fromReadings = readings(form.from, form.zone, 'The beginning of the window', problems);
  const toReadings = readings(form.to, form.zone, 'The end of the window', problems);
  const untilReadings = readings(form.until, form.zone, 'The last moment to answer', problems);
  const { caseNumber, incidentType, suspectedCrime, title, description, placeName, zone, policy } = form;
  const draft: RequestDraft = {
    ...{ caseNumber, incidentType, suspectedCrime, title, description, placeName, zone, policy, incident, area },
    investigator: {
      name: form.investigatorName,
      email: form.investigatorEmail,
      telephone: form.investigatorTelephone,
    },
    from: chosen(fromReadings, form.fromLater),
    to: chosen(toReadings, form.toLater),
    expires: chosen(untilReadings, false),
  };
  return { draft, problems, fromReadings, toReadings };
};
