/** Each gate shuts for its own reason, narrowing goes inward only, and a sealed package meets the same gates. */
import { describe, expect, test } from 'vitest';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import type { RequestView } from '../../../src/contracts/public-record.ts';
import type { PackageManifest } from '../../../src/contracts/share.ts';
import { passGates, passSealedGates, type GateQuestion } from '../../../src/core/gates.ts';
import { camera, NOW, recording, view } from '../../support/share-fixtures.ts';

const open: GateQuestion = { view, camera, recording, narrowed: null, now: NOW };
const withView = (change: Partial<RequestView>): GateQuestion => ({ ...open, view: { ...view, ...change } });
const withCamera = (change: Partial<Camera>): GateQuestion => ({ ...open, camera: { ...camera, ...change } });
const withTime = (change: Partial<Recording['time']>): GateQuestion => ({
  ...open,
  recording: { ...recording, time: { ...recording.time, ...change } },
});
const narrowed = (from: number, to: number): GateQuestion => ({
  ...open,
  narrowed: { from: view.window.from + from, to: view.window.to + to },
});
const rule = { rule: 'window-length', holds: false, detail: 'The window is 13 hours long.' } as const;

describe('passGates', () => {
  test('gives the overlap in true time, the clock offset applied', () => {
    expect(passGates(open)).toEqual({ ok: true, value: view.window });
    const late = passGates(withCamera({ clockOffsetMs: 20_000 }));
    expect(late).toEqual({ ok: true, value: { from: (recording.time.startMs ?? 0) + 20_000, to: view.window.to } });
  });

  test.each<[string, GateQuestion, string]>([
    ['no such request', { ...open, view: null }, 'request-not-open'],
    ['a resolved request', withView({ status: 'resolved' }), 'request-not-open'],
    ['an expired request', withView({ status: 'expired' }), 'request-not-open'],
    [
      'a request whose end has passed since it was read',
      { ...open, now: Date.parse(view.request.expires) },
      'request-not-open',
    ],
    [
      'a request with an unreadable end',
      withView({ request: { ...view.request, expires: 'soon' } }),
      'request-not-open',
    ],
    [
      'a forged request',
      withView({ status: 'refused', problem: { kind: 'forged-signature', detail: 'forged' } }),
      'request-not-open',
    ],
    [
      'an open request with a problem',
      withView({ problem: { kind: 'not-reviewed', detail: 'nobody reviewed it' } }),
      'request-not-open',
    ],
    ['a request that breaks a rule', withView({ rules: [rule] }), 'request-not-open'],
    ['an unknown agency', withView({ agency: null }), 'request-not-open'],
    [
      'a suspended agency',
      withView({ agency: view.agency && { ...view.agency, status: 'suspended' } }),
      'request-not-open',
    ],
    ['no recording', { ...open, recording: null }, 'recording-missing'],
    ['no camera', { ...open, camera: null }, 'recording-missing'],
    ['another camera', withCamera({ id: 'back' }), 'recording-missing'],
    ['a camera without a place', withCamera({ place: null }), 'camera-without-place'],
    ['a camera outside the area', withCamera({ place: [-119.06, 40.87] }), 'outside-area'],
    ['an unconfirmed time', withTime({ confidence: 'unconfirmed' }), 'time-unconfirmed'],
    ['no time at all', withTime({ startMs: null }), 'time-unconfirmed'],
    ['a recording that ends before the window', withTime({ startMs: view.window.from - 62_001 }), 'outside-window'],
    ['a recording that ends as the window begins', withTime({ startMs: view.window.from - 62_000 }), 'outside-window'],
    ['a recording that begins as the window ends', withTime({ startMs: view.window.to - 2_000 }), 'outside-window'],
    ['narrowing outward at the start', narrowed(-1, 0), 'outside-window'],
    ['narrowing outward at the end', narrowed(0, 1), 'outside-window'],
    ['narrowing to nothing', narrowed(5_000, 5_000 - (view.window.to - view.window.from)), 'outside-window'],
    ['narrowing to no number', narrowed(Number.NaN, 0), 'outside-window'],
  ])('%s', (_, question, reason) => {
    expect(passGates(question)).toMatchObject({ ok: false, reason });
  });

  test('narrowing inward is the window that is cut', () => {
    expect(passGates(narrowed(1_000, -2_000))).toEqual({
      ok: true,
      value: { from: view.window.from + 1_000, to: view.window.to - 2_000 },
    });
  });

  test('an accepted time passes without a person', () => {
    expect(passGates(withTime({ confidence: 'accepted' })).ok).toBe(true);
  });
});

describe('passSealedGates', () => {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const manifest = (from: number, to: number, place: readonly [number, number] = [-119.05, 40.87]) =>
    ({
      request: { id: view.id },
      clips: [
        { file: 'clips/01.mp4', window: { from: iso(from), to: iso(to) }, camera: { name: 'Front door', place } },
      ],
    }) as unknown as PackageManifest;

  test('opens for what was sealed for this request', () => {
    expect(passSealedGates(view, manifest(view.window.from, view.window.to), NOW)).toMatchObject({ ok: true });
    expect(
      passSealedGates(
        { ...view, window: { from: view.window.from + 0.4, to: view.window.to } },
        manifest(view.window.from, view.window.to),
        NOW,
      ),
    ).toMatchObject({ ok: true });
  });

  test.each([
    [
      'closed since',
      { ...view, status: 'withdrawn' as const },
      manifest(view.window.from, view.window.to),
      'request-not-open',
    ],
    ['gone since', null, manifest(view.window.from, view.window.to), 'request-not-open'],
    ['for another request', { ...view, id: 'other' }, manifest(view.window.from, view.window.to), 'request-not-open'],
    ['wider than the window', view, manifest(view.window.from - 5, view.window.to), 'outside-window'],
    ['from a camera outside', view, manifest(view.window.from, view.window.to, [-119.2, 40.87]), 'outside-area'],
  ])('shuts when the package is %s', (_, now, sealed, reason) => {
    expect(passSealedGates(now, sealed, NOW)).toMatchObject({ ok: false, reason });
  });
});
