/** The policies at their bounds: what just holds and what just does not. */
import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../src/contracts/public-record.ts';
import type { Area, FootageRequest, PolicyName } from '../../../src/contracts/request.ts';
import type { Position } from '../../../src/contracts/units.ts';
import { geodesicDistance } from '../../../src/core/geodesy.ts';
import { checkPolicy, earlierOfSameCase } from '../../../src/core/request-policy.ts';
import { circle as circleAt, HALF_A_MILE, radiusOf, SQUARE_MILE } from '../../support/areas.ts';

const INCIDENT: Position = [-119.05, 40.87];
const START = Date.parse('2026-11-22T09:00:00Z');
const MINUTE = 60_000;

const circle = (radiusM: number, center: Position = INCIDENT): Area => circleAt(center, radiusM);

const request = (policy: PolicyName, change: Partial<FootageRequest> = {}): FootageRequest => ({
  id: 'a-request',
  agency: 'an-agency',
  seq: 5,
  prev: null,
  caseNumber: '26-1',
  incidentType: 'Theft',
  suspectedCrime: '',
  title: 'A title',
  description: 'A description',
  investigator: { name: 'Det. Example', email: 'det@agency.example' },
  incident: INCIDENT,
  placeName: 'A corner',
  area: circle(400),
  window: {
    from: new Date(START).toISOString(),
    to: new Date(START + 60 * MINUTE).toISOString(),
    zone: 'America/Los_Angeles',
  },
  posted: new Date(START + 120 * MINUTE).toISOString(),
  expires: new Date(START + 9_000 * MINUTE).toISOString(),
  policy,
  ...change,
});

const broken = (one: FootageRequest, earlier: readonly FootageRequest[] = []): PolicyRule[] =>
  checkPolicy(one, earlier)
    .filter(({ holds }) => !holds)
    .map(({ rule }) => rule);

const lasting = (policy: PolicyName, ms: number): FootageRequest =>
  request(policy, {
    window: { from: new Date(START).toISOString(), to: new Date(START + ms).toISOString(), zone: 'UTC' },
  });

describe('window length', () => {
  it.each<[PolicyName, string, number, boolean]>([
    ['npss', 'one second', 1_000, true],
    ['npss', '12 hours', 720 * MINUTE, true],
    ['npss', '12 hours and a second', 720 * MINUTE + 1_000, false],
    ['npss', '12 hours and a millisecond', 720 * MINUTE + 1, false],
    ['npss', 'nothing', 0, false],
    ['npss', 'less than nothing', -MINUTE, false],
    ['rfa-2021', 'a millisecond less than 15 minutes', 15 * MINUTE - 1, false],
    ['rfa-2021', '15 minutes', 15 * MINUTE, true],
    ['rfa-2021', '12 hours', 720 * MINUTE, true],
    ['rfa-2021', '12 hours and a second', 720 * MINUTE + 1_000, false],
    ['rfa-2021', '12 hours and a millisecond', 720 * MINUTE + 1, false],
  ])('%s: %s', (policy, _, ms, holds) => {
    expect(broken(lasting(policy, ms))).toEqual(holds ? [] : ['window-length']);
  });

  it('is counted in real time when clocks change', () => {
    // 00:30 to 12:00 by the wall on the day that summer time ends is twelve and a half hours.
    const window = { from: '2026-11-01T00:30:00-07:00', to: '2026-11-01T12:00:00-08:00', zone: 'America/Los_Angeles' };
    expect(broken(request('npss', { window }))).toEqual(['window-length']);
  });
});

describe('npss: within half a mile of the incident', () => {
  const eastward = (metres: number): Position => [INCIDENT[0] + metres / 84_300, INCIDENT[1]];
  /** For `eastward`: what leads to a corner just within this distance on the ellipsoid, by bisection. */
  const eastOf = (metres: number): number => {
    let [low, high] = [0, 2_000];
    for (let step = 0; step < 80; step += 1) {
      const middle = (low + high) / 2;
      if (geodesicDistance(INCIDENT, eastward(middle)) <= metres) low = middle;
      else high = middle;
    }
    return low;
  };
  const triangle = (east: number): Area => {
    const [lng, lat] = INCIDENT;
    return { type: 'Polygon', coordinates: [[[lng, lat], eastward(east), [lng, lat + 0.001], [lng, lat]]] };
  };

  it.each<[string, Area, boolean]>([
    ['a circle of half a mile', circle(HALF_A_MILE), true],
    ['a metre more', circle(HALF_A_MILE + 1), false],
    ['a millimetre more', circle(HALF_A_MILE + 0.001), false],
    ['a smaller circle, off centre', circle(400, eastward(500)), false],
    ['a polygon whose far corner is half a mile away on the ellipsoid', triangle(eastOf(HALF_A_MILE)), true],
    ['a polygon whose far corner is a metre further', triangle(eastOf(HALF_A_MILE + 1)), false],
    ['a polygon whose far corner is near enough', triangle(790), true],
    ['a polygon with one corner too far', triangle(830), false],
    ['an area that does not contain the incident but is near', circle(100, eastward(400)), true],
  ])('%s', (_, area, holds) => {
    expect(broken(request('npss', { area }))).toEqual(holds ? [] : ['area-near-incident']);
  });

  it('has its test corners on both sides of the line', () => {
    expect(geodesicDistance(INCIDENT, eastward(790))).toBeLessThan(HALF_A_MILE);
    expect(geodesicDistance(INCIDENT, eastward(830))).toBeGreaterThan(HALF_A_MILE);
  });

  it('has no lower bound and no limit of posts', () => {
    expect(broken(request('npss', { area: circle(1) }), [request('npss'), request('npss'), request('npss')])).toEqual(
      [],
    );
  });
});

describe('rfa-2021: 0.025 to 0.5 square miles around the incident', () => {
  it.each<[string, number, boolean]>([
    ['just too small', radiusOf(INCIDENT, 0.025 * SQUARE_MILE) - 0.01, false],
    ['the smallest', radiusOf(INCIDENT, 0.025 * SQUARE_MILE) + 0.000_001, true],
    ['the largest', radiusOf(INCIDENT, 0.5 * SQUARE_MILE) - 0.000_001, true],
    ['just too large', radiusOf(INCIDENT, 0.5 * SQUARE_MILE) + 0.01, false],
  ])('%s', (_, radius, holds) => {
    expect(broken(request('rfa-2021', { area: circle(radius) }))).toEqual(holds ? [] : ['area-size']);
  });

  it('must contain the incident', () => {
    const area = circle(300, [INCIDENT[0] + 0.01, INCIDENT[1]]);
    expect(broken(request('rfa-2021', { area }))).toEqual(['area-near-incident']);
  });

  it('allows two posts for a case, not three', () => {
    expect(broken(request('rfa-2021'), [request('npss')])).toEqual([]);
    expect(broken(request('rfa-2021'), [request('npss'), request('npss')])).toEqual(['posts-per-case']);
  });
});

describe.each<PolicyName>(['npss', 'rfa-2021'])('%s: what a request must say', (policy) => {
  it.each<[string, Partial<FootageRequest>, PolicyRule[]]>([
    ['no case number', { caseNumber: ' ' }, ['case-number']],
    ['neither crime nor incident type', { incidentType: '', suspectedCrime: ' ' }, ['crime-or-incident']],
    ['only a crime', { incidentType: '', suspectedCrime: 'Burglary' }, []],
    ['no investigator', { investigator: { name: '', email: 'a@b.example' } }, ['investigator-contact']],
    ['no way to reach the investigator', { investigator: { name: 'Det. X', email: ' ' } }, ['investigator-contact']],
    ['a telephone only', { investigator: { name: 'Det. X', telephone: '+1 775 555 0100' } }, []],
  ])('%s', (_, change, rules) => {
    expect(broken(request(policy, change))).toEqual(rules);
  });

  it('refuses a degenerate area instead of measuring it', () => {
    const area: Area = { type: 'Polygon', coordinates: [[INCIDENT, INCIDENT, INCIDENT, INCIDENT]] };
    expect(broken(request(policy, { area }))).toHaveLength(1);
  });
});

describe('earlier posts of a case', () => {
  it('are the same agency’s, under the same number, with a lower sequence number', () => {
    const all = [
      request('npss', { id: 'earlier', seq: 4 }),
      request('npss', { id: 'later', seq: 6 }),
      request('npss', { id: 'other-case', seq: 3, caseNumber: '26-2' }),
      request('npss', { id: 'other-agency', seq: 3, agency: 'another' }),
      request('npss'),
    ];
    expect(earlierOfSameCase(request('npss'), all).map(({ id }) => id)).toEqual(['earlier']);
  });

  it.each([
    ['WPD 26-7', 'wpd 26-7', 1],
    ['WPD 26-7', ' WPD   26-7 ', 1],
    ['26-17', '261-7', 0],
    ['26-17', '26-17a', 0],
  ])('count %s and %s as %i of the same case', (caseNumber, other, count) => {
    const earlier = request('npss', { id: 'earlier', seq: 1, caseNumber: other });
    expect(earlierOfSameCase(request('npss', { caseNumber }), [earlier])).toHaveLength(count);
  });
});
