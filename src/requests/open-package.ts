/** Opens a sealed package with the agency's key and checks everything that it says of itself against what can be known without its sender. */
import { Decrypter } from 'age-encryption';
import {
  PackageManifestSchema,
  type InboxItem,
  type OpenedClip,
  type OpenedPackage,
  type OpenProblem,
  type PackageCheck,
  type PackageRule,
} from '../contracts/inbox.ts';
import type { FootageRequest } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { ManifestClip, PackageManifest } from '../contracts/share.ts';
import type { Ms, Seconds, Sha256Hex } from '../contracts/units.ts';
import { areaContains } from '../core/area.ts';
import { blobSha256 } from '../core/blob-sha256.ts';
import type { VerifierKey } from '../core/signed-note.ts';
import { readStoredZip, type ZipEntry } from '../core/stored-zip.ts';
import { openReceipt } from '../core/trusted-directory.ts';
import { parseJson } from './hub-files.ts';

/** What the audit saw in a clip itself: its frames in the order in which they are shown, in seconds. */
type ClipFrames = readonly { readonly at: Seconds }[];

/** The audit of a clip that has no source beside it; the detail names the rule that was broken. */
export type ClipAudit = (clip: Uint8Array<ArrayBuffer>) => Promise<Result<{ readonly frames: ClipFrames }, string>>;

export interface OpenParts {
  readonly sealed: Blob;
  /** The agency's age identities; any of them may open it. */
  readonly identities: readonly string[];
  /** What the hub says of it; null for a file that somebody handed over. */
  readonly item: InboxItem | null;
  readonly agencyId: string;
  /** The published request by id, with the SHA-256 of its whole note; null when there is none of this agency. */
  requestOf(id: string): Promise<{ readonly request: FootageRequest; readonly noteSha256: Sha256Hex } | null>;
  readonly hubKey: VerifierKey | null;
  readonly audit: ClipAudit;
}

const MANIFEST = 'manifest.json';
const README = 'README.txt';
const MAX_MANIFEST_BYTES = 1_000_000;
/** A clip's clock counts in ticks of its own, the manifest in milliseconds: a few roundings, and less than a frame or two. */
const SPAN_TOLERANCE_MS: Ms = 100;

const decrypt = async (sealed: Blob, identities: readonly string[]): Promise<Result<Blob, OpenProblem>> => {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  let opened: ReadableStream<Uint8Array>;
  try {
    opened = await decrypter.decrypt(sealed.stream());
  } catch {
    return failure(
      'wrong-key',
      'None of these keys opens the package: it was sealed to somebody else, or its head is damaged.',
    );
  }
  try {
    return ok(await new Response(opened as ReadableStream<Uint8Array<ArrayBuffer>>).blob());
  } catch {
    return failure('damaged', 'The package is damaged or cut off: its encryption does not hold to the end.');
  }
};

/** Collects the checks in the order in which they are made. */
const createChecks = () => {
  const checks: PackageCheck[] = [];
  const check = (rule: PackageRule, file: string | null, holds: boolean, detail: string): void => {
    checks.push({ rule, file, holds, detail });
  };
  return { checks, check };
};
type Check = ReturnType<typeof createChecks>['check'];

const checkSealed = async ({ sealed, item, hubKey }: OpenParts, check: Check): Promise<void> => {
  if (item === null) return;
  const sha256 = await blobSha256(sealed);
  const same = sha256 === item.sha256 && sealed.size === item.bytes;
  check(
    'sealed-bytes',
    null,
    same,
    same
      ? `SHA-256 ${sha256}, as the hub says.`
      : `These bytes are not the ones the hub took: their SHA-256 is ${sha256}.`,
  );
  const receipt = hubKey === null ? null : await openReceipt(item.receipt, hubKey);
  const said = receipt?.ok === true ? receipt.value : null;
  const fits =
    said !== null && said.sha256 === sha256 && said.request === item.request && said.package === item.package;
  check(
    'receipt',
    null,
    fits,
    fits
      ? `The hub signed for these bytes at ${said.received}.`
      : 'The hub’s receipt is not for these bytes, or not signed by the hub.',
  );
};

const checkContents = (entries: readonly ZipEntry[], manifest: PackageManifest, check: Check): void => {
  const wanted = [MANIFEST, README, ...manifest.clips.map(({ file }) => file)];
  const names = entries.map(({ name }) => name);
  const extra = names.filter((name) => !wanted.includes(name));
  const missing = wanted.filter((name) => !names.includes(name));
  const twice = new Set(wanted).size !== wanted.length;
  const holds = extra.length === 0 && missing.length === 0 && !twice;
  const why = [
    ...(extra.length > 0 ? [`it also holds ${extra.join(', ')}`] : []),
    ...(missing.length > 0 ? [`it lacks ${missing.join(', ')}`] : []),
    ...(twice ? ['its manifest names a file twice'] : []),
  ].join('; ');
  check(
    'contents',
    null,
    holds,
    holds
      ? `${names.length} files, all of them named in the manifest.`
      : `The package does not hold what its manifest says: ${why}.`,
  );
};

const checkRequest = async (
  parts: OpenParts,
  manifest: PackageManifest,
  check: Check,
): Promise<FootageRequest | null> => {
  const { id, agency, caseNumber, noteSha256 } = manifest.request;
  const found = await parts.requestOf(id);
  const problems = [
    ...(agency === parts.agencyId ? [] : [`it was made for the agency ${agency}`]),
    ...(parts.item === null || parts.item.request === id ? [] : [`it was sent for the request ${parts.item.request}`]),
    ...(found === null ? [`there is no request ${id} in the agency’s history`] : []),
    ...(found === null || found.request.caseNumber === caseNumber
      ? []
      : [`the request is about case ${found.request.caseNumber}`]),
    ...(found === null || found.noteSha256 === noteSha256
      ? []
      : ['it answers another text than the one that was published']),
  ];
  const holds = problems.length === 0;
  check(
    'request',
    null,
    holds,
    holds
      ? `It answers the request ${id}, in the very words that were published.`
      : `The manifest names the request ${id}, but ${problems.join('; ')}.`,
  );
  return found?.request ?? null;
};

const checkPlaceAndTime = (clip: ManifestClip, request: FootageRequest, check: Check): void => {
  const { file, window, camera } = clip;
  const [from, to, first, last] = [window.from, window.to, clip.firstFrame, clip.lastFrame].map(Date.parse);
  const [asksFrom, asksTo] = [Date.parse(request.window.from), Date.parse(request.window.to)];
  const inside = from !== undefined && to !== undefined && from < to && from >= Math.floor(asksFrom) && to <= asksTo;
  // A millisecond for the rounding of instants.
  const framed =
    first !== undefined && last !== undefined && inside && first >= from - 1 && last <= to + 1 && first <= last;
  check(
    'window',
    file,
    framed,
    framed
      ? `${window.from} to ${window.to}, within what was asked.`
      : `${window.from} to ${window.to} is not within the time that was asked for, or its frames are not within it.`,
  );
  const near = areaContains(request.area, camera.place);
  check(
    'place',
    file,
    near,
    near ? 'The camera is inside the area.' : 'The camera’s place is outside the area that was asked about.',
  );
};

const inSeconds = (ms: Ms): string => `${(ms / 1_000).toFixed(3)} s`;

/** Where the manifest's frames differ from each other or from the file's own; null where they do not. `seen` is null for a file that nobody could read. */
const framesProblem = (clip: ManifestClip, seen: ClipFrames | null): string | null => {
  const { frames, reencodedRanges } = clip;
  const counted = reencodedRanges.reduce((sum, [a, b]) => sum + (b - a + 1), 0);
  const ordered = reencodedRanges.every(
    ([a, b], index) => a <= b && b < frames.total && a > (reencodedRanges[index - 1]?.[1] ?? -1),
  );
  if (frames.total !== frames.original + frames.reencoded || counted !== frames.reencoded || !ordered) {
    return 'The manifest’s frame counts contradict each other.';
  }
  const [first, last] = [seen?.[0], seen?.at(-1)];
  if (seen === null || first === undefined || last === undefined) return null;
  if (seen.length !== frames.total) {
    return `The manifest counts ${frames.total} frames; the file has ${seen.length}.`;
  }
  const said = Date.parse(clip.lastFrame) - Date.parse(clip.firstFrame);
  const lasts = (last.at - first.at) * 1_000;
  if (Math.abs(lasts - said) <= SPAN_TOLERANCE_MS) return null;
  return `From its first to its last frame the manifest has ${inSeconds(said)}; the file has ${inSeconds(lasts)}.`;
};

const checkFrames = (clip: ManifestClip, seen: ClipFrames | null, check: Check): void => {
  const problem = framesProblem(clip, seen);
  const { total, original } = clip.frames;
  check('frames', clip.file, problem === null, problem ?? `${total} frames, ${original} of them the camera’s own.`);
};

const checkClip = async (
  clip: ManifestClip,
  data: Blob,
  audit: ClipAudit,
  check: Check,
): Promise<{ readonly opened: OpenedClip; readonly frames: ClipFrames | null }> => {
  const sha256 = await blobSha256(data);
  const same = sha256 === clip.sha256 && data.size === clip.bytes;
  check(
    'clip-hash',
    clip.file,
    same,
    same
      ? `SHA-256 ${sha256}, as in the manifest.`
      : `The manifest says ${clip.sha256}; this file’s SHA-256 is ${sha256}.`,
  );
  const audited = await audit(new Uint8Array(await data.arrayBuffer()));
  check('audit', clip.file, audited.ok, audited.ok ? 'Nothing in the file is unaccounted for.' : audited.detail);
  const opened = { file: clip.file, video: data.slice(0, data.size, 'video/mp4'), sha256 };
  return { opened, frames: audited.ok ? audited.value.frames : null };
};

/** Opens and checks. A package that opens but breaks its own manifest is returned, `sound: false`, with every check that failed. */
export const openPackage = async (parts: OpenParts): Promise<Result<OpenedPackage, OpenProblem>> => {
  const { checks, check } = createChecks();
  const zip = await decrypt(parts.sealed, parts.identities);
  if (!zip.ok) return zip;
  await checkSealed(parts, check);
  const entries = await readStoredZip(zip.value);
  if (!entries.ok) return failure('no-manifest', entries.detail);
  const text = entries.value.find(({ name }) => name === MANIFEST)?.data;
  const manifest =
    text === undefined || text.size > MAX_MANIFEST_BYTES ? null : parseJson(PackageManifestSchema, await text.text());
  if (manifest === null) return failure('no-manifest', 'The package opened, but holds no manifest that can be read.');
  check('manifest', null, true, `Made at ${manifest.created} by ${manifest.sharedBy.name}.`);
  checkContents(entries.value, manifest, check);
  const request = await checkRequest(parts, manifest, check);
  const clips: OpenedClip[] = [];
  for (const clip of manifest.clips) {
    const data = entries.value.find(({ name }) => name === clip.file)?.data;
    const checked = data === undefined ? null : await checkClip(clip, data, parts.audit, check);
    if (checked !== null) clips.push(checked.opened);
    if (request !== null) checkPlaceAndTime(clip, request, check);
    checkFrames(clip, checked?.frames ?? null, check);
  }
  return ok({
    packageId: parts.item?.package ?? '',
    manifest,
    clips,
    checks,
    sound: checks.every(({ holds }) => holds),
    zip: zip.value.slice(0, zip.value.size, 'application/zip'),
  });
};
