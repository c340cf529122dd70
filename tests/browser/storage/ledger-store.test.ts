/** The egress ledger in Chromium's own IndexedDB: one chain for two tabs, small bodies kept, clearing told, an old ledger sealed in. */
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../src/contracts/share.ts';
import type { LedgerStore } from '../../../src/contracts/storage.ts';
import { checkLedger } from '../../../src/core/ledger-chain.ts';
import { KEPT_BODY_BYTES } from '../../../src/storage/ledger-store.ts';
import { UPGRADE_STEPS } from '../../../src/storage/open-database.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { freshName } from './samples.ts';

let name = '';
beforeEach(() => {
  name = freshName();
});
afterEach(() => deleteDB(name));

const open = async (steps = UPGRADE_STEPS): Promise<LedgerStore> => {
  const opened = await openStores({ name, steps });
  if (!opened.ok) throw new Error(opened.detail);
  return opened.value.ledger;
};

const entry = (purpose: string): LedgerEntry => ({
  ...{ at: 1, purpose, method: 'GET', url: '/v1/feed', bytesOut: 0, bytesIn: 1, bodySha256: null },
  ...{ status: 200, problem: null },
});

it('is one unbroken chain, whoever writes', async () => {
  const [one, other] = [await open(), await open()];
  await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 ? one : other).append(entry(`line ${index}`))));
  const lines = await one.all();
  expect(await checkLedger(lines)).toMatchObject({ ok: true, lines: 12 });
  expect(new Set(lines.map(({ purpose }) => purpose)).size).toBe(12);
  expect((await other.all()).at(-1)?.hash).toBe(lines.at(-1)?.hash);
});

it('tells of every new line, here and in another tab', async () => {
  const [one, other] = [await open(), await open()];
  await one.append(entry('a'));
  expect(one.changes.get()).toBeGreaterThan(0);
  await expect.poll(() => other.changes.get()).toBeGreaterThan(0);
});

it('keeps small bodies with their line, and no large ones', async () => {
  const ledger = await open();
  const small = new TextEncoder().encode('a comment');
  const first = await ledger.begin(entry('small'), small);
  const second = await ledger.begin(entry('large'), new Uint8Array(KEPT_BODY_BYTES + 1));
  expect(await ledger.body(first)).toEqual(small);
  expect(await ledger.body(second)).toBeNull();
});

it('says that it was cleared, and goes on counting', async () => {
  const ledger = await open();
  await ledger.begin(entry('one'), new Uint8Array(3));
  await ledger.append(entry('two'));
  const head = (await ledger.all()).at(-1)?.hash;
  expect(await ledger.clear(7)).toMatchObject({ ok: true });
  await ledger.append(entry('three'));
  const lines = await ledger.all();
  expect(lines.map(({ seq, kind, at, prev }) => [seq, kind, at, prev === head])).toEqual([
    [3, 'cleared', 7, true],
    [4, undefined, 1, false],
  ]);
  expect(lines[0]?.purpose).toContain('2 lines up to number 2');
  expect(await ledger.body(1)).toBeNull();
  expect(await checkLedger(lines)).toMatchObject({ ok: true });
});

it('takes over a ledger of version 1, and what was in it can no longer be changed unseen', async () => {
  const old = await openStores({ name, steps: UPGRADE_STEPS.slice(0, 1) });
  if (!old.ok) throw new Error(old.detail);
  const raw = await openDB(name, 1);
  for (const purpose of ['a', 'b']) await raw.add('ledger', entry(purpose));
  raw.close();
  const ledger = await open();
  await ledger.append(entry('c'));
  const lines = await ledger.all();
  expect(lines.map(({ seq, purpose, hash }) => [seq, purpose, hash !== undefined])).toEqual([
    [1, 'a', false],
    [2, 'b', false],
    [3, 'c', true],
  ]);
  expect(await checkLedger(lines)).toMatchObject({ ok: true });
  expect((await checkLedger(lines.with(0, { ...entry('forged'), seq: 1 }))).ok).toBe(false);
});
