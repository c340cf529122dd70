/** Sealed packages for tests: a real ZIP, sealed with age, whose manifest may be made to lie. */
import { createHash } from 'node:crypto';
import { Encrypter } from 'age-encryption';
import { makeZip } from 'client-zip';
import type { FootageRequest } from '../../src/contracts/request.ts';
import type { ManifestClip, PackageManifest } from '../../src/contracts/share.ts';

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

export interface PackagePlan {
  readonly request: FootageRequest;
  /** The whole published note. */
  readonly note: string;
  readonly clip: Uint8Array<ArrayBuffer>;
  readonly recipients: readonly string[];
  /** How many frames the manifest says the clip has, and the time from the first to the last of them. */
  readonly seen?: { readonly frames: number; readonly spanMs: number };
  readonly change?: (manifest: PackageManifest) => PackageManifest;
  readonly changeClip?: (clip: ManifestClip) => ManifestClip;
  /** Replaces what lies in the ZIP. */
  readonly files?: (
    files: { name: string; input: Uint8Array | string }[],
  ) => { name: string; input: Uint8Array | string }[];
}

const NOTHING_SEEN = { frames: 10, spanMs: 600 };

export const manifestFor = ({
  request,
  note,
  clip,
  seen = NOTHING_SEEN,
  changeClip = (same) => same,
}: PackagePlan): PackageManifest => ({
  format: 'porchlight/package/v1',
  request: {
    id: request.id,
    agency: request.agency,
    caseNumber: request.caseNumber,
    noteSha256: sha256(note),
  },
  sharedBy: { name: 'Ada Byron', email: 'ada@example.net', address: '1 Alder Street' },
  consent: 'I share this.',
  created: '2026-11-23T20:00:00.000Z',
  clips: [
    changeClip({
      file: 'clips/01.mp4',
      sha256: sha256(clip),
      bytes: clip.length,
      window: { from: request.window.from, to: request.window.to },
      firstFrame: request.window.from,
      lastFrame: new Date(Date.parse(request.window.from) + seen.spanMs).toISOString(),
      timeSource: 'person',
      clockOffsetMs: 0,
      camera: { name: 'Front door', place: request.incident },
      originalSha256: 'a'.repeat(64),
      mode: 'exact',
      frames: { total: seen.frames, original: seen.frames - 2, reencoded: 2 },
      reencodedRanges: [[0, 1]],
    }),
  ],
  tools: {},
});

export const sealedPackage = async (plan: PackagePlan): Promise<Uint8Array<ArrayBuffer>> => {
  const { change = (same) => same, files = (same) => same } = plan;
  const manifest = change(manifestFor(plan));
  const zip = makeZip(
    files([
      { name: 'manifest.json', input: `${JSON.stringify(manifest, null, 2)}\n` },
      { name: 'clips/01.mp4', input: plan.clip },
      { name: 'README.txt', input: 'Read me.' },
    ]).map((file) => ({ ...file, lastModified: new Date(1980, 0, 1) })),
  );
  const encrypter = new Encrypter();
  for (const recipient of plan.recipients) encrypter.addRecipient(recipient);
  return new Uint8Array(await encrypter.encrypt(new Uint8Array(await new Response(zip).arrayBuffer())));
};
