/** `npm run audit:egress` finds nothing in the page as it is, and every leak that is planted in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { auditEgress, buildForAudit, isCaught } from '../../tools/audit-egress.ts';
import { SABOTAGES, type Sabotage } from '../../tools/audit-egress/sabotage.ts';
import { BUILT_PAGE } from '../support/test-hub.ts';

test.describe.configure({ timeout: 240_000 });

test('from import to receipt nothing leaves but what the page shows, to the byte', async () => {
  const { findings, bytesOut } = await auditEgress({ dist: BUILT_PAGE });
  expect(findings.problems).toEqual([]);
  expect(findings.all.map(({ check }) => check).toSorted()).toEqual([
    'bytes',
    'chain',
    'frames',
    'har',
    'hosts',
    'ledger',
    'metadata',
    'names',
    'package',
    'requests',
    'upload',
  ]);
  expect(bytesOut.get('send a part of the sealed package')).toBeGreaterThan(100_000);
});

test.describe('a planted leak is found:', () => {
  let folder = '';
  let dist = '';
  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'porchlight-planted-'));
    dist = await buildForAudit(folder, true);
  });
  test.afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const name of Object.keys(SABOTAGES) as Sabotage[]) {
    test(name, async () => {
      const verdict = await auditEgress({ dist, sabotage: name });
      expect(isCaught(name, verdict), verdict.findings.problems.join('\n')).toBe(true);
    });
  }
});
