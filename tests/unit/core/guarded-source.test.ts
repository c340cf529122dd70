/** Damaged Matroska, in which mediabunny looks for what is not there: the trimmer and the import get an answer all the same, and soon. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EncodedPacketSink } from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openInput } from '../../../workers/import/with-mediabunny.ts';
import { openSource as openForAudit } from '../../../workers/inspect/sources/open-source.ts';
import { openSource } from '../../../workers/trim/source.ts';
import { make } from '../workers/inspect/families.ts';

const SLOWEST_MS = 5_000;
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75];

let folder: string;
let whole: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-guarded-'));
  whole = await readFile(
    await make(folder, 'whole.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-g', '30', '-an']),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** From the last cluster on nothing has a name that anyone knows: the search for the next one reaches the end. */
const withoutLastCluster = (): Blob => {
  const harmed = Uint8Array.from(whole);
  harmed.fill(0xff, whole.lastIndexOf(Uint8Array.from(CLUSTER)));
  return new Blob([harmed]);
};

/** What comes of reading all of it: an error is an answer too. */
const answerIn = async (work: () => Promise<void>): Promise<number> => {
  const begun = performance.now();
  await work().catch(() => undefined);
  return performance.now() - begun;
};

test('the trimmer', async () => {
  const ms = await answerIn(async () => {
    const opened = await openSource(withoutLastCluster());
    if (!opened.ok) return;
    using _input = opened.value.input;
    for await (const _ of opened.value.video.sink.packets());
  });
  expect(ms).toBeLessThan(SLOWEST_MS);
});

test.each(['in memory', 'read piece by piece, as large files are'])('the import, %s', async (how) => {
  const blob = withoutLastCluster();
  const bytes = await blob.bytes();
  const ms = await answerIn(async () => {
    const { input, close } = openInput(blob, {
      size: blob.size,
      whole: how === 'in memory' ? bytes : null,
      read: (from, to) => Promise.resolve(new DataView(bytes.slice(from, to).buffer)),
    });
    const track = await input.getPrimaryVideoTrack();
    if (track) for await (const _ of new EncodedPacketSink(track).packets());
    close();
  });
  expect(ms).toBeLessThan(SLOWEST_MS);
});

test('the audit', async () => {
  const ms = await answerIn(async () => {
    const source = await openForAudit(withoutLastCluster());
    for await (const _ of source.video.packets(0));
    source.close();
  });
  expect(ms).toBeLessThan(SLOWEST_MS);
});
