/** Recordings whose index cannot be: refused by name before a reader believes it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSource } from '../../../../workers/trim/source.ts';
import { make } from '../inspect/families.ts';

let folder: string;
let recording: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-index-'));
  recording = await readFile(
    await make(folder, 'pcm.mov', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-bf', '2', '-c:a', 'pcm_s16le']),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The last table of that type, its field at `offset` behind the type changed by `bit`. */
const harmed = (table: string, offset: number, bit: number): Blob => {
  const bytes = Uint8Array.from(recording);
  const at = recording.lastIndexOf(table) + offset;
  const view = new DataView(bytes.buffer);
  view.setUint32(at, view.getUint32(at) ^ bit);
  return new Blob([bytes]);
};

test('a recording in order is opened', async () => {
  const opened = await openSource(new Blob([Uint8Array.from(recording)]));
  expect(opened.ok).toBe(true);
  if (opened.ok) opened.value.input.dispose();
});

test.each([
  ['stsc', 12, 'the number of a chunk'],
  ['stsc', 16, 'samples in a chunk'],
  ['stts', 12, 'how often a duration stands'],
  ['ctts', 12, 'how often an offset stands'],
  ['stsz', 12, 'how many sizes there are'],
])('%s, field at %i (%s): one flipped bit is damage', async (table, offset) => {
  const opened = await openSource(harmed(table, offset, 1 << 30));
  expect(opened).toMatchObject({ ok: false, reason: 'damaged' });
});
