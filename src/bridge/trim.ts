/** The page's handle on the trim worker: one cut at a time, ended at once on abort, a crash told as a refusal. */
import { proxy } from 'comlink';
import workerUrl from '../../workers/trim.worker.ts?worker&url';
import { failure } from '../contracts/result.ts';
import type { TrimApi, TrimJob, TrimProgress, TrimResult } from '../contracts/trim-api.ts';
import { WorkerAborted, WorkerCrashed, workerHandle } from './worker-handle.ts';

export interface Trimmer {
  trim(
    source: Blob,
    job: TrimJob,
    options: { readonly signal?: AbortSignal; readonly onProgress: (progress: TrimProgress) => void },
  ): Promise<TrimResult>;
  /** Loads the encoder ahead of need. Never rejects. */
  warm(): Promise<void>;
}

export const createTrimmer = (): Trimmer => {
  const handle = workerHandle<TrimApi>(workerUrl, 'trim');
  return {
    trim: async (source, job, { signal, onProgress }) => {
      try {
        return await handle.run<TrimResult>((api) => api.trim(source, job, proxy(onProgress)), signal);
      } catch (error) {
        if (error instanceof WorkerAborted) return failure('cancelled', 'The cut was cancelled; nothing was kept.');
        if (error instanceof WorkerCrashed) {
          return failure(
            'worker-crashed',
            `The cut stopped unexpectedly (${error.message}). Nothing was kept; try again.`,
          );
        }
        throw error;
      }
    },
    warm: () => handle.run((api) => api.warm()).catch(() => undefined),
  };
};
