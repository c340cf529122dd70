/** Stage 1, import: files are read one after another, recognised, and kept whole or not at all. */
import type { Probe, ProbeRefusal, ProbeRequest } from '../../contracts/import-api.ts';
import type { ImportFile, ImportLine, ImportRefusal, ImportState } from '../../contracts/journey-api.ts';
import type { Camera, Recording } from '../../contracts/library.ts';
import { type Readable, writable } from '../../contracts/observable.ts';
import type { Result } from '../../contracts/result.ts';
import type { LibraryStore } from '../../contracts/storage.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { decideTime } from '../../core/camera-clocks.ts';

export interface ImportStageParts {
  readonly importer: {
    probe(file: Blob, request: ProbeRequest, signal?: AbortSignal): Promise<Result<Probe, ProbeRefusal>>;
  };
  readonly library: LibraryStore;
  readonly now: () => EpochMs;
  readonly newId: () => string;
}

export interface ImportStage {
  readonly state: Readable<ImportState>;
  /** Queues files of one camera. Resolves when each of them is kept, refused or cancelled; never rejects. */
  add(files: readonly ImportFile[], camera: Camera): Promise<void>;
  /** Ends the file being read and drops those still waiting. One already being stored is stored. */
  cancel(): void;
  /** Forgets the lines of files that are done with. */
  clear(): void;
}

interface Job {
  readonly file: ImportFile;
  readonly camera: Camera;
  line: ImportLine;
}

const isDone = ({ line }: Job): boolean => !['waiting', 'reading', 'storing'].includes(line.state);

const isReadable = (file: File): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

export const createImportStage = ({ importer, library, now, newId }: ImportStageParts): ImportStage => {
  const state = writable<ImportState>({ running: false, done: 0, lines: [] });
  let jobs: Job[] = [];
  let stop = new AbortController();
  let queue: Promise<void> = Promise.resolve();

  const publish = (): void => {
    const done = jobs.filter(isDone).length;
    state.set({ running: done < jobs.length, done, lines: jobs.map(({ line }) => line) });
  };

  const update = (job: Job, change: Partial<ImportLine>): void => {
    job.line = { ...job.line, ...change };
    publish();
  };

  const refuse = (job: Job, reason: ImportRefusal, detail: string): void =>
    update(job, { state: reason === 'cancelled' ? 'cancelled' : 'refused', refusal: { reason, detail } });

  const recordingOf = (
    { file, camera }: Job,
    { thumbnail: _picture, copy: _copy, candidates, ...facts }: Probe,
  ): Recording => ({
    id: newId(),
    cameraId: camera.id,
    fileName: file.file.name,
    relativePath: file.relativePath,
    ...facts,
    time: decideTime(candidates, facts.durationMs),
    importedAt: now(),
  });

  const store = async (job: Job, probe: Probe): Promise<void> => {
    const cameras = await library.cameras();
    if (!cameras.some(({ id }) => id === job.camera.id)) {
      refuse(job, 'storage-unavailable', 'Its camera is no longer in the library.');
      return;
    }
    const recording = recordingOf(job, probe);
    const stored = await library.addRecording(recording, job.file.file, probe.thumbnail);
    if (stored.ok) return update(job, { state: 'kept', recordingId: recording.id });
    if (stored.reason === 'duplicate') {
      const kept = await library.findBySha256(probe.sha256);
      return update(job, { state: 'already-kept', recordingId: kept?.id ?? null });
    }
    if (!(await isReadable(job.file.file))) {
      return refuse(
        job,
        'unreadable',
        'This file could not be read: it was moved or changed, or its card was taken out.',
      );
    }
    return refuse(job, stored.reason, stored.detail);
  };

  const importOne = async (job: Job, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return refuse(job, 'cancelled', 'The import was cancelled; nothing of this file was kept.');
    update(job, { state: 'reading' });
    const { file, relativePath } = job.file;
    const probed = await importer.probe(
      file,
      { relativePath, lastModified: file.lastModified, zone: job.camera.zone },
      signal,
    );
    if (!probed.ok) return refuse(job, probed.reason, probed.detail);
    const kept = await library.findBySha256(probed.value.sha256);
    if (kept) return update(job, { state: 'already-kept', recordingId: kept.id });
    if (signal.aborted) return refuse(job, 'cancelled', 'The import was cancelled; nothing of this file was kept.');
    update(job, { state: 'storing' });
    return store(job, probed.value);
  };

  /** Whatever becomes of one file, the next one has its turn. */
  const guarded = async (job: Job, signal: AbortSignal): Promise<void> => {
    try {
      await importOne(job, signal);
    } catch (error) {
      refuse(
        job,
        'storage-unavailable',
        `The library on this device did not answer (${error instanceof Error ? error.message : String(error)}).`,
      );
    }
  };

  return {
    state,
    add: (files, camera) => {
      const { signal } = stop;
      const added = files.map((file): Job => ({
        file,
        camera,
        line: { name: file.file.name, bytes: file.file.size, state: 'waiting', recordingId: null, refusal: null },
      }));
      jobs = [...jobs, ...added];
      publish();
      queue = queue.then(async () => {
        for (const job of added) await guarded(job, signal);
      });
      return queue;
    },
    cancel: () => {
      stop.abort();
      stop = new AbortController();
    },
    clear: () => {
      jobs = jobs.filter((job) => !isDone(job));
      publish();
    },
  };
};
