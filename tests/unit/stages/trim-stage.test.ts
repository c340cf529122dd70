/** The trim stage asks the gates first: a window that none let pass never reaches the trimmer, and one that passed is cut to the millisecond. */
import { describe, expect, test } from 'vitest';
import type { ClipChoice } from '../../../src/contracts/journey-api.ts';
import { failure } from '../../../src/contracts/result.ts';
import type { TrimJob } from '../../../src/contracts/trim-api.ts';
import { createTrimStage, type TrimQuestion } from '../../../src/stages/trim/trim-stage.ts';
import { camera, NOW, recording, view } from '../../support/share-fixtures.ts';
import { valueOf } from '../../support/value-of.ts';

const choice: ClipChoice = { recordingId: recording.id, mode: 'exact', mute: false, boxes: [], narrowed: null };
const question: TrimQuestion = { view, camera, recording, choice };
const options = { signal: new AbortController().signal, onProgress: () => undefined };

/** A stage whose trimmer notes what it is asked to cut; it cuts nothing. */
const watched = (video: Blob | null = new Blob(['video'])) => {
  const jobs: TrimJob[] = [];
  const facts = { framesInWindow: 1, framesOriginal: 1, framesReencoded: 0, firstFrameAt: 0, lastFrameAt: 0 };
  const clip = {
    bytes: new Uint8Array(),
    facts: { ...facts, bytesRead: 0, removed: [], leftOutStart: 0, leftOutEnd: 0, missing: [], damaged: [] },
  };
  const stage = createTrimStage({
    trimmer: {
      trim: (_source, job) => {
        jobs.push(job);
        return Promise.resolve({ ok: true, value: clip });
      },
      warm: () => Promise.resolve(),
    },
    library: { video: () => Promise.resolve(video) },
    now: () => NOW,
  });
  return { stage, jobs };
};

describe('the trim stage', () => {
  test('cuts the overlap on the recording’s own timeline, the camera’s clock offset taken off', async () => {
    const { stage, jobs } = watched();
    const cut = valueOf(await stage.cut(question, options));
    expect(jobs).toEqual([{ from: 10.1, to: 40.25, mode: 'exact', mute: false, boxes: [] }]);
    expect(cut.window).toEqual(view.window);
  });

  test.each<[string, TrimQuestion, string]>([
    ['an unknown request', { ...question, view: null }, 'request-not-open'],
    ['a closed request', { ...question, view: { ...view, status: 'resolved' } }, 'request-not-open'],
    [
      'a forged request',
      { ...question, view: { ...view, problem: { kind: 'forged-signature', detail: 'changed' } } },
      'request-not-open',
    ],
    ['a camera without a place', { ...question, camera: { ...camera, place: null } }, 'camera-without-place'],
    ['a camera outside the area', { ...question, camera: { ...camera, place: [-119, 41] } }, 'outside-area'],
    [
      'a recording from another day',
      { ...question, recording: { ...recording, time: { ...recording.time, startMs: NOW } } },
      'outside-window',
    ],
    [
      'a doubtful time',
      { ...question, recording: { ...recording, time: { ...recording.time, confidence: 'unconfirmed' } } },
      'time-unconfirmed',
    ],
    [
      'a stretch wider than the overlap',
      { ...question, choice: { ...choice, narrowed: { from: view.window.from - 1, to: view.window.to } } },
      'outside-window',
    ],
  ])('%s never reaches the trimmer', async (_, asked, reason) => {
    const { stage, jobs } = watched();
    expect(await stage.cut(asked, options)).toMatchObject({ ok: false, reason });
    expect(jobs).toEqual([]);
  });

  test('says so when the video is gone, and hands a refusal of the trimmer on', async () => {
    expect(await watched(null).stage.cut(question, options)).toMatchObject({ ok: false, reason: 'recording-missing' });
    const refusing = createTrimStage({
      trimmer: {
        trim: () => Promise.resolve(failure('damaged-in-window', 'broken')),
        warm: () => Promise.resolve(),
      },
      library: { video: () => Promise.resolve(new Blob(['video'])) },
      now: () => NOW,
    });
    expect(await refusing.cut(question, options)).toMatchObject({ ok: false, reason: 'damaged-in-window' });
  });
});
