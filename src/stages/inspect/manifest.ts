/** Writes the manifest of a package: who shares what with whom, clip by clip, in words and figures anyone can check. */
import type { Camera, Recording } from '../../contracts/library.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import type { Identity, ManifestClip, ManifestStretch, PackageManifest, VerifiedClip } from '../../contracts/share.ts';
import { damagedStretches, type DamagedStretch } from '../../core/clip-damage.ts';
import type { EpochMs } from '../../contracts/units.ts';

/** A clip with what the library knows about where it came from. The camera has a place: the gates saw to it. */
export interface SourcedClip {
  readonly clip: VerifiedClip;
  readonly camera: Camera & { readonly place: NonNullable<Camera['place']> };
  readonly recording: Recording;
}

const instant = (ms: EpochMs): string => new Date(ms).toISOString();

/** Runs of re-encoded frames as `[first, last]` in presentation order. */
export const reencodedRanges = (frames: VerifiedClip['report']['frames']): readonly (readonly [number, number])[] => {
  const ranges: [number, number][] = [];
  frames.forEach(({ origin }, index) => {
    if (origin !== 're-encoded') return;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  });
  return ranges;
};

/** `clips/01.mp4`, `clips/02.mp4` … : names that say nothing. */
export const clipFile = (index: number): string => `clips/${String(index + 1).padStart(2, '0')}.mp4`;

const manifestClip = ({ clip, camera, recording }: SourcedClip, index: number): ManifestClip => {
  const { frames, sha256, bytes } = clip.report;
  const at = (seconds: number): string => instant(clip.recordingStartMs + seconds * 1_000);
  const damaged = damagedStretches(clip);
  const stretches = (wanted: DamagedStretch['kind']): readonly ManifestStretch[] =>
    damaged.filter(({ kind }) => kind === wanted).map(({ from, to }) => ({ from: instant(from), to: instant(to) }));
  const original = frames.filter(({ origin }) => origin === 'original').length;
  return {
    file: clipFile(index),
    sha256,
    bytes,
    window: { from: instant(clip.window.from), to: instant(clip.window.to) },
    firstFrame: at(frames[0]?.at ?? clip.job.from),
    lastFrame: at(frames.at(-1)?.at ?? clip.job.from),
    timeSource: recording.time.source ?? 'person',
    clockOffsetMs: camera.clockOffsetMs,
    camera: { name: camera.name, place: camera.place },
    originalSha256: recording.sha256,
    mode: clip.job.mode,
    frames: { total: frames.length, original, reencoded: frames.length - original },
    reencodedRanges: reencodedRanges(frames),
    missing: stretches('missing'),
    doubtful: stretches('doubtful'),
  };
};

/** What the person agrees to by sending, in the words the manifest keeps. */
export const consentText = (view: RequestView): string =>
  `I share these clips, my name, my e-mail address and my home address with ${view.agency?.name ?? view.request.agency} for case ${view.request.caseNumber}.`;

export const buildManifest = (
  view: RequestView,
  noteSha256: string,
  clips: readonly SourcedClip[],
  identity: Identity,
  tools: Readonly<Record<string, string>>,
  now: EpochMs,
): PackageManifest => ({
  format: 'porchlight/package/v1',
  request: { id: view.id, agency: view.request.agency, caseNumber: view.request.caseNumber, noteSha256 },
  sharedBy: { name: identity.name, email: identity.email, address: identity.address },
  consent: consentText(view),
  created: instant(now),
  clips: clips.map(manifestClip),
  tools,
});

const seconds = ({ from, to }: ManifestStretch): string => `${(Date.parse(to) - Date.parse(from)) / 1_000} s`;

const readmeLines = ({ file, frames, missing = [], doubtful = [] }: ManifestClip): readonly string[] => [
  `${file}    ${frames.total} frames, ${frames.original} of them the camera's own, bit for bit`,
  ...missing.map(
    (stretch) =>
      `                ${seconds(stretch)} of the picture are missing from ${stretch.from}: the recording is damaged there`,
  ),
  ...doubtful.map(
    (stretch) =>
      `                damaged in the recording from ${stretch.from} to ${stretch.to}: shows what a player makes of it`,
  ),
];

/** The README.txt of a package. */
export const readmeText = (manifest: PackageManifest, agencyName: string): string => `Porchlight package

Shared with ${agencyName} for case ${manifest.request.caseNumber}, request ${manifest.request.id}.

manifest.json   who shared this, when each clip was recorded and where, and the SHA-256 of each file
${manifest.clips.flatMap(readmeLines).join('\n')}

The package was sealed with age (https://age-encryption.org). Two keys open it: the agency's, and one that
stays with the person who shared it. With either in key.txt:

    age --decrypt --identity key.txt --output package.zip package.age
    unzip package.zip
    sha256sum clips/*.mp4
`;
