/** The page's handle on the import workers: one file at a time in each, ended at once on abort, a crash told as a refusal. */
import workerUrl from '../../workers/import.worker.ts?worker&url';
import type { ImportApi, Probe, ProbeRefusal, ProbeRequest } from '../contracts/import-api.ts';
import { failure, type Result } from '../contracts/result.ts';
import { WorkerAborted, WorkerCrashed, workerHandle } from './worker-handle.ts';

export interface Importer {
  /** So many files are read side by side. */
  readonly readers: number;
  /** Reads one file in the worker that has least to do. Aborting ends the worker, whatever it was reading. */
  probe(file: Blob, request: ProbeRequest, signal?: AbortSignal): Promise<Result<Probe, ProbeRefusal>>;
}

/** A damaged file can keep a reader busy for ever; a sound one on a slow card needs no longer than this. */
const PATIENCE_MS = 20_000;
const SLOWEST_BYTES_PER_MS = 2_000;

/** One reads while the other waits for a disk or a decoder; more only take memory. */
const MOST_READERS = 2;

export const createImporter = (readers = Math.min(MOST_READERS, navigator.hardwareConcurrency || 1)): Importer => {
  const pool = Array.from({ length: Math.max(1, readers) }, () => ({
    handle: workerHandle<ImportApi>(workerUrl, 'import'),
    asked: 0,
  }));
  return {
    readers: pool.length,
    probe: async (file, request, signal) => {
      const worker = pool.reduce((least, other) => (other.asked < least.asked ? other : least));
      worker.asked += 1;
      const tooLong = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      try {
        return await worker.handle.run<Result<Probe, ProbeRefusal>>(
          (api) => {
            timer = setTimeout(() => tooLong.abort(), PATIENCE_MS + file.size / SLOWEST_BYTES_PER_MS);
            return api.probe(file, request);
          },
          signal ? AbortSignal.any([signal, tooLong.signal]) : tooLong.signal,
        );
      } catch (error) {
        if (error instanceof WorkerAborted) {
          return tooLong.signal.aborted
            ? failure('damaged', 'This video could not be read in reasonable time; it is probably damaged.')
            : failure('cancelled', 'The import was cancelled; nothing of this file was kept.');
        }
        if (error instanceof WorkerCrashed) {
          return failure(
            'worker-crashed',
            `Reading this file stopped unexpectedly (${error.message}). Nothing of it was kept; try again.`,
          );
        }
        throw error;
      } finally {
        clearTimeout(timer);
        worker.asked -= 1;
      }
    },
  };
};
