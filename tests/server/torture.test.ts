/** The small, seeded form of `npm run torture`: uploads to a hub that is killed with SIGKILL while they run. */
import { expect, it } from 'vitest';
import { torture } from '../../tools/hub-torture.ts';

it('every upload finishes with its hash and its receipt, and nothing is left', { timeout: 120_000 }, async () => {
  const figures = await torture({ uploads: 12, bytes: 3_000_000, killEveryMs: 400, mostKills: 2, seed: 7 });
  expect(figures.kills).toBeGreaterThan(0);
  expect(figures).toMatchObject({ finished: 12, rightHashes: 12, verifiedReceipts: 12, orphans: 0 });
});
