/**
 * The journey of one recording, stage by stage; the file to read first.
 *
 *     import → library → match → trim → inspect → send → receipt
 *
 * Stages do not know each other: here one's result becomes the next one's question. Everything they need from outside
 * (workers, the network, storage, the clock) is wired in by main.ts.
 */
import type { Journey, LibraryState, PrepareProgress } from './contracts/journey-api.ts';
import type { Camera, Recording } from './contracts/library.ts';
import { writable, type Writable } from './contracts/observable.ts';
import type { RequestView } from './contracts/public-record.ts';
import { failure, ok } from './contracts/result.ts';
import type { ShareRecord } from './contracts/share.ts';
import type { Roles } from './contracts/roles-api.ts';
import type { Settings, Stores } from './contracts/storage.ts';
import type { EpochMs } from './contracts/units.ts';
import { matchable, type PublicRecordKeeper } from './requests/public-record.ts';
import type { DemoLoader } from './requests/demo-town.ts';
import type { ImportStage } from './stages/import/import-stage.ts';
import { hubTakes } from './core/hub-takes.ts';
import { ledgerRequests } from './core/ledger-chain.ts';
import { verifyClip, type ClipInspector } from './stages/inspect/verify.ts';
import type { LibraryStage } from './stages/library/library-stage.ts';
import type { MatchStage } from './stages/match/match-stage.ts';
import type { SendStage } from './stages/send/send.ts';
import { sideBySide } from './stages/trim/side-by-side.ts';
import type { TrimStage } from './stages/trim/trim-stage.ts';

export interface JourneyParts {
  readonly stores: Stores;
  readonly record: PublicRecordKeeper;
  readonly comments: Journey['comments'];
  readonly importing: ImportStage;
  readonly library: LibraryStage;
  readonly matching: MatchStage;
  readonly trimming: TrimStage;
  readonly inspector: ClipInspector;
  readonly sending: SendStage;
  /** The upload of a share into a sink inside the page. */
  readonly dryRun: Journey['dryRun'];
  /** The service worker as the page sees it. */
  readonly offline: {
    readonly state: Journey['offline'];
    makeReady: Journey['makeReadyForOffline'];
    update: Journey['updatePage'];
  };
  /** Erases all that is kept in the browser. */
  readonly erase: Journey['eraseEverything'];
  /** Becomes true when everything was erased in another tab, too. */
  readonly erased: Writable<boolean>;
  /** False when nothing can be reached, so that nothing is tried unasked. */
  readonly online: () => boolean;
  readonly demoTown: DemoLoader;
  /** Everything that is signed: loaded when a screen first asks for it. */
  readonly loadRoles: () => Promise<Roles>;
  readonly demo: boolean;
  readonly demoKeys: Journey['demoKeys'];
  /** Names and versions of what makes the clips, for the manifest. */
  readonly tools: Readonly<Record<string, string>>;
  readonly now: () => EpochMs;
}

/** Requests expire while the page is open. */
const REEVALUATE_MS = 30_000;

/** Everything the screens may do. `start` shows what is kept, then asks the hub. */
export const createJourney = async (parts: JourneyParts): Promise<{ journey: Journey; start(): Promise<void> }> => {
  const { stores, record, importing, library, matching, trimming, inspector, sending, erased, now } = parts;
  const settings = writable<Settings>(await stores.settings.load());
  const shares = writable<readonly ShareRecord[]>([]);

  const viewOf = (id: string): RequestView | null =>
    record.record.get().requests.find((view) => view.id === id) ?? null;
  const find = <Row extends { readonly id: string }>(rows: readonly Row[], id: string | undefined): Row | null =>
    rows.find((row) => row.id === id) ?? null;
  const recordingOf = (id: string): Recording | null => find(library.state.get().recordings, id);
  const cameraOf = (id: string | undefined): Camera | null => find(library.state.get().cameras, id);
  const reloadShares = async (): Promise<void> => shares.set(await stores.shares.all());
  let erasing = false;
  /** Not while everything is erased: the match would open the database anew. */
  const rematch = async (): Promise<void> => {
    if (!erasing && !erased.get()) await matching.run(matchable(record.record.get()));
  };

  /** A match depends on the open requests, the cameras and the recordings, and on nothing else. */
  const rematchOnChange = (): void => {
    let before: Pick<LibraryState, 'cameras' | 'recordings'> = library.state.get();
    record.record.subscribe(() => void rematch());
    library.state.subscribe(() => {
      const after = library.state.get();
      if (after.cameras === before.cameras && after.recordings === before.recordings) return;
      const moved = after.cameras !== before.cameras;
      before = after;
      void rematch();
      // Of a feed in cells, a camera's new place may need others.
      if (moved && record.record.get().cells !== undefined) void record.refresh();
    });
  };

  const journey: Journey = {
    record: record.record,
    imports: importing.state,
    library: library.state,
    matches: matching.state,
    shares,
    settings,
    comments: parts.comments,
    roles: parts.loadRoles,
    demo: parts.demo,
    demoKeys: parts.demoKeys,

    refreshRecord: () => record.refresh(),
    importRequestFile: async (file) => record.importFile(await file.text()),
    saveSettings: async (change) => {
      const saved = await stores.settings.save(change);
      if (!saved.ok) return saved;
      settings.set(await stores.settings.load());
      if (change.requestsOn !== undefined) {
        await record.setEnabled(change.requestsOn);
        if (change.requestsOn) await record.refresh();
      }
      return ok(undefined);
    },

    importFiles: async (files, cameraId, directory = null) => {
      const camera = cameraOf(cameraId);
      if (!camera) throw new RangeError(`no camera ${cameraId} in the library`);
      await importing.add(files, camera, directory);
      await library.reload();
    },
    cancelImport: () => importing.cancel(),
    resumeImport: (id, files) => importing.resume(id, files, cameraOf),
    forgetImport: (id) => importing.forget(id),
    clearImportLines: () => importing.clear(),
    loadDemo: async (onProgress) => {
      const town = await parts.demoTown.describe();
      if (!town.ok) return town;
      for (const camera of town.value.cameras) {
        const saved = await stores.library.putCamera(camera);
        if (!saved.ok) return saved;
      }
      await library.reload();
      const { problem } = library.state.get();
      if (problem !== null) return failure('storage-unavailable', problem);
      const total = town.value.recordings.length;
      for (const [done, recording] of town.value.recordings.entries()) {
        onProgress({ done, total });
        const file = await parts.demoTown.fetch(recording);
        if (!file.ok) return file;
        await journey.importFiles([{ file: file.value, relativePath: recording.path }], recording.cameraId);
      }
      onProgress({ done: total, total });
      return ok(undefined);
    },

    saveCamera: (camera) => library.saveCamera(camera),
    deleteCamera: (id) => library.deleteCamera(id),
    deleteRecording: (id) => library.deleteRecording(id),
    confirmTime: (recordingId, startMs, applyToRule) => library.confirmTime(recordingId, startMs, applyToRule),
    askEach: (cameraId, source) => library.askEach(cameraId, source),
    matchesOf: (requestId) => matching.matchesOf(requestId),
    explain: async (requestId, recordingId) => {
      const { explainMatch, sayWhyNot } = await import('./core/why-not.ts');
      const recording = recordingOf(recordingId);
      const camera = cameraOf(recording?.cameraId);
      const explanation = explainMatch({ view: viewOf(requestId), camera, recording, now: now() });
      const names = { camera: camera?.name ?? '', file: recording?.fileName ?? '' };
      return { explanation, sentence: sayWhyNot(explanation, names) };
    },
    videoOf: (recordingId) => library.videoOf(recordingId),
    thumbnailOf: (recordingId) => library.thumbnailOf(recordingId),
    requestPersistence: () => library.requestPersistence(),

    warmTrimmer: () => void trimming.warm(),
    prepareClips: async (requestId, choices, { signal, onProgress }) => {
      const fractions = choices.map(() => 0);
      return sideBySide(choices, signal, async (choice, index, signalOfAll) => {
        const { recordingId } = choice;
        const report = (phase: PrepareProgress['phase'], fraction: number): void => {
          fractions[index] = fraction;
          onProgress({ recordingId, phase, fraction: fractions.reduce((sum, part) => sum + part) / choices.length });
        };
        report('waiting', 0);
        const recording = recordingOf(recordingId);
        const camera = cameraOf(recording?.cameraId);
        const cut = await trimming.cut(
          { view: viewOf(requestId), camera, recording, choice },
          { signal: signalOfAll, onProgress: ({ phase, fraction }) => report(phase, fraction * CUT_SHARE) },
        );
        if (!cut.ok) return cut;
        report('auditing', CUT_SHARE);
        const about = { requestId, recordingId, cameraId: recording?.cameraId ?? '' };
        const verified = await verifyClip(inspector, { ...cut.value, ...about }, signalOfAll);
        if (verified.ok) report('done', 1);
        return verified;
      });
    },
    sealPackage: async (requestId, clips, identity) => {
      const { cameras, recordings } = library.state.get();
      const view = viewOf(requestId);
      // age and its curves are a third of the page's code: fetched when first needed.
      const { sealPackage } = await import('./stages/inspect/package.ts');
      const sealed = await sealPackage({ view, clips, identity, cameras, recordings, tools: parts.tools, now: now() });
      if (!sealed.ok) return sealed;
      const kept = await sending.keep(sealed.value);
      if (!kept.ok) return kept;
      await reloadShares();
      return sealed;
    },
    plannedExchanges: (sealed) => sending.plannedExchanges(sealed),
    sendShare: async (shareId, options) => {
      if (!hubTakes(record.record.get(), 'packages')) {
        return failure('refused-by-hub', 'This page comes from a host of plain files, which takes nothing.');
      }
      const sent = await sending.send(shareId, options);
      await reloadShares();
      return sent;
    },
    dryRun: (sealed, options) => parts.dryRun(sealed, options),
    packageOf: (shareId) => stores.shares.package(shareId),
    discardShare: async (shareId) => {
      const discarded = await sending.discard(shareId);
      await reloadShares();
      return discarded;
    },
    offline: parts.offline.state,
    makeReadyForOffline: () => parts.offline.makeReady(),
    updatePage: () => parts.offline.update(),

    exportLibrary: async (passphrase) => {
      const { exportLibrary } = await import('./stages/library/library-file.ts');
      return exportLibrary(stores, passphrase, now());
    },
    importLibrary: async (file, options) => {
      const { importLibrary } = await import('./stages/library/library-file.ts');
      const imported = await importLibrary(stores, file, options);
      settings.set(await stores.settings.load());
      await Promise.all([record.start(), library.reload(), reloadShares(), importing.start()]);
      return imported;
    },
    erased,
    eraseEverything: async () => {
      erasing = true;
      const result = await parts.erase();
      if (result.ok) erased.set(true);
      return result;
    },

    ledger: () => stores.ledger.all(),
    ledgerChanges: stores.ledger.changes,
    clearLedger: () => stores.ledger.clear(now()),
    exportLedger: async (bodies) => {
      const [{ toHar }, { bodyOf }] = await Promise.all([
        import('./core/har.ts'),
        import('./stages/receipt/what-left.ts'),
      ]);
      const har = await toHar(
        ledgerRequests(await stores.ledger.all()),
        parts.tools['porchlight'] ?? '',
        async (request) => (bodies ? bodyOf(request, stores.ledger, stores.shares) : null),
      );
      return new Blob([JSON.stringify(har, null, 2)], { type: 'application/json' });
    },
    compareHashes: async (shareId) => {
      const share = await stores.shares.get(shareId);
      if (share === null) return null;
      const { compareHashes } = await import('./stages/receipt/what-left.ts');
      return compareHashes(share, stores.ledger, stores.shares);
    },
  };

  return {
    journey,
    start: async () => {
      rematchOnChange();
      const { requestsOn } = settings.get();
      if (!requestsOn) await record.setEnabled(false);
      await Promise.all([record.start(), library.reload(), reloadShares(), importing.start()]);
      await rematch();
      setInterval(() => void record.reevaluate(), REEVALUATE_MS);
      if (requestsOn && parts.online()) await record.refresh();
    },
  };
};

/** Of one clip's progress, the part that the cut takes; its audit takes the rest. */
const CUT_SHARE = 0.85;
