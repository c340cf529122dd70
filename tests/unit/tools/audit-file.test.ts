/** A tester's own file, or a window of it, that cannot be audited is told at once, before anything is built. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { recordingProblem } from '../../../tools/audit-egress/stage.ts';
import { nativeTool } from '../../../tools/find-native.ts';
import { run } from '../../support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'porchlight-audit-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('no recording, and a window past its end', async () => {
  const film = join(folder, 'film.mp4');
  await run(nativeTool('ffmpeg'), ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=5', '-t', '2', film]);
  expect(recordingProblem(film, 0.5, 1.5)).toBeNull();
  expect(recordingProblem(film, undefined, undefined)).toBeNull();
  expect(recordingProblem(film, 1, 9)).toBe(`${film} is 2.0 s long; there is no second 9 in it.`);
  expect(recordingProblem(import.meta.filename, undefined, undefined)).toContain('ffprobe finds no recording');
});
