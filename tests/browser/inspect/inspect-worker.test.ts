/** The audit in its real worker, on a clip of the real trimmer, and the ways a call can end early. */
import { afterAll, describe, expect, test } from 'vitest';
import { createInspector } from '../../../src/bridge/inspect.ts';
import { createTrimmer } from '../../../src/bridge/trim.ts';
import type { AuditJob } from '../../../src/contracts/inspect-api.ts';
import type { TrimJob } from '../../../src/contracts/trim-api.ts';
import { sha256Hex } from '../../../src/core/sha256.ts';
import { verifyClip } from '../../../src/stages/inspect/verify.ts';
import { makeVideo } from '../import/make-video.ts';

const inspector = createInspector();
afterAll(() => inspector.end());

/** From the recording's start, so that nothing has to be encoded anew. */
const JOB: TrimJob = { from: 0, to: 2.05, mode: 'exact', mute: false, boxes: [] };
const AUDIT: AuditJob = { from: JOB.from, to: JOB.to, mode: JOB.mode, mute: JOB.mute };

const cut = async () => {
  const source = await makeVideo('front.mp4', 4);
  const trimmed = await createTrimmer().trim(source, JOB, { onProgress: () => undefined });
  if (!trimmed.ok) throw new Error(trimmed.detail);
  return { source, clip: trimmed.value };
};

describe('the inspect worker', () => {
  test('passes the trimmer’s clip, leaves the page its bytes, and the stage makes a verified clip of it', async () => {
    const { source, clip } = await cut();
    const verified = await verifyClip(inspector, {
      clip,
      source,
      job: JOB,
      requestId: 'r',
      recordingId: 'a',
      cameraId: 'c',
      window: { from: 0, to: 2_050 },
      recordingStartMs: 0,
    });
    if (!verified.ok) throw new Error(`${verified.reason}: ${verified.detail}`);
    expect(verified.value.report.frames).toHaveLength(21);
    expect(verified.value.report.frames.every(({ origin }) => origin === 'original')).toBe(true);
    expect(verified.value.report.sha256).toBe(await sha256Hex(verified.value.bytes));
    expect(clip.bytes.length).toBeGreaterThan(0);
  });

  test('refuses the same clip for a narrower window, and for any other source', async () => {
    const { source, clip } = await cut();
    expect(await inspector.audit(clip.bytes, source, { ...AUDIT, to: 1.95 })).toMatchObject({
      ok: false,
      reason: 'sample-outside-window',
    });
    expect(await inspector.audit(clip.bytes, await makeVideo('other.mp4', 4), AUDIT)).toMatchObject({ ok: false });
    expect(await inspector.audit(clip.bytes, new Blob(['gone']), AUDIT)).toMatchObject({
      ok: false,
      reason: 'source-unreadable',
    });
  });

  test('ends at once when it is cancelled, and works again afterwards', async () => {
    const { source, clip } = await cut();
    const stop = new AbortController();
    const running = inspector.audit(clip.bytes, source, AUDIT, stop.signal);
    stop.abort();
    expect(await running).toMatchObject({ ok: false, reason: 'cancelled' });
    expect(await inspector.audit(clip.bytes, source, AUDIT)).toMatchObject({ ok: true });
  });
});
