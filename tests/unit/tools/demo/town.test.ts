/** The demo town as a story: names that cameras could have given, times that are past, and requests that match what they say they match. */
import { describe, expect, it } from 'vitest';
import { areaContains } from '../../../../src/core/area.ts';
import { decideTime, timeCandidates } from '../../../../src/core/camera-clocks.ts';
import { checkPolicy } from '../../../../src/core/request-policy.ts';
import { demoTown, demoTownFile, TOWN_ZONE } from '../../../../tools/demo/town.ts';

const ANCHORS = [
  ['a winter afternoon', '2026-11-23T20:00:00Z'],
  ['just after midnight in town', '2026-11-23T08:00:01Z'],
  ['a summer day', '2026-07-04T17:00:00Z'],
  ['the day after summer time began', '2026-03-09T17:00:00Z'],
  ['the day on which summer time ended', '2026-11-01T18:00:00Z'],
] as const;

describe.each(ANCHORS)('anchored on %s', (_, instant) => {
  const anchor = Date.parse(instant);
  const town = demoTown(anchor);

  it('has everything in the past', () => {
    for (const { startMs, durationS } of town.recordings) expect(startMs + durationS * 1000).toBeLessThan(anchor);
    for (const { document } of town.requests) {
      expect(Date.parse(document.window.to)).toBeLessThanOrEqual(Date.parse(document.posted));
      expect(Date.parse(document.posted)).toBeLessThan(anchor);
    }
  });

  it('names its recordings so that import finds their true start; only the Ring export needs a person', () => {
    for (const { path, startMs, durationS, lastModified } of town.recordings) {
      const clues = {
        relativePath: path,
        lastModified,
        creationMs: startMs,
        durationMs: durationS * 1000,
        zone: TOWN_ZONE,
      };
      const { startMs: found, confidence } = decideTime(timeCandidates(clues), clues.durationMs);
      if (path.startsWith('Ring_')) expect([path, confidence]).toEqual([path, 'unconfirmed']);
      else expect([path, found, confidence]).toEqual([path, startMs, 'accepted']);
    }
  });

  it('matches as its requests are meant to', () => {
    const matches = town.requests.flatMap(({ document }) =>
      town.recordings
        .filter(({ cameraId, startMs, durationS }) => {
          const place = town.cameras.find(({ id }) => id === cameraId)?.place;
          const overlaps =
            Date.parse(document.window.from) < startMs + durationS * 1000 && startMs < Date.parse(document.window.to);
          return overlaps && place && areaContains(document.area, place);
        })
        .map(({ cameraId, scene }) => `${document.id}: ${cameraId}, ${scene}`),
    );
    expect(
      matches.filter((match) =>
        /alder-parcels|hit-and-run|alder-shed|main-smoke|grain-store|alder-windows/.test(match),
      ),
    ).toEqual([
      'wpd-alder-parcels: front-porch, porch-day',
      'wpd-second-hit-and-run: front-porch, driveway-dusk',
      'wpd-second-hit-and-run: driveway, driveway-dusk',
      'wfr-alder-shed: back-gate, street-night',
      'wfr-main-smoke: shop-door, shop-front',
    ]);
  });

  it('breaks a policy exactly where that is meant', () => {
    const breaking = town.requests
      .filter(({ document }) => checkPolicy({ ...document, seq: 1, prev: null }, []).some(({ holds }) => !holds))
      .map(({ entry }) => entry);
    expect(breaking).toEqual(['approved-wrongly']);
  });
});

it('tells the page about the recordings that were made, and no others', () => {
  const town = demoTown(Date.parse('2026-11-23T20:00:00Z'));
  const [first] = town.recordings;
  if (first === undefined) throw new Error('the town has recordings');
  expect(demoTownFile(town, { [first.path]: 1234 })).toEqual({
    cameras: town.cameras,
    recordings: [{ path: first.path, cameraId: first.cameraId, bytes: 1234, lastModified: first.lastModified }],
  });
});
