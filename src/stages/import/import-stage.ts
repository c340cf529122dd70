/** Stage 1, import: files are read side by side, recognised, and kept whole or not at all; what is not yet read survives a closed tab. */
import type { Probe, ProbeRefusal, ProbeRequest } from '../../contracts/import-api.ts';
import type { ImportFile, ImportRefusal, ImportState } from '../../contracts/journey-api.ts';
import type { Camera, Recording } from '../../contracts/library.ts';
import { type Readable, writable } from '../../contracts/observable.ts';
import type { Result } from '../../contracts/result.ts';
import type { ImportStore, LibraryStore, NewRecording } from '../../contracts/storage.ts';
import type { EpochMs, Ms } from '../../contracts/units.ts';
import { decideTime } from '../../core/camera-clocks.ts';
import { withConfirmedRules } from '../../core/confirmed-time.ts';
import { createImportLines, type ImportJob } from './import-lines.ts';
import { createUnfinished } from './unfinished.ts';

export interface ImportStageParts {
  readonly importer: {
    readonly readers?: number;
    probe(file: Blob, request: ProbeRequest, signal?: AbortSignal): Promise<Result<Probe, ProbeRefusal>>;
  };
  readonly library: LibraryStore;
  /** Where files that wait are remembered; without it a closed tab forgets them. */
  readonly pending?: ImportStore;
  readonly now: () => EpochMs;
  readonly newId: () => string;
  /** Told of recordings soon after they are kept, several at once. */
  readonly onKept?: (recordings: readonly Recording[]) => void;
  /** How often the state is shown while files are read. */
  readonly showEveryMs?: Ms;
}

export interface ImportStage {
  readonly state: Readable<ImportState>;
  /** Reads what an earlier page left unfinished. Never rejects. */
  start(): Promise<void>;
  /** Queues files of one camera. Resolves when each of them is kept, refused or cancelled; never rejects. */
  add(files: readonly ImportFile[], camera: Camera, directory?: FileSystemDirectoryHandle | null): Promise<void>;
  /** Ends the files being read and drops those still waiting, which can be continued. Those already read are kept. */
  cancel(): void;
  /** Forgets the lines of files that are done with. */
  clear(): void;
  /** Goes on with an unfinished import; says how many of its files were found. */
  resume(id: string, files: readonly ImportFile[] | null, cameraOf: (id: string) => Camera | null): number;
  forget(id: string): Promise<void>;
}

interface Read {
  readonly job: ImportJob;
  readonly probe: Probe;
}

/** One strict transaction waits for the disk once, for however many recordings: but so many bytes at most are held until then. */
const MOST_TOGETHER = 24;
const MOST_BYTES_TOGETHER = 64 * 1024 * 1024;

const SETTLED_TOGETHER = 100;

/** A file without an end that was changed so shortly before it was read is still being written. */
const STILL_WRITTEN_MS: Ms = 60_000;

const CANCELLED = 'The import was stopped; nothing of this file was kept.';

const isReadable = (file: File): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

export const createImportStage = (parts: ImportStageParts): ImportStage => {
  const { importer, library, pending, now, newId, onKept, showEveryMs = 100 } = parts;
  const state = writable<ImportState>({ running: false, done: 0, lines: [], unfinished: [] });
  const unfinished = createUnfinished(pending);
  const lines = createImportLines(showEveryMs, (shown) => state.set({ ...state.get(), ...shown }));
  const showUnfinished = (): void => state.set({ ...state.get(), unfinished: unfinished.shown() });
  let stop = new AbortController();
  let queue: Promise<void> = Promise.resolve();

  const refuse = (job: ImportJob, reason: ImportRefusal, detail: string): void =>
    lines.update(job, { state: reason === 'cancelled' ? 'cancelled' : 'refused', refusal: { reason, detail } });

  /** `camera` as it is now: what was confirmed for it while the import ran counts. */
  const recordingOf = ({ file }: ImportJob, camera: Camera, probe: Probe): Recording => {
    const { thumbnail: _picture, copy: _copy, candidates, openEnd, ...facts } = probe;
    const importedAt = now();
    const isUnfinished = openEnd === true && Math.abs(importedAt - file.file.lastModified) < STILL_WRITTEN_MS;
    return {
      id: newId(),
      cameraId: camera.id,
      fileName: file.file.name,
      relativePath: file.relativePath,
      ...facts,
      time: withConfirmedRules(decideTime(candidates, facts.durationMs), camera),
      ...(isUnfinished && { unfinished: true }),
      importedAt,
    };
  };

  const alreadyKept = async (job: ImportJob, { sha256 }: Probe): Promise<boolean> => {
    const kept = await library.findBySha256(sha256);
    if (kept) lines.update(job, { state: 'already-kept', recordingId: kept.id });
    return kept !== null;
  };

  const notStored = async ({ job, probe }: Read, reason: ImportRefusal, detail: string): Promise<void> => {
    if (reason === 'duplicate' && (await alreadyKept(job, probe))) return;
    if (await isReadable(job.file.file)) return refuse(job, reason, detail);
    return refuse(
      job,
      'unreadable',
      'This file could not be read: it was moved or changed, or its card was taken out.',
    );
  };

  /** Each of these in one transaction; of two with the same bytes the second waits for the first. */
  const store = async (reads: readonly Read[]): Promise<void> => {
    const cameras = new Map((await library.cameras()).map((camera) => [camera.id, camera]));
    const hashes = new Set<string>();
    const fresh: (Read & { readonly added: NewRecording })[] = [];
    const again: Read[] = [];
    const known = await library.findAllBySha256(reads.map(({ probe }) => probe.sha256));
    for (const [index, read] of reads.entries()) {
      const { job, probe } = read;
      const camera = cameras.get(job.camera.id);
      if (!camera) refuse(job, 'storage-unavailable', 'Its camera is no longer in the library.');
      else if (hashes.has(probe.sha256)) again.push(read);
      else if (known[index]) lines.update(job, { state: 'already-kept', recordingId: known[index].id });
      else {
        hashes.add(probe.sha256);
        lines.update(job, { state: 'storing' });
        const { copy: video, thumbnail } = probe;
        fresh.push({ ...read, added: { recording: recordingOf(job, camera, probe), video, thumbnail } });
      }
    }
    const answers = await library.addRecordings(fresh.map(({ added }) => added));
    const kept: Recording[] = [];
    for (const [index, read] of fresh.entries()) {
      const answer = answers[index];
      if (answer?.ok) {
        kept.push(read.added.recording);
        lines.update(read.job, { state: 'kept', recordingId: read.added.recording.id });
      } else if (answer) await notStored(read, answer.reason, answer.detail);
    }
    if (kept.length > 0) onKept?.(kept);
    for (const { job, probe } of again) {
      if (!(await alreadyKept(job, probe)))
        refuse(job, 'storage-unavailable', 'Its twin in the same import was not kept.');
    }
  };

  const didNotAnswer = (error: unknown): string =>
    `The library on this device did not answer (${error instanceof Error ? error.message : String(error)}).`;

  let unsettled: ImportJob[] = [];
  /** Written down some at a time: those of the last few that a closed tab reads again are recognised as kept. */
  const settle = async (jobs: readonly ImportJob[], atOnce = false): Promise<void> => {
    unsettled.push(...jobs.filter((job) => lines.isDone(job) && job.line.state !== 'cancelled'));
    if (unsettled.length === 0 || (!atOnce && unsettled.length < SETTLED_TOGETHER)) return;
    const settled = unsettled;
    unsettled = [];
    await unfinished.settle(settled);
  };

  /** Reads side by side, keeps together; a full basket or an empty queue is carried to the disk while others are being read. */
  const importAll = async (jobs: readonly ImportJob[], signal: AbortSignal): Promise<void> => {
    let basket: Read[] = [];
    let storing: Promise<void> = Promise.resolve();
    let next = 0;

    const carry = (): Promise<void> => {
      const reads = basket;
      basket = [];
      storing = storing.then(async () => {
        try {
          if (reads.length > 0) await store(reads);
        } catch (error) {
          for (const { job } of reads) if (!lines.isDone(job)) refuse(job, 'storage-unavailable', didNotAnswer(error));
        }
        await settle(reads.map(({ job }) => job));
      });
      return storing;
    };

    const readOne = async (job: ImportJob): Promise<void> => {
      if (signal.aborted) return refuse(job, 'cancelled', CANCELLED);
      lines.update(job, { state: 'reading' });
      const { file, relativePath } = job.file;
      const request = { relativePath, lastModified: file.lastModified, zone: job.camera.zone };
      const probed = await importer.probe(file, request, signal);
      if (!probed.ok) {
        refuse(job, probed.reason, probed.detail);
        return settle([job]);
      }
      basket.push({ job, probe: probed.value });
      return undefined;
    };

    const isFull = (): boolean =>
      basket.length >= MOST_TOGETHER || basket.reduce((sum, { probe }) => sum + probe.bytes, 0) >= MOST_BYTES_TOGETHER;

    const reader = async (): Promise<void> => {
      for (let job = jobs[next]; job; job = jobs[next]) {
        next += 1;
        try {
          await readOne(job);
        } catch (error) {
          refuse(job, 'storage-unavailable', didNotAnswer(error));
        }
        if (isFull()) {
          // The basket before this one must be on the disk: no more than two are ever held.
          await storing;
          if (isFull()) void carry();
        }
      }
    };
    await Promise.all(Array.from({ length: importer.readers ?? 1 }, reader));
    await carry();
    await settle([], true);
  };

  const enqueue = (batch: string, jobs: readonly ImportJob[], begun: Promise<void>): Promise<void> => {
    const { signal } = stop;
    lines.add(jobs);
    queue = queue.then(async () => {
      await begun;
      await importAll(jobs, signal);
      unfinished.ended(batch);
      lines.show();
      showUnfinished();
    });
    return queue;
  };

  return {
    state,
    start: async () => {
      await unfinished.load();
      showUnfinished();
    },
    add: (files, camera, directory = null) => {
      const batch = newId();
      const jobs = lines.jobsOf(files, camera, batch);
      return enqueue(batch, jobs, unfinished.begin(batch, camera.id, jobs, directory, now()));
    },
    cancel: () => {
      stop.abort();
      stop = new AbortController();
    },
    clear: () => lines.clear(),
    resume: (id, files, cameraOf) => {
      const found = unfinished.found(id, files);
      const camera = found && cameraOf(found.cameraId);
      if (!found || !camera || found.files.length === 0) return 0;
      void enqueue(id, lines.jobsOf(found.files, camera, id), Promise.resolve());
      unfinished.begun(id);
      showUnfinished();
      return found.files.length;
    },
    forget: async (id) => {
      await unfinished.forget(id);
      showUnfinished();
    },
  };
};
