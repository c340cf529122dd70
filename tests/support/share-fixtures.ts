/** A request, a camera, a recording and a verified clip that pass every gate, to be changed one thing at a time. */
import type { Camera, Recording } from '../../src/contracts/library.ts';
import type { RequestView } from '../../src/contracts/public-record.ts';
import { ok } from '../../src/contracts/result.ts';
import type { VerifiedClip } from '../../src/contracts/share.ts';
import { sha256Hex } from '../../src/core/sha256.ts';
import { verifyClip, type ClipInspector } from '../../src/stages/inspect/verify.ts';
import { valueOf } from './value-of.ts';

export const NOW = Date.parse('2026-03-02T12:00:00Z');
const START = Date.parse('2026-03-01T18:00:00Z');

export const camera: Camera = {
  id: 'front',
  name: 'Front door',
  place: [-119.05, 40.87],
  zone: 'America/Los_Angeles',
  clockOffsetMs: 2_000,
  createdAt: START,
};

export const recording: Recording = {
  id: 'r1',
  cameraId: 'front',
  fileName: 'front.mp4',
  relativePath: 'front.mp4',
  bytes: 1_000,
  sha256: 'a'.repeat(64),
  durationMs: 60_000,
  firstFrameAt: 0,
  video: { codec: 'avc', width: 160, height: 120, rotation: 0 },
  audio: null,
  time: { startMs: START, confidence: 'confirmed', source: 'person', candidates: [] },
  importedAt: START,
};

/** Asks for 18:00:12.1 to 18:00:42.25, that is 10.1–40.25 s of the recording, whose camera's clock runs two seconds behind. */
export const view: RequestView = {
  id: 'porch-theft',
  note: 'note\n',
  origin: 'hub',
  status: 'open',
  statusReason: null,
  problem: null,
  rules: [],
  signatures: [],
  reviewer: null,
  window: { from: START + 12_100, to: START + 42_250 },
  agency: {
    id: 'wrenfield-police',
    name: 'Wrenfield Police',
    kind: 'police',
    place: 'Wrenfield',
    contact: '555',
    keys: ['k'],
    recipients: ['age1g33f0z3pa4zeycm6a6x8m6l4h5adk8q8pntzlffls83grvdyr5vqlkj4n2'],
    status: 'active',
  },
  request: {
    id: 'porch-theft',
    agency: 'wrenfield-police',
    seq: 1,
    prev: null,
    caseNumber: 'W-26-118',
    incidentType: 'Theft',
    suspectedCrime: 'Larceny',
    title: 'Parcel taken',
    description: 'A parcel was taken.',
    investigator: { name: 'Det. M. Lindqvist' },
    incident: [-119.05, 40.87],
    placeName: 'Alder Street',
    area: { type: 'Circle', center: [-119.05, 40.87], radiusM: 300 },
    window: { from: '2026-03-01T18:00:12.100Z', to: '2026-03-01T18:00:42.250Z', zone: 'America/Los_Angeles' },
    posted: '2026-03-01T20:00:00Z',
    expires: '2026-03-09T20:00:00Z',
    policy: 'npss',
  },
};

/** An inspector that vouches for the bytes it is given: what the audit itself does is tested elsewhere. */
export const vouching = (frames = 3): ClipInspector => ({
  audit: async (bytes) =>
    ok({
      sha256: await sha256Hex(bytes),
      bytes: bytes.length,
      frames: Array.from({ length: frames }, (_, index) => ({
        at: 10.2 + index / 15,
        origin: index === 0 ? 're-encoded' : 'original',
        bytes: 10,
      })),
      audio: null,
      boxes: [],
      checked: [],
      sourceMetadata: [],
      sourceBytesRead: 0,
      container: 'mp4' as const,
      codecs: { video: 'avc', audio: null },
    }),
});

export const clipToVerify = (bytes: Uint8Array<ArrayBuffer>) => ({
  requestId: view.id,
  recordingId: recording.id,
  cameraId: camera.id,
  clip: {
    bytes,
    facts: {
      framesInWindow: 3,
      framesOriginal: 2,
      framesReencoded: 1,
      firstFrameAt: 10.2,
      lastFrameAt: 10.4,
      bytesRead: 1,
      removed: [],
      leftOutStart: 0,
      leftOutEnd: 0,
      missing: [],
      damaged: [],
    },
  },
  job: { from: 10.1, to: 40.25, mode: 'exact' as const, mute: false, boxes: [] },
  source: new Blob(['source']),
  window: view.window,
  recordingStartMs: START + 2_000,
});

export const verifiedClip = async (bytes = new TextEncoder().encode('the clip')): Promise<VerifiedClip> =>
  valueOf(await verifyClip(vouching(), clipToVerify(bytes)));
