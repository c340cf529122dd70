/** The agency's composer as typed: texts, not yet judged, so that half a number or half a polygon is kept as it stands. */
import * as v from 'valibot';
import { PolicyNameSchema } from './request.ts';

const typed = v.pipe(v.string(), v.maxLength(100_000));

export const RequestFormSchema = v.object({
  caseNumber: typed,
  incidentType: typed,
  suspectedCrime: typed,
  title: typed,
  description: typed,
  investigatorName: typed,
  investigatorEmail: typed,
  investigatorTelephone: typed,
  placeName: typed,
  /** The incident, in degrees. */
  latitude: typed,
  longitude: typed,
  shape: v.picklist(['circle', 'polygon']),
  /** The circle's centre in degrees; both empty: the incident. */
  centreLatitude: typed,
  centreLongitude: typed,
  /** Metres. */
  radius: typed,
  /** The polygon: a corner a line, latitude before longitude; after an empty line a hole begins. */
  corners: typed,
  /** Wall clocks in `zone`, as `datetime-local` fields write them. */
  from: typed,
  to: typed,
  /** Of a time that a clock change made come twice, the later one is meant. */
  fromLater: v.boolean(),
  toLater: v.boolean(),
  zone: typed,
  /** Wall clock in `zone` until which people can answer. */
  until: typed,
  policy: PolicyNameSchema,
});
export type RequestForm = v.InferOutput<typeof RequestFormSchema>;
