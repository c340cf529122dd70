/** Wires everything together: storage, the one door, workers, stages, screens. No logic. */
import './net/close-doors.ts';
import { createImporter } from './bridge/import.ts';
import { createInspector } from './bridge/inspect.ts';
import { createMatcher } from './bridge/match.ts';
import { createTrimmer } from './bridge/trim.ts';
import { registerServiceWorker } from './bridge/script-policy.ts';
import { createJourney } from './journey.ts';
import { writeDownBlocked } from './net/blocked.ts';
import { createNet } from './net/door.ts';
import type { CommentsState } from './contracts/comments.ts';
import { CHUNK_BYTES } from './contracts/net.ts';
import { writable } from './contracts/observable.ts';
import { failure } from './contracts/result.ts';
import { DATABASE_NAME } from './contracts/storage.ts';
import { createOffline } from './net/offline.ts';
import { createDemoLoader } from './requests/demo-town.ts';
import { createPublicRecordKeeper } from './requests/public-record.ts';
import { createImportStage } from './stages/import/import-stage.ts';
import { createLibraryStage } from './stages/library/library-stage.ts';
import { createMatchStage } from './stages/match/match-stage.ts';
import { verifyReceipt } from './stages/receipt/verify.ts';
import { createSendStage } from './stages/send/send.ts';
import { createTrimStage } from './stages/trim/trim-stage.ts';
import type { Roles } from './contracts/roles-api.ts';
import { eraseEverything } from './storage/erase-everything.ts';
import { openStores } from './storage/open-stores.ts';
import { AppShell } from './ui/app-shell.ts';

declare const __ROOT_KEY__: string;
declare const __DEMO__: boolean;
declare const __TOOLS__: Readonly<Record<string, string>>;

const now = (): number => Date.now();

/** tus-js-client is not needed to show the timeline. */
const fetchUpload = () => import('./net/upload.ts');

const fetchSink = () => import('./net/sink.ts');

/** A hub on this very machine answers with the network off, too. */
const mayReachHub = (): boolean => navigator.onLine || /^(?:localhost|127\.|\[::1\])/.test(location.hostname);

/** An agency has no source to compare with: the clip is audited as its own, which leaves every rule about what is inside it. */
const auditAlone = (inspector: ReturnType<typeof createInspector>) => (clip: Uint8Array<ArrayBuffer>) =>
  inspector.audit(clip, new Blob([clip]), { from: 0, to: LONGEST_CLIP_S, mode: 'exact', mute: false });
/** Longer than any request's window may be. */
const LONGEST_CLIP_S = 86_400;

const start = async (app: AppShell): Promise<void> => {
  const opening = openStores();
  writeDownBlocked(
    document,
    opening.then((opened) => (opened.ok ? opened.value.ledger : Promise.reject(new Error(opened.detail)))),
    now,
  );
  const stores = await opening;
  if (!stores.ok) {
    app.problem = stores.detail;
    return;
  }
  const { library, notes, shares, ledger } = stores.value;
  const erased = writable(false);
  const tellErased = new BroadcastChannel('porchlight-erased');
  tellErased.onmessage = () => {
    erased.set(true);
    stores.value.end();
  };
  const net = createNet({ ledger, origin: location.origin, now });
  const libraryStage = createLibraryStage({ library, storageManager: navigator.storage });
  const inspector = createInspector();
  const record = createPublicRecordKeeper({
    net,
    notes,
    files: stores.value.hubFiles,
    places: () => libraryStage.state.get().cameras.flatMap(({ place }) => (place === null ? [] : [place])),
    rootKey: __ROOT_KEY__,
    now,
  });
  const comments = writable<CommentsState>({ byRequest: new Map(), fetched: false, problem: null });
  let roles: Promise<Roles> | null = null;
  const loadRoles = async (): Promise<Roles> => {
    const { createRoles } = await import('./requests/roles.ts');
    const parts = {
      net,
      stores: stores.value,
      record,
      comments,
      authority: location.host,
      audit: auditAlone(inspector),
      online: mayReachHub,
      now,
    };
    const { roles: made, start: startRoles } = createRoles(parts);
    await startRoles();
    return made;
  };
  const { journey, start: startJourney } = await createJourney({
    stores: stores.value,
    record,
    comments,
    importing: createImportStage({
      importer: createImporter(),
      library,
      pending: stores.value.imports,
      now,
      newId: () => crypto.randomUUID(),
      onKept: (recordings) => libraryStage.added(recordings),
    }),
    library: libraryStage,
    matching: createMatchStage({ matcher: createMatcher() }),
    trimming: createTrimStage({ trimmer: createTrimmer(), library, now }),
    inspector,
    sending: createSendStage({
      net,
      shares,
      now,
      chunkBytes: CHUNK_BYTES,
      currentRequest: (id) => record.record.get().requests.find((view) => view.id === id) ?? null,
      upload: async (call) => {
        const uploading = await fetchUpload().catch(() => null);
        return uploading?.uploadPackage(call) ?? failure('offline', 'The hub cannot be reached.');
      },
      verifyReceipt: (note, share) => verifyReceipt(note, share, record.trusted()?.hubKey ?? null),
    }),
    dryRun: async (sealed, { signal, onProgress }) => {
      const code = await Promise.all([fetchSink(), fetchUpload()]).catch(() => null);
      if (code === null) return failure('offline', 'The page’s own code for this cannot be fetched.');
      const [{ dryRun }, { uploadPackage }] = code;
      const tell = (bytesSent: number, bytesTotal: number): void => onProgress({ bytesSent, bytesTotal });
      return dryRun(sealed, uploadPackage, { signal, onProgress: tell });
    },
    offline: createOffline({
      container: import.meta.env.PROD && 'serviceWorker' in navigator ? navigator.serviceWorker : null,
      register: registerServiceWorker,
      reload: () => location.reload(),
    }),
    online: mayReachHub,
    erase: async () => {
      tellErased.postMessage(null);
      return eraseEverything({
        end: stores.value.end,
        databaseName: DATABASE_NAME,
        container: 'serviceWorker' in navigator ? navigator.serviceWorker : null,
        caches: 'caches' in globalThis ? caches : null,
        directory: 'getDirectory' in navigator.storage ? () => navigator.storage.getDirectory() : null,
      });
    },
    erased,
    demoTown: createDemoLoader(net),
    loadRoles: () => {
      roles ??= loadRoles().catch((error: unknown) => {
        // Asked for again, it may come.
        roles = null;
        throw error;
      });
      return roles;
    },
    demo: __DEMO__,
    demoKeys: async (holder) => {
      if (!__DEMO__) return null;
      const { demoKeyFile } = await import('./core/demo-keys.ts');
      return new Blob([await demoKeyFile(holder)], { type: 'application/json' });
    },
    tools: __TOOLS__,
    now,
  });
  app.journey = journey;
  await startJourney();
  addEventListener('online', () => void journey.refreshRecord());
  // With the roles come the comments: always, so that nobody learns who opens a request.
  void journey.roles().catch(() => undefined);
  // What is needed later only, fetched while the page has nothing to do: sealing and sending must not wait for it.
  void Promise.all([fetchUpload(), fetchSink(), import('./stages/inspect/package.ts')]).catch(() => undefined);
};

const app = document.querySelector('porchlight-app');
if (app instanceof AppShell) {
  // Storage can still fail between opening and the first read; a page that says so beats one that waits for ever.
  start(app).catch((error: unknown) => {
    app.problem = error instanceof Error ? error.message : String(error);
    throw error;
  });
}
