/** A real hub on a port of its own with throw-away data and the demo town's keys, and the posting of requests to it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startHub } from '../../server/main.ts';
import type { HubOptions } from '../../server/options.ts';
import type { Area, FootageRequest } from '../../src/contracts/request.ts';
import type { Position, TimeWindow } from '../../src/contracts/units.ts';
import { documentText, textSha256 } from '../../src/core/typed-note.ts';
import { demoDirectoryNote } from '../../tools/demo/documents.ts';
import { demoSigner } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { layReadyDatabase } from './ready-database.ts';
import { signed } from './signed.ts';
import { valueOf } from './value-of.ts';

const DAY = 86_400_000;

/** The page that is tested: dist/, or another build that PORCHLIGHT_DIST names. */
export const BUILT_PAGE = resolve(import.meta.dirname, '../..', process.env['PORCHLIGHT_DIST'] ?? 'dist');

/** Corner of the test town; the default camera hangs at it. */
export const TEST_PLACE: Position = [-119.05, 40.87];

export interface RequestSketch {
  readonly id: string;
  readonly title: string;
  readonly window: TimeWindow;
  /** Default: 400 m around TEST_PLACE. */
  readonly area?: Area;
  /** Default: TEST_PLACE. */
  readonly incident?: Position;
  /** Other words than a test's own. */
  readonly words?: Partial<
    Pick<FootageRequest, 'description' | 'placeName' | 'incidentType' | 'suspectedCrime' | 'investigator'>
  >;
}

export interface TestHub {
  readonly url: string;
  readonly dataDir: string;
  /** Posts a request as the demo police and approves it as the reviewer, both through the API. */
  publish(sketch: RequestSketch): Promise<FootageRequest>;
  /** Paths of the finished packages, as they lie on the hub's disk. */
  packages(): Promise<readonly string[]>;
  /** Stops the hub and keeps its data: `start` brings it back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good and deletes its data. */
  dispose(): Promise<void>;
}

/** The request of a sketch: every field that the policy asks for, open from yesterday for two weeks. */
const documentOf = (
  { id, title, window, area, incident, words }: RequestSketch,
  seq: number,
  prev: string | null,
): FootageRequest => ({
  id,
  agency: 'wrenfield-police',
  seq,
  prev,
  caseNumber: `T-${seq}`,
  incidentType: 'Theft',
  suspectedCrime: 'Petit larceny',
  title,
  description: 'A request made by a test.',
  investigator: { name: 'Det. Maria Lindqvist', email: 'm.lindqvist@police.wrenfield.example' },
  incident: incident ?? TEST_PLACE,
  placeName: 'Alder Street at Second',
  area: area ?? { type: 'Circle', center: TEST_PLACE, radiusM: 400 },
  window: {
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    zone: 'America/Los_Angeles',
  },
  posted: new Date(Date.now() - 60_000).toISOString(),
  expires: new Date(Date.now() + 14 * DAY).toISOString(),
  policy: 'npss',
  ...words,
});

/** Starts a hub that serves dist/; `options` may replace its limits, its demo folder or its answers (`onRequest`). */
export const startTestHub = async (options: Partial<HubOptions> = {}): Promise<TestHub> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'porchlight-hub-'));
  await layReadyDatabase(dataDir);
  const directoryNote = await demoDirectoryNote(Date.now() - DAY);
  const hubKey = (await demoSigner('hub')).signerKey;
  const startOn = async (port: number) =>
    valueOf(
      await startHub({
        ...{ port, host: '127.0.0.1', dataDir, directoryNote, hubKey, rootKey: DEMO_ROOT_KEY },
        distDir: BUILT_PAGE,
        ...options,
      }),
    );
  let running = await startOn(0);
  const { url } = running;
  let head: { readonly seq: number; readonly prev: string | null } = { seq: 0, prev: null };

  const post = async (path: string, note: string): Promise<void> => {
    const response = await fetch(`${url}/v1/${path}`, { method: 'POST', body: note, headers: { Origin: url } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };

  return {
    url,
    dataDir,
    publish: async (sketch) => {
      const document = documentOf(sketch, head.seq + 1, head.prev);
      const text = documentText('request', document);
      const [police, reviewer] = [await demoSigner('police'), await demoSigner('reviewer')];
      await post('requests', await signed(text, police));
      await post(`requests/${document.id}/review`, await signed(text, police, reviewer));
      head = { seq: document.seq, prev: await textSha256(text) };
      return document;
    },
    packages: async () => {
      const folder = join(dataDir, 'packages');
      const names = await readdir(folder);
      return names.filter((name) => name.endsWith('.age')).map((name) => join(folder, name));
    },
    stop: () => running.stop(),
    start: async () => {
      running = await startOn(Number(new URL(url).port));
    },
    dispose: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
