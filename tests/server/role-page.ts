/** A browser with everything of the page that has no screen, against a real hub with the demo town: for tests of the roles. */
import type { CommentsState } from '../../src/contracts/comments.ts';
import type { Net, NetRequest, NetResult } from '../../src/contracts/net.ts';
import { writable, type Readable } from '../../src/contracts/observable.ts';
import { ok } from '../../src/contracts/result.ts';
import type { RequestDraft, Roles } from '../../src/contracts/roles-api.ts';
import { createPublicRecordKeeper, type PublicRecordKeeper } from '../../src/requests/public-record.ts';
import { createRoles } from '../../src/requests/roles.ts';
import { seedDemo } from '../../tools/demo/documents.ts';
import { demoAgeKey, demoSigner } from '../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../tools/demo/root-key.ts';
import { audit } from '../../workers/inspect/audit.ts';
import { memoryHubFiles, memoryRoles } from '../support/memory-roles.ts';
import { valueOf } from '../support/value-of.ts';
import { testHub, type TestHub } from './test-hub.ts';

export const NOW = Date.now();
export const HOUR = 3_600_000;
export const AGENCY = 'wrenfield-police';

export const demoHub = async (): Promise<TestHub> => {
  const hub = await testHub(NOW);
  const seeded = await seedDemo(hub.running.hub, NOW);
  if (!seeded.ok) throw new Error(seeded.detail);
  return hub;
};

/** The page's network as it really is, and a list of what it asked for. */
const pageNet = (hub: TestHub): Net & { readonly sent: NetRequest[] } => {
  const sent: NetRequest[] = [];
  return {
    sent,
    send: async (request): Promise<NetResult> => {
      sent.push(request);
      const { method, path, headers, body, signal = null } = request;
      if (signal?.aborted === true) return { ok: false, reason: 'aborted', status: null, detail: 'Stopped.' };
      const init = { method, headers: { ...headers }, signal, ...(body ? { body } : {}) };
      const response = await fetch(hub.url + path, init);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { status } = response;
      if (response.ok) return { ok: true, status, headers: response.headers, body: bytes };
      return { ok: false, reason: 'http-error', status, detail: new TextDecoder().decode(bytes) };
    },
  };
};

export interface RolePage {
  readonly net: ReturnType<typeof pageNet>;
  readonly roles: Roles;
  readonly record: PublicRecordKeeper;
  readonly comments: Readable<CommentsState>;
  readonly roleStore: ReturnType<typeof memoryRoles>;
}

/** Opened, with the record and all comments fetched where `online` says so. */
export const rolePage = async (hub: TestHub, online = true): Promise<RolePage> => {
  const net = pageNet(hub);
  const [roleStore, hubFiles] = [memoryRoles(), memoryHubFiles()];
  const now = () => Date.now();
  const notes = { all: async () => [], replaceHubNotes: async () => ok(undefined), put: async () => ok(undefined) };
  const record = createPublicRecordKeeper({ net, notes, files: hubFiles, rootKey: DEMO_ROOT_KEY, now });
  await record.refresh();
  const comments = writable<CommentsState>({ byRequest: new Map(), fetched: false, problem: null });
  const fetched = Promise.withResolvers<void>();
  comments.subscribe(() => comments.get().fetched && fetched.resolve());
  const { roles, start } = createRoles({
    net,
    stores: { roles: roleStore, hubFiles },
    record,
    comments,
    authority: new URL(hub.url).host,
    audit: (bytes) => audit(bytes, new Blob([bytes]), { from: 0, to: 86_400, mode: 'exact', mute: false }),
    online: () => online,
    now,
  });
  await start();
  if (online) await fetched.promise;
  return { net, roles, record, comments, roleStore };
};

type KeyRole = 'police' | 'fire' | 'reviewer' | 'stranger';

const keyFile = async (role: KeyRole): Promise<Blob> =>
  new Blob([
    JSON.stringify({
      format: 'porchlight/keys/v1',
      role: role === 'reviewer' ? 'reviewer' : 'agency',
      signerKey: (await demoSigner(role)).signerKey,
      identity: role === 'police' || role === 'fire' ? (await demoAgeKey(role)).identity : null,
    }),
  ]);

/** Brings the demo's keys of a role onto this page; their id. */
export const withKeys = async (roles: Roles, role: KeyRole): Promise<string> =>
  valueOf(await roles.importKeys(await keyFile(role), null)).id;

export const draft = (change: Partial<RequestDraft> = {}): RequestDraft => ({
  caseNumber: 'R-1',
  incidentType: 'Theft',
  suspectedCrime: 'Petit larceny',
  title: 'A parcel taken',
  description: 'Between noon and one.',
  investigator: { name: 'Det. Lindqvist', email: 'm@police.example', telephone: '' },
  incident: [-119.05, 40.87],
  placeName: 'Alder Street',
  area: { type: 'Circle', center: [-119.05, 40.87], radiusM: 400 },
  from: NOW - 30 * HOUR,
  to: NOW - 29 * HOUR,
  zone: 'America/Los_Angeles',
  expires: NOW + 100 * HOUR,
  policy: 'npss',
  ...change,
});

/** Posts as the police and approves as the reviewer; the request's id. */
export const publish = async (roles: Roles, change: Partial<RequestDraft> = {}): Promise<string> => {
  const [police, reviewer] = [await withKeys(roles, 'police'), await withKeys(roles, 'reviewer')];
  const { requestId } = valueOf(await roles.postRequest(police, draft(change)));
  const item = valueOf(await roles.reviewQueue(reviewer)).find(({ request }) => request.id === requestId);
  if (item === undefined) throw new Error('not in the queue');
  valueOf(await roles.approve(reviewer, item));
  return requestId;
};
