/** Only checked bytes become a clip, only checked clips become a package, and the `age` tool opens what is sealed. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PackageManifestSchema } from '../../../../src/contracts/inbox.ts';
import { failure } from '../../../../src/contracts/result.ts';
import type { SealedPackage, VerifiedClip } from '../../../../src/contracts/share.ts';
import { sha256Hex } from '../../../../src/core/sha256.ts';
import { readmeText, reencodedRanges } from '../../../../src/stages/inspect/manifest.ts';
import { buildPackage, sealPackage, type SealJob } from '../../../../src/stages/inspect/package.ts';
import { verifyClip } from '../../../../src/stages/inspect/verify.ts';
import { nativeTool } from '../../../../tools/find-native.ts';
import { openPackage } from '../../../support/package.ts';
import { run } from '../../../support/run.ts';
import { camera, clipToVerify, NOW, recording, verifiedClip, view, vouching } from '../../../support/share-fixtures.ts';
import { valueOf } from '../../../support/value-of.ts';

let folder: string;
let agencyKey: string;
let job: SealJob;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-seal-'));
  agencyKey = await generateX25519Identity();
  const agency = view.agency && { ...view.agency, recipients: [await identityToRecipient(agencyKey)] };
  job = {
    view: { ...view, agency },
    clips: [await verifiedClip()],
    identity: { name: 'Ada Moss', email: 'ada@example.net', address: '12 Alder Street' },
    cameras: [camera],
    recordings: [recording],
    tools: { porchlight: '0.1.0' },
    now: NOW,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('verifyClip', () => {
  const bytes = new TextEncoder().encode('the clip');

  test('passes on what the audit refused', async () => {
    const refusing = { audit: () => Promise.resolve(failure('location' as const, 'a place')) };
    expect(await verifyClip(refusing, clipToVerify(bytes))).toEqual({
      ok: false,
      reason: 'location',
      detail: 'a place',
    });
  });

  test('refuses bytes that are not the audited ones', async () => {
    const changing = { audit: vouching().audit };
    const ofOthers = {
      audit: (_: Uint8Array<ArrayBuffer>, source: Blob, about: Parameters<typeof changing.audit>[2]) =>
        changing.audit(new TextEncoder().encode('other'), source, about),
    };
    expect(await verifyClip(ofOthers, clipToVerify(bytes))).toMatchObject({ ok: false, reason: 'unaccounted-bytes' });
  });
});

describe('sealPackage', () => {
  test('both keys open it with the age tool, and every file is what the manifest says', async () => {
    const sealed = valueOf(await sealPackage(job));
    const path = join(folder, 'package.age');
    await writeFile(path, sealed.bytes);
    expect(sealed.sha256).toBe(await sha256Hex(sealed.bytes));
    expect(sealed.recipients).toHaveLength(2);
    for (const key of [agencyKey, sealed.submissionKey]) {
      const opened = await openPackage(path, key, folder);
      expect(opened.names).toEqual(['manifest.json', 'clips/01.mp4', 'README.txt']);
      expect(opened.manifest).toEqual(sealed.manifest);
      expect((await readFile(opened.clips[0] ?? '')).toString()).toBe('the clip');
      expect(sealed.contents.files.map(({ name }) => name)).toEqual(opened.names);
    }
    expect(sealed.contents.files[1]).toEqual({
      ...{ name: 'clips/01.mp4', bytes: 8, sha256: await sha256Hex(new TextEncoder().encode('the clip')) },
    });
    const { zipBytes } = sealed.contents;
    expect(sealed.bytes.length).toBeGreaterThan(zipBytes);
    expect(zipBytes).toBeGreaterThan(sealed.contents.files.reduce((sum, { bytes }) => sum + bytes, 0));
    const [clip] = sealed.manifest.clips;
    expect(clip).toMatchObject({
      sha256: await sha256Hex(new TextEncoder().encode('the clip')),
      window: { from: '2026-03-01T18:00:12.100Z', to: '2026-03-01T18:00:42.250Z' },
      firstFrame: '2026-03-01T18:00:12.200Z',
      clockOffsetMs: 2_000,
      originalSha256: recording.sha256,
      frames: { total: 3, original: 2, reencoded: 1 },
      reencodedRanges: [[0, 0]],
    });
    expect(sealed.manifest.request.noteSha256).toBe(await sha256Hex(new TextEncoder().encode(view.note)));
  });

  test('a key of nobody opens nothing', async () => {
    const path = join(folder, 'closed.age');
    await writeFile(path, valueOf(await sealPackage(job)).bytes);
    await expect(openPackage(path, await generateX25519Identity(), folder)).rejects.toThrow(/no identity matched/);
  });

  test('what the age tool seals, our library opens', async () => {
    const [plain, path] = [join(folder, 'plain.txt'), join(folder, 'native.age')];
    await writeFile(plain, 'sealed elsewhere');
    await run(nativeTool('age'), [
      '--encrypt',
      '--recipient',
      await identityToRecipient(agencyKey),
      '--output',
      path,
      plain,
    ]);
    const decrypter = new Decrypter();
    decrypter.addIdentity(agencyKey);
    expect(await decrypter.decrypt(Uint8Array.from(await readFile(path)), 'text')).toBe('sealed elsewhere');
  });

  test('each submission has a key of its own', async () => {
    const [one, two] = [valueOf(await sealPackage(job)), valueOf(await sealPackage(job))];
    expect(one.submissionKey).not.toBe(two.submissionKey);
    expect(one.shareId).not.toBe(two.shareId);
  });

  test.each<[string, () => Partial<SealJob>, string]>([
    ['the request closed since', () => ({ view: { ...view, status: 'resolved' } }), 'request-not-open'],
    ['the recording is gone', () => ({ recordings: [] }), 'recording-missing'],
    ['the camera was moved out of the area', () => ({ cameras: [{ ...camera, place: [0, 0] }] }), 'outside-area'],
    [
      'the camera’s clock was corrected since the cut',
      () => ({ cameras: [{ ...camera, clockOffsetMs: 1_000 }] }),
      'outside-window',
    ],
    ['no clip was chosen', () => ({ clips: [] }), 'recording-missing'],
    [
      'the agency’s recipient is none',
      () => ({ view: { ...view, agency: view.agency && { ...view.agency, recipients: ['age1nonsense'] } } }),
      'request-not-open',
    ],
  ])('does not seal when %s', async (_, change, reason) => {
    expect(await sealPackage({ ...job, ...change() })).toMatchObject({ ok: false, reason });
  });

  test('the ZIP is the same whenever and wherever it is packed', async () => {
    const { manifest } = valueOf(await sealPackage(job));
    const { bytes: here } = await buildPackage(manifest, job.clips, 'A');
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await sha256Hex((await buildPackage(manifest, job.clips, 'A')).bytes)).toBe(await sha256Hex(here));
    // DOS date and time of the first local header: 1980-01-01 00:00:00.
    expect([...here.subarray(10, 14)]).toEqual([0, 0, 0x21, 0]);
  });
});

test('manifest and README name the seconds that are damaged in the recording', async () => {
  const clip = await verifiedClip();
  const facts = { ...clip.facts, missing: [{ from: 20, to: 23.9 }], damaged: [{ from: 10.2, to: 10.25 }] };
  const frames = [10.2, 10.3, 24].map((at) => ({ at, origin: 'original' as const, bytes: 10 }));
  const harmed = { ...clip, facts, report: { ...clip.report, frames } };
  const sealed = valueOf(await sealPackage({ ...job, clips: [harmed] }));
  expect(sealed.manifest.clips[0]).toMatchObject({
    missing: [{ from: '2026-03-01T18:00:22.000Z', to: '2026-03-01T18:00:26.000Z' }],
    doubtful: [{ from: '2026-03-01T18:00:12.200Z', to: '2026-03-01T18:00:12.300Z' }],
  });
  expect(v.parse(PackageManifestSchema, sealed.manifest).clips[0]?.missing).toEqual(sealed.manifest.clips[0]?.missing);
  const readme = readmeText(sealed.manifest, 'Wrenfield Police');
  expect(readme).toContain(
    '4 s of the picture are missing from 2026-03-01T18:00:22.000Z: the recording is damaged there',
  );
  expect(readme).toContain('damaged in the recording from 2026-03-01T18:00:12.200Z to 2026-03-01T18:00:12.300Z');
  const whole = valueOf(await sealPackage(job)).manifest;
  expect(whole.clips[0]).toMatchObject({ missing: [], doubtful: [] });
  expect(readmeText(whole, 'Wrenfield Police')).not.toMatch(/missing|damaged/);
});

test('runs of re-encoded frames', () => {
  const frames = (pattern: string) =>
    [...pattern].map((letter, at) => ({
      at,
      bytes: 1,
      origin: letter === 'r' ? ('re-encoded' as const) : ('original' as const),
    }));
  expect(reencodedRanges(frames('rrooor'))).toEqual([
    [0, 1],
    [5, 5],
  ]);
  expect(reencodedRanges(frames('ooo'))).toEqual([]);
});

test('skipping the audit or the seal does not compile', () => {
  const neverRun = (keep: (sealed: SealedPackage) => void, { report }: VerifiedClip): void => {
    const trimmed = clipToVerify(new Uint8Array());
    // @ts-expect-error a trimmed clip is not a verified one
    void sealPackage({ ...job, clips: [trimmed] });
    const alike = { ...trimmed, bytes: trimmed.clip.bytes, facts: trimmed.clip.facts, report };
    // @ts-expect-error an object of the same shape lacks the brand that only the audit gives
    const forged: VerifiedClip = alike;
    // @ts-expect-error a verified clip is not a sealed package
    keep(forged);
    // @ts-expect-error plain bytes are not a sealed package
    keep(new Uint8Array());
  };
  expect(neverRun).toBeTypeOf('function');
});
