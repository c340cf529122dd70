/** From what an agency has typed to a request: the live checks beside the composer, and the document to sign. */
import * as v from 'valibot';
import type { PolicyRule } from '../contracts/public-record.ts';
import { FootageRequestSchema, type FootageRequest } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { DraftCheck, RequestDraft } from '../contracts/roles-api.ts';
import type { EpochMs } from '../contracts/units.ts';
import { areaProblem, areaSquareMetres } from './area.ts';
import { checkPolicy, earlierOfSameCase } from './request-policy.ts';

/** Square metres in an international square mile (1609.344 m)². */
const SQUARE_MILE = 1609.344 ** 2;
/** A request that nobody closes must end. Asked of the composer and of the hub. */
export const LONGEST_OPEN_MS = 90 * 86_400_000;

export interface DraftPlace {
  readonly id: string;
  readonly agency: string;
  readonly seq: number;
  readonly prev: string | null;
  readonly posted: EpochMs;
}

const iso = (ms: EpochMs): string => new Date(ms).toISOString();
const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

/** The fields that nothing can be said without. */
const missing = (draft: RequestDraft): string[] => [
  ...(draft.incident === null ? ['The place of the incident is missing.'] : []),
  ...(draft.area === null ? ['The area is missing.'] : []),
  ...(draft.from === null || draft.to === null ? ['The window is missing.'] : []),
  ...(draft.expires === null ? ['The day until which people can answer is missing.'] : []),
  ...(draft.title.trim() === '' ? ['The title is missing.'] : []),
  ...(draft.description.trim() === '' ? ['The description is missing.'] : []),
  ...(draft.placeName.trim() === '' ? ['The place in words is missing.'] : []),
];

const datesProblem = ({ from, expires }: RequestDraft, now: EpochMs): string[] => [
  ...(from !== null && from > now ? ['The window lies in the future: only what has happened can be asked for.'] : []),
  ...(expires !== null && expires <= now ? ['The last day to answer is past.'] : []),
  ...(expires !== null && expires > now + LONGEST_OPEN_MS ? ['A request stays open for 90 days at most.'] : []),
];

/** The document of a draft in its place in the chain; `incomplete` with the first thing that is missing or malformed. */
export const documentOfDraft = (draft: RequestDraft, place: DraftPlace): Result<FootageRequest, 'incomplete'> => {
  const [first] = missing(draft);
  if (first !== undefined) return failure('incomplete', first);
  const { incident, area, from, to, expires, investigator } = draft;
  const email = given(investigator.email);
  const telephone = given(investigator.telephone);
  const checked = v.safeParse(FootageRequestSchema, {
    id: place.id,
    agency: place.agency,
    seq: place.seq,
    prev: place.prev,
    caseNumber: draft.caseNumber.trim(),
    incidentType: draft.incidentType.trim(),
    suspectedCrime: draft.suspectedCrime.trim(),
    title: draft.title,
    description: draft.description,
    investigator: {
      name: investigator.name.trim(),
      ...(email === undefined ? {} : { email }),
      ...(telephone === undefined ? {} : { telephone }),
    },
    incident,
    placeName: draft.placeName,
    area,
    window: { from: iso(from ?? 0), to: iso(to ?? 0), zone: draft.zone },
    posted: iso(place.posted),
    expires: iso(expires ?? 0),
    policy: draft.policy,
  });
  if (checked.success) return ok(checked.output);
  const [issue] = checked.issues;
  return failure('incomplete', `${v.getDotPath(issue) ?? 'The request'}: ${issue.message}`);
};

/** Whether what a rule is about has been typed at all: an empty form has broken nothing yet. */
const BEGUN: Readonly<Record<PolicyRule, (draft: RequestDraft) => boolean>> = {
  'case-number': ({ caseNumber }) => caseNumber.trim() !== '',
  'crime-or-incident': ({ incidentType, suspectedCrime }) => `${incidentType}${suspectedCrime}`.trim() !== '',
  'investigator-contact': ({ investigator: { name, email, telephone } }) =>
    name.trim() !== '' && `${email}${telephone}`.trim() !== '',
  'window-length': ({ from, to }) => from !== null && to !== null,
  'area-size': ({ area }) => area !== null,
  'area-near-incident': ({ area, incident }) => area !== null && incident !== null,
  'posts-per-case': ({ caseNumber }) => caseNumber.trim() !== '',
};

/** The draft with something in every place that is still empty, so that a document can be made of it and judged. */
const filledIn = (draft: RequestDraft, now: EpochMs): RequestDraft => {
  const incident = draft.incident ?? [0, 0];
  const from = draft.from ?? now - 3_600_000;
  return {
    ...draft,
    title: given(draft.title) ?? '–',
    description: given(draft.description) ?? '–',
    placeName: given(draft.placeName) ?? '–',
    expires: draft.expires ?? now + 1,
    incident,
    area: draft.area ?? { type: 'Circle', center: incident, radiusM: 400 },
    from,
    to: draft.to ?? from + 3_600_000,
  };
};

/** Everything the composer shows while somebody types. Never throws. */
export const checkDraft = (
  draft: RequestDraft,
  agency: string,
  earlier: readonly FootageRequest[],
  now: EpochMs,
): DraftCheck => {
  const squareMetres = draft.area === null || areaProblem(draft.area) !== null ? null : areaSquareMetres(draft.area);
  const area = {
    squareMiles: squareMetres === null ? null : squareMetres / SQUARE_MILE,
    squareKilometres: squareMetres === null ? null : squareMetres / 1e6,
  };
  const shape = draft.area === null ? null : areaProblem(draft.area);
  const found = [...missing(draft), ...(shape === null ? [] : [shape]), ...datesProblem(draft, now)];
  // As it would be posted next: the policy judges what is there already, and once place, area and window are, everything.
  const seq = Math.max(0, ...earlier.map((request) => request.seq)) + 1;
  const document = documentOfDraft(filledIn(draft, now), { id: 'draft', agency, seq, prev: null, posted: now });
  const { incident, from, to } = draft;
  const whole = incident !== null && draft.area !== null && from !== null && to !== null;
  const outcomes = document.ok ? checkPolicy(document.value, earlierOfSameCase(document.value, earlier)) : [];
  const rules = outcomes.filter(({ rule }) => whole || BEGUN[rule](draft));
  const problems = document.ok || found.length > 0 ? found : [document.detail];
  const ready = document.ok && problems.length === 0 && rules.every(({ holds }) => holds);
  return { rules, problems, ...area, ready };
};
