/** What an audit runs on: a hub on a throw-away folder with one request, and a recording that the request asks about. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { startHub } from '../../server/main.ts';
import type { FootageRequest } from '../../src/contracts/request.ts';
import type { Result } from '../../src/contracts/result.ts';
import type { EpochMs, Position, Seconds } from '../../src/contracts/units.ts';
import { coSignNote, signNote } from '../../src/core/signed-note.ts';
import { documentText } from '../../src/core/typed-note.ts';
import { demoDirectoryNote } from '../demo/documents.ts';
import { demoSigner } from '../demo/keys.ts';
import { DEMO_ROOT_KEY } from '../demo/root-key.ts';
import { nativeTool } from '../find-native.ts';

const DAY = 86_400_000;
const TWO_HOURS = 7_200_000;

/** Where the audited camera hangs: the test town's corner. */
export const PLACE: Position = [-119.05, 40.87];
export const REQUEST = { id: 'egress-audit', title: 'Audit of what leaves' } as const;

/** What the recording that is made here says about itself; none of it may leave. */
const GIVEAWAYS = { location: '+37.3349-122.0090/', artist: 'PorchCam 9000', comment: 'serial 4711-0815' } as const;

export interface Recording {
  /** The file as it is imported: named so that its start is known. */
  readonly file: string;
  readonly startMs: EpochMs;
  readonly from: Seconds;
  readonly to: Seconds;
}

const valueOf = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(result.detail);
  return result.value;
};

const probedDuration = (file: string): string =>
  execFileSync(nativeTool('ffprobe'), ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

/** How long a recording is, as ffprobe tells it; NaN when it cannot. */
const durationOf = (file: string): Seconds => {
  try {
    return Number.parseFloat(probedDuration(file));
  } catch {
    return Number.NaN;
  }
};

/** Why a file, or a window of it, cannot be audited; null when it can. */
export const recordingProblem = (file: string, from: Seconds | undefined, to: Seconds | undefined): string | null => {
  const duration = durationOf(file);
  if (!(duration > 0)) return `ffprobe finds no recording in ${file}.`;
  const late = [from, to].find((time) => time !== undefined && time > duration);
  return late === undefined ? null : `${file} is ${duration.toFixed(1)} s long; there is no second ${late} in it.`;
};

const makeRecording = (path: string, startMs: EpochMs): void => {
  execFileSync(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=480x270:rate=10'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-c:a', 'aac', '-t', '20'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30', '-sc_threshold', '0'],
    ...Object.entries(GIVEAWAYS).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]),
    ...['-metadata', `creation_time=${new Date(startMs).toISOString()}`, path],
  ]);
};

/** A tester's own file, or one made here, under a name that says when it began. Without a window, the middle half of it. */
export const layRecording = (
  folder: string,
  {
    file,
    from,
    to,
  }: { readonly file?: string | undefined; readonly from?: Seconds | undefined; readonly to?: Seconds | undefined },
): Recording => {
  const startMs = Math.floor((Date.now() - TWO_HOURS) / 1000) * 1000;
  const [date = '', time = ''] = new Date(startMs).toISOString().slice(0, 19).split('T');
  const path = join(
    folder,
    `audit-${date}t${time.replaceAll(':', '-')}z${file === undefined ? '.mp4' : extname(file)}`,
  );
  if (file === undefined) makeRecording(path, startMs);
  else copyFileSync(file, path);
  const duration = durationOf(path);
  return {
    file: path,
    startMs,
    from: from ?? Math.round(duration * 25) / 100 + 0.1,
    to: to ?? Math.round(duration * 50) / 100,
  };
};

const documentOf = ({ startMs, from, to }: Recording): FootageRequest => ({
  ...{ id: REQUEST.id, agency: 'wrenfield-police', seq: 1, prev: null, caseNumber: 'A-1', incidentType: 'Theft' },
  ...{ suspectedCrime: 'Petit larceny', title: REQUEST.title, description: 'A request made by the audit.' },
  investigator: { name: 'Det. Maria Lindqvist', email: 'm.lindqvist@police.wrenfield.example' },
  ...{ incident: PLACE, placeName: 'Alder Street', area: { type: 'Circle', center: PLACE, radiusM: 400 } },
  window: {
    from: new Date(startMs + from * 1000).toISOString(),
    to: new Date(startMs + to * 1000).toISOString(),
    zone: 'America/Los_Angeles',
  },
  posted: new Date(Date.now() - 60_000).toISOString(),
  expires: new Date(Date.now() + DAY).toISOString(),
  policy: 'npss',
});

export interface AuditHub {
  /** Such as `localhost:40123`. */
  readonly host: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a hub that serves `dist` and has one approved request for the recording's window. */
export const startAuditHub = async (dist: string, recording: Recording): Promise<AuditHub> => {
  const running = valueOf(
    await startHub({
      ...{ port: 0, host: '127.0.0.1', distDir: dist, rootKey: DEMO_ROOT_KEY },
      dataDir: mkdtempSync(join(tmpdir(), 'porchlight-audit-hub-')),
      directoryNote: await demoDirectoryNote(Date.now() - DAY),
      hubKey: (await demoSigner('hub')).signerKey,
      demoDir: undefined,
    }),
  );
  const post = async (path: string, note: string): Promise<void> => {
    const response = await fetch(`${running.url}/v1/${path}`, {
      method: 'POST',
      body: note,
      headers: { Origin: running.url },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const note = valueOf(await signNote(documentText('request', documentOf(recording)), await demoSigner('police')));
  await post('requests', note);
  await post(`requests/${REQUEST.id}/review`, valueOf(await coSignNote(note, await demoSigner('reviewer'))));
  return { host: new URL(running.url).host, url: running.url, stop: () => running.stop() };
};
