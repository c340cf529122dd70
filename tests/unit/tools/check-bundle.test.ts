/** The build is refused when a script in it could get past the content policy. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { forbiddenInBundle } from '../../../tools/check-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'porchlight-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('WebRTC and beacons are found wherever they lie, and named with their file', () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets/good.js'), 'fetch("/v1/feed")');
  expect(forbiddenInBundle(folder)).toEqual([]);
  writeFileSync(join(folder, 'assets/bad.js'), 'new RTCPeerConnection(),navigator.sendBeacon("/x")');
  const findings = forbiddenInBundle(folder);
  expect(findings).toHaveLength(2);
  expect(findings[0]).toContain('assets/bad.js mentions RTCPeerConnection');
});
