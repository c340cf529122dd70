/** The page's handle on the import worker: one file at a time, ended at once on abort, a crash told as a refusal. */
import workerUrl from '../../workers/import.worker.ts?worker&url';
import type { ImportApi, Probe, ProbeRefusal, ProbeRequest } from '../contracts/import-api.ts';
import { failure, type Result } from '../contracts/result.ts';
import { WorkerAborted, WorkerCrashed, workerHandle } from './worker-handle.ts';

export interface Importer {
  /** Reads one file after those asked for before it. Aborting ends the worker, whatever it was reading. */
  probe(file: Blob, request: ProbeRequest, signal?: AbortSignal): Promise<Result<Probe, ProbeRefusal>>;
}

export const createImporter = (): Importer => {
  const handle = workerHandle<ImportApi>(workerUrl, 'import');
  return {
    probe: async (file, request, signal) => {
      try {
        return await handle.run<Result<Probe, ProbeRefusal>>((api) => api.probe(file, request), signal);
      } catch (error) {
        if (error instanceof WorkerAborted)
          return failure('cancelled', 'The import was cancelled; nothing of this file was kept.');
        if (error instanceof WorkerCrashed) {
          return failure(
            'worker-crashed',
            `Reading this file stopped unexpectedly (${error.message}). Nothing of it was kept; try again.`,
          );
        }
        throw error;
      }
    },
  };
};
