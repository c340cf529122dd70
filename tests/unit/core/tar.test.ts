/** Our tar files are what the tar program reads and writes, and a damaged one ends where it is damaged. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readTar, writeTar, type TarEntry } from '../../../src/core/tar.ts';

const folder = mkdtempSync(join(tmpdir(), 'porchlight-tar-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ENTRIES: readonly TarEntry[] = [
  { name: 'library.json', content: new Blob(['{"a":1}']) },
  { name: 'videos/one', content: new Blob([new Uint8Array(1_300).fill(7)]) },
  { name: 'videos/empty', content: new Blob([]) },
  { name: 'thumbnails/block', content: new Blob([new Uint8Array(512).fill(9)]) },
];

const all = async (file: Blob): Promise<(readonly [string, string] | null)[]> => {
  const found: (readonly [string, string] | null)[] = [];
  for await (const entry of readTar(file)) found.push(entry && [entry.name, await entry.content.text()]);
  return found;
};
const texts = Promise.all(ENTRIES.map(async ({ name, content }) => [name, await content.text()] as const));

test('what is written is read back', async () => {
  expect(await all(writeTar(ENTRIES))).toEqual(await texts);
});

test('the tar program opens it', async () => {
  writeFileSync(join(folder, 'ours.tar'), new Uint8Array(await writeTar(ENTRIES).arrayBuffer()));
  execFileSync('tar', ['--extract', '--file', 'ours.tar'], { cwd: folder });
  for (const [name, content] of await texts) expect(readFileSync(join(folder, name), 'latin1')).toBe(content);
});

test('what the tar program writes is read', async () => {
  writeFileSync(join(folder, 'a.txt'), 'hello');
  execFileSync('tar', ['--create', '--format=ustar', '--file', 'theirs.tar', 'a.txt'], { cwd: folder });
  expect(await all(new Blob([readFileSync(join(folder, 'theirs.tar'))]))).toEqual([['a.txt', 'hello']]);
});

test('a file cut short, or of something else, ends with null and never with a wrong entry', async () => {
  const whole = writeTar(ENTRIES);
  const right = await texts;
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.size - 1025), async (size) => {
      const found = await all(whole.slice(0, size));
      expect(found.at(-1)).toBeNull();
      expect(found.slice(0, -1)).toEqual(right.slice(0, found.length - 1));
    }),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      for (const entry of await all(new Blob([Uint8Array.from(bytes)]))) expect(entry).toBeNull();
    }),
    { numRuns: 60 },
  );
});
