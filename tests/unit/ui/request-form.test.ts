/** What is typed into the composer becomes the draft it says; what cannot be read is named, never guessed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/contracts/units.ts';
import { checkDraft } from '../../../src/core/request-draft.ts';
import { readCorners, writeCorners } from '../../../src/ui/corner-text.ts';
import { emptyForm, readForm } from '../../../src/ui/request-form.ts';

const ZONE = 'America/Los_Angeles';
const NOW = Date.parse('2026-11-24T04:00:00Z');
const form = {
  ...emptyForm(ZONE, NOW),
  ...{
    caseNumber: 'C-1',
    incidentType: 'Theft',
    title: 'A parcel',
    description: 'At noon.',
    placeName: 'Alder Street',
  },
  ...{ investigatorName: 'Det. Lind', investigatorEmail: 'lind@police.example' },
  ...{ latitude: '40.87', longitude: '-119.05', from: '2026-11-22T12:00', to: '2026-11-22T13:00:30' },
};

describe('corners', () => {
  it('are read with commas or spaces, and a hole after an empty line', () => {
    expect(readCorners('40.1, -119.2\n40.3 -119.4\n40.5;-119.6\n\n40.2, −119.3\n')).toEqual({
      ok: true,
      value: [
        [
          [-119.2, 40.1],
          [-119.4, 40.3],
          [-119.6, 40.5],
        ],
        [[-119.3, 40.2]],
      ],
    });
  });

  it.each(['40.1', '91, 0', '0, 181', '40.1, -119.2, 7', 'here', '40,1 119,2'])(
    '“%s” is named with its line',
    (line) => {
      expect(readCorners(`1, 1\n${line}`)).toMatchObject({ ok: false, detail: expect.stringContaining('Line 2') });
    },
  );

  it('come back from their text, also with a hole that has only been begun', () => {
    const at = (most: number) =>
      fc.double({ min: -most, max: most, noNaN: true }).map((value) => Number(value.toFixed(6)) + 0);
    const ring = fc.array(fc.tuple(at(180), at(90)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(ring, { minLength: 1, maxLength: 3 }), fc.boolean(), (rings: Position[][], begun) => {
        const drawn = begun ? [...rings, []] : rings;
        expect(readCorners(writeCorners(drawn))).toEqual({ ok: true, value: drawn });
      }),
    );
  });
});

describe('the form', () => {
  it('gives the draft that it says, ready to post', () => {
    const { draft, problems } = readForm(form);
    expect(problems).toEqual([]);
    expect(draft.area).toEqual({ type: 'Circle', center: [-119.05, 40.87], radiusM: 400 });
    expect(draft.from).toBe(Date.parse('2026-11-22T20:00:00Z'));
    expect(draft.to).toBe(Date.parse('2026-11-22T21:00:30Z'));
    expect(draft.expires).toBe(Date.parse('2026-12-08T04:00:00Z'));
    expect(checkDraft(draft, 'police', [], NOW)).toMatchObject({ ready: true, problems: [] });
  });

  it('has a circle around the incident until it gets a centre of its own', () => {
    const { draft } = readForm({ ...form, centreLatitude: '40.871', centreLongitude: '-119.051' });
    expect(draft.area).toMatchObject({ center: [-119.051, 40.871] });
  });

  it.each([
    [{ latitude: '95' }, 'latitude between'],
    [{ radius: '0.5' }, 'metres from 1'],
    [{ radius: 'wide' }, 'metres from 1'],
    [{ centreLatitude: '40' }, 'centre of the circle'],
    [{ shape: 'polygon', corners: '40, -119\n40.001, -119' }, 'at least three corners'],
    [{ shape: 'polygon', corners: '40, -119\n40.01, -119\n40, -119.01\n\n40, -119' }, 'Hole 1 needs'],
    [{ from: '2026-03-08T02:30' }, 'set forward over it'],
  ] as const)('%o is said to be unreadable', (change, words) => {
    const { problems } = readForm({ ...form, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
  });

  it('asks which one is meant when a clock change makes a time come twice', () => {
    const twice = { ...form, from: '2026-11-01T01:30', to: '2026-11-01T03:00' };
    expect(readForm(twice).fromReadings).toHaveLength(2);
    const [first, later] = [readForm(twice), readForm({ ...twice, fromLater: true })];
    expect((later.draft.from ?? 0) - (first.draft.from ?? 0)).toBe(3_600_000);
  });

  it('of a half-typed form says nothing but what is missing', () => {
    const { draft, problems } = readForm(emptyForm(ZONE, NOW));
    expect(problems).toEqual([]);
    expect(checkDraft(draft, 'police', [], NOW).problems).toContain('The place of the incident is missing.');
  });
});
