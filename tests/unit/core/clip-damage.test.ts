/** Which seconds of a clip are missing or doubtful, in true time, and the sentence that says so. */
import { expect, test } from 'vitest';
import { damagedStretches } from '../../../src/core/clip-damage.ts';
import { damageSentence } from '../../../src/ui/damage-words.ts';
import { verifiedClip } from '../../support/share-fixtures.ts';

const ZONE = 'America/Los_Angeles';
const at = (seconds: number): number => Date.parse('2026-03-01T18:00:02Z') + seconds * 1_000;

/** A clip of 10.1–40.25 s at 10 pictures a second, without those at and between `missing`. */
const clipWithout = async (
  missing: readonly { readonly from: number; readonly to: number }[],
  damaged: readonly { readonly from: number; readonly to: number }[] = [],
) => {
  const clip = await verifiedClip();
  const times = Array.from({ length: 301 }, (_, index) => Math.round(102 + index) / 10);
  const frames = times
    .filter((time) => !missing.some(({ from, to }) => time >= from && time <= to))
    .map((time) => ({ at: time, origin: 'original' as const, bytes: 10 }));
  return { ...clip, facts: { ...clip.facts, missing, damaged }, report: { ...clip.report, frames } };
};

test('a stretch lasts until the next picture that is in the clip', async () => {
  const clip = await clipWithout([{ from: 20, to: 23.9 }]);
  expect(damagedStretches(clip)).toEqual([{ kind: 'missing', from: at(20), to: at(24) }]);
});

test('a single picture is missing for as long as it would have been shown', async () => {
  const clip = await clipWithout([{ from: 12.3, to: 12.3 }]);
  expect(damagedStretches(clip)).toEqual([{ kind: 'missing', from: at(12.3), to: at(12.4) }]);
});

test('at the end it lasts until the window does', async () => {
  const clip = await clipWithout([{ from: 38, to: 40.2 }]);
  expect(damagedStretches(clip)).toEqual([{ kind: 'missing', from: at(38), to: at(40.25) }]);
});

test('missing and doubtful ones are told in the order of time', async () => {
  const clip = await clipWithout([{ from: 30, to: 30.4 }], [{ from: 10.2, to: 11.9 }]);
  expect(damagedStretches(clip)).toEqual([
    { kind: 'doubtful', from: at(10.2), to: at(12) },
    { kind: 'missing', from: at(30), to: at(30.5) },
  ]);
  expect(damagedStretches(await clipWithout([]))).toEqual([]);
});

test('the sentences name how much, when by the wall clock, and why', () => {
  const from = Date.parse('2026-11-23T02:03:10Z');
  expect(damageSentence({ kind: 'missing', from, to: from + 4_000 }, ZONE)).toBe(
    '4 s of the picture are missing from 18:03:10 PST: the recording is damaged there.',
  );
  expect(damageSentence({ kind: 'missing', from: from + 40, to: from + 107 }, ZONE)).toBe(
    '67 ms of the picture are missing from 18:03:10.040 PST: the recording is damaged there.',
  );
  expect(damageSentence({ kind: 'doubtful', from, to: from + 12_000 }, ZONE)).toBe(
    'The recording is damaged at 18:03:10–18:03:22 PST (12 s): the clip shows what a player makes of it.',
  );
});
