/** Packs verified clips into a ZIP and seals it with age: the only maker of sealed packages. */
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { makeZip } from 'client-zip';
import type { Camera, Recording } from '../../contracts/library.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import { failure, ok, type Result } from '../../contracts/result.ts';
import type {
  GateRefusal,
  Identity,
  PackageContents,
  PackageManifest,
  SealedPackage,
  VerifiedClip,
} from '../../contracts/share.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { passGates } from '../../core/gates.ts';
import { sha256Hex } from '../../core/sha256.ts';
import { buildManifest, clipFile, readmeText, type SourcedClip } from './manifest.ts';

export interface SealJob {
  /** The request as the public record shows it now. */
  readonly view: RequestView | null;
  /** At least one; all for this request. */
  readonly clips: readonly VerifiedClip[];
  readonly identity: Identity;
  /** The library as it is now: the gates are asked again. */
  readonly cameras: readonly Camera[];
  readonly recordings: readonly Recording[];
  /** Names and versions of what made the clips, for the manifest. */
  readonly tools: Readonly<Record<string, string>>;
  readonly now: EpochMs;
}

/** A millisecond of rounding between the recording's clock and the cut's seconds. */
const ROUNDING_MS = 1;

/**
 * Every entry's time is the same, and the earliest that ZIP can write, in the local time it is written in: neither date nor zone
 * leaves with it.
 */
const ZIP_TIME = new Date(1980, 0, 1);

const sourcedClip = (
  clip: VerifiedClip,
  { view, cameras, recordings, now }: SealJob,
): Result<SourcedClip, GateRefusal> => {
  const camera = cameras.find(({ id }) => id === clip.cameraId) ?? null;
  const recording = recordings.find(({ id }) => id === clip.recordingId) ?? null;
  const passed = passGates({ view, camera, recording, narrowed: clip.window, now });
  if (!passed.ok) return passed;
  if (camera === null || recording === null || camera.place === null || recording.time.startMs === null) {
    return failure('recording-missing', 'This recording is not in the library any more.');
  }
  const started = recording.time.startMs + camera.clockOffsetMs;
  const cutFrom = clip.recordingStartMs + clip.job.from * 1_000;
  const cutTo = clip.recordingStartMs + clip.job.to * 1_000;
  const apart = Math.max(
    Math.abs(started - clip.recordingStartMs),
    Math.abs(cutFrom - clip.window.from),
    Math.abs(cutTo - clip.window.to),
  );
  if (!(apart <= ROUNDING_MS))
    return failure('outside-window', `The time of “${recording.fileName}” has changed since it was cut. Cut it again.`);
  if (clip.requestId !== view?.id) return failure('request-not-open', 'A clip was cut for another request.');
  return ok({ clip, camera: { ...camera, place: camera.place }, recording });
};

/** The package before sealing, and what is in it: a stored ZIP of manifest, clips and README. */
export const buildPackage = async (
  manifest: PackageManifest,
  clips: readonly VerifiedClip[],
  agencyName: string,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly contents: PackageContents }> => {
  const text = (name: string, content: string) => ({ name, input: new TextEncoder().encode(content) });
  const entries = [
    text('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`),
    ...clips.map((clip, index) => ({ name: clipFile(index), input: clip.bytes })),
    text('README.txt', readmeText(manifest, agencyName)),
  ];
  const zip = makeZip(entries.map((entry) => ({ ...entry, lastModified: ZIP_TIME })));
  const bytes = new Uint8Array(await new Response(zip).arrayBuffer());
  const files = await Promise.all(
    entries.map(async ({ name, input }) => ({ name, bytes: input.length, sha256: await sha256Hex(input) })),
  );
  return { bytes, contents: { files, zipBytes: bytes.length } };
};

/**
 * Asks the gates for every clip, writes the manifest, packs and seals once: to all the agency's recipients and to a fresh X25519 key
 * of this submission alone. Nothing is kept and nothing leaves here.
 */
export const sealPackage = async (job: SealJob): Promise<Result<SealedPackage, GateRefusal>> => {
  const { view, clips, identity, tools, now } = job;
  if (clips.length === 0) return failure('recording-missing', 'There is no clip to share.');
  const sourced: SourcedClip[] = [];
  for (const clip of clips) {
    const one = sourcedClip(clip, job);
    if (!one.ok) return one;
    sourced.push(one.value);
  }
  if (view === null || view.agency === null) return failure('request-not-open', 'There is no such request.');
  const noteSha256 = await sha256Hex(new TextEncoder().encode(view.note));
  const manifest = buildManifest(view, noteSha256, sourced, identity, tools, now);
  const submissionKey = await generateX25519Identity();
  const recipients = [...view.agency.recipients, await identityToRecipient(submissionKey)];
  const encrypter = new Encrypter();
  try {
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch {
    // The directory promises age recipients; one that is none must not silently be left out.
    return failure(
      'request-not-open',
      `A key of ${view.agency.name} in the directory cannot be used, so nothing can be sealed to it.`,
    );
  }
  const packed = await buildPackage(manifest, clips, view.agency.name);
  const bytes = new Uint8Array(await encrypter.encrypt(packed.bytes));
  // The brand exists only in the types, so this is the one place that may claim it.
  return ok({
    shareId: crypto.randomUUID(),
    requestId: view.id,
    recordingIds: clips.map(({ recordingId }) => recordingId),
    bytes,
    sha256: await sha256Hex(bytes),
    submissionKey,
    recipients,
    manifest,
    contents: packed.contents,
  } as unknown as SealedPackage);
};
