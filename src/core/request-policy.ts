/** The rules a request must keep, as one pure function: the composer, the hub's reviewer and the resident's page all ask this one. */
import type { PolicyRule, RuleOutcome } from '../contracts/public-record.ts';
import type { Area, FootageRequest, PolicyName } from '../contracts/request.ts';
import type { Metres, Ms } from '../contracts/units.ts';
import { areaContains, areaProblem, areaSquareMetres, farthestDistance } from './area.ts';

const MINUTE: Ms = 60_000;
const HOUR: Ms = 60 * MINUTE;
/** The international mile (1959): 1609.344 m exactly. */
const MILE: Metres = 1609.344;
const HALF_A_MILE: Metres = MILE / 2;
const SQUARE_MILE = MILE * MILE;

interface PolicyBounds {
  readonly windowMinMs: Ms;
  readonly windowMaxMs: Ms;
  /** Every point of the area lies within this distance of the incident; null where the policy has no such rule. */
  readonly reachM: Metres | null;
  /** Square metres, both bounds allowed; the area must also contain the incident. */
  readonly size: { readonly min: number; readonly max: number } | null;
  readonly postsPerCase: number | null;
}

/** `npss`: the rules of the public-safety service this page was made for; `rfa-2021`: Ring's "Request for Assistance" rules of June 2021. */
const POLICIES: Readonly<Record<PolicyName, PolicyBounds>> = {
  npss: { windowMinMs: 0, windowMaxMs: 12 * HOUR, reachM: HALF_A_MILE, size: null, postsPerCase: null },
  'rfa-2021': {
    windowMinMs: 15 * MINUTE,
    windowMaxMs: 12 * HOUR,
    reachM: null,
    size: { min: 0.025 * SQUARE_MILE, max: 0.5 * SQUARE_MILE },
    postsPerCase: 2,
  },
};

const outcome = (rule: PolicyRule, holds: boolean, detail: string): RuleOutcome => ({ rule, holds, detail });

const checkCaseNumber = (request: FootageRequest): RuleOutcome => {
  const number = request.caseNumber.trim();
  return outcome('case-number', number !== '', number === '' ? 'No case number is given.' : `Case number ${number}.`);
};

const checkCrime = (request: FootageRequest): RuleOutcome => {
  const named = request.suspectedCrime.trim() || request.incidentType.trim();
  return outcome(
    'crime-or-incident',
    named !== '',
    named === '' ? 'Neither a suspected crime nor an incident type is given.' : `It is about: ${named}.`,
  );
};

const checkInvestigator = ({ investigator }: FootageRequest): RuleOutcome => {
  const name = investigator.name.trim();
  const reachable = (investigator.email ?? '').trim() !== '' || (investigator.telephone ?? '').trim() !== '';
  const holds = name !== '' && reachable;
  const missing =
    name === '' ? 'No lead investigator is named.' : `${name} gives neither an e-mail address nor a telephone number.`;
  return outcome('investigator-contact', holds, holds ? `Lead investigator: ${name}.` : missing);
};

/** A length of time in the largest whole units that show which side of a bound it is on. */
const describeMs = (ms: Ms): string => {
  const joined = (whole: number, unit: string, rest: number, restUnit: string): string =>
    rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
  if (ms >= HOUR && ms % MINUTE === 0) return joined(Math.floor(ms / HOUR), 'h', (ms % HOUR) / MINUTE, 'min');
  if (ms >= MINUTE) return joined(Math.floor(ms / MINUTE), 'min', (ms % MINUTE) / 1000, 's');
  return `${ms / 1000} s`;
};

const checkWindow = ({ window }: FootageRequest, bounds: PolicyBounds): RuleOutcome => {
  const length = Date.parse(window.to) - Date.parse(window.from);
  const allowed =
    bounds.windowMinMs === 0
      ? `at most ${bounds.windowMaxMs / HOUR} hours are allowed`
      : `${bounds.windowMinMs / MINUTE} minutes to ${bounds.windowMaxMs / HOUR} hours are allowed`;
  if (!(length > 0)) return outcome('window-length', false, `The window ends before it begins; ${allowed}.`);
  const holds = length >= bounds.windowMinMs && length <= bounds.windowMaxMs;
  return outcome('window-length', holds, `The window is ${describeMs(length)} long; ${allowed}.`);
};

const squareMiles = (squareMetres: number): string => (squareMetres / SQUARE_MILE).toFixed(3);

const checkSize = (area: Area, size: NonNullable<PolicyBounds['size']>): RuleOutcome => {
  const measured = areaSquareMetres(area);
  return outcome(
    'area-size',
    measured >= size.min && measured <= size.max,
    `The area is ${squareMiles(measured)} square miles; ${squareMiles(size.min)} to ${squareMiles(size.max)} are allowed.`,
  );
};

const checkReach = ({ area, incident }: FootageRequest, reach: Metres): RuleOutcome => {
  const farthest = farthestDistance(area, incident);
  return outcome(
    'area-near-incident',
    farthest <= reach,
    `The area reaches ${Math.ceil(farthest)} m from the incident; at most half a mile (${Math.floor(reach)} m) is allowed.`,
  );
};

const checkContains = ({ area, incident }: FootageRequest): RuleOutcome => {
  const inside = areaContains(area, incident);
  return outcome(
    'area-near-incident',
    inside,
    inside ? 'The area lies around the incident.' : 'The area does not contain the place of the incident, as it must.',
  );
};

const checkArea = (request: FootageRequest, bounds: PolicyBounds): RuleOutcome[] => {
  const problem = areaProblem(request.area);
  if (problem !== null) return [outcome(bounds.size === null ? 'area-near-incident' : 'area-size', false, problem)];
  const outcomes: RuleOutcome[] = [];
  if (bounds.size !== null) outcomes.push(checkSize(request.area, bounds.size), checkContains(request));
  if (bounds.reachM !== null) outcomes.push(checkReach(request, bounds.reachM));
  return outcomes;
};

const checkPosts = (earlier: number, allowed: number): RuleOutcome =>
  outcome(
    'posts-per-case',
    earlier < allowed,
    `This is post number ${earlier + 1} for its case; at most ${allowed} are allowed.`,
  );

/**
 * Every rule of the request's own policy with its outcome, in a fixed order; the request keeps its policy when all hold.
 * `earlierRequestsOfSameCase` are the same agency's requests under the same case number that were posted before this one.
 */
export const checkPolicy = (
  request: FootageRequest,
  earlierRequestsOfSameCase: readonly FootageRequest[],
): readonly RuleOutcome[] => {
  const bounds = POLICIES[request.policy];
  return [
    checkCaseNumber(request),
    checkCrime(request),
    checkInvestigator(request),
    checkWindow(request, bounds),
    ...checkArea(request, bounds),
    ...(bounds.postsPerCase === null ? [] : [checkPosts(earlierRequestsOfSameCase.length, bounds.postsPerCase)]),
  ];
};

/** Case numbers that differ only in capital letters or in how many spaces part their words are one: another spelling must not buy another post. */
const caseKey = ({ caseNumber }: FootageRequest): string => caseNumber.trim().replaceAll(/\s+/g, ' ').toUpperCase();

/** Of `all`, the requests that `checkPolicy` must be given beside `request`: same agency, same case, lower sequence number. */
export const earlierOfSameCase = (request: FootageRequest, all: readonly FootageRequest[]): readonly FootageRequest[] =>
  all.filter(
    (other) =>
      other.id !== request.id &&
      other.agency === request.agency &&
      caseKey(other) === caseKey(request) &&
      other.seq < request.seq,
  );
