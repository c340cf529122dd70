/** The page's handle on the trim workers: a few cuts side by side, ended at once on abort, a crash told as a refusal. */
import { proxy } from 'comlink';
import workerUrl from '../../workers/trim.worker.ts?worker&url';
import { failure } from '../contracts/result.ts';
import type { EncoderChoice, TrimApi, TrimJob, TrimProgress, TrimResult } from '../contracts/trim-api.ts';
import { WorkerAborted, WorkerCrashed } from './worker-handle.ts';
import { workerPool } from './worker-pool.ts';

export interface Trimmer {
  /** Cuts that are asked for at once run side by side, as many as there are workers; the others wait their turn. */
  trim(
    source: Blob,
    job: TrimJob,
    options: { readonly signal?: AbortSignal; readonly onProgress: (progress: TrimProgress) => void },
  ): Promise<TrimResult>;
  /** Gets an encoder ready ahead of need. Never rejects. */
  warm(encoder?: EncoderChoice): Promise<void>;
}

/** Each worker may hold a window of video and an encoder: more of them would gain little and take much memory. */
const MOST_WORKERS = 4;

export const createTrimmer = ({
  workers = Math.min(navigator.hardwareConcurrency, MOST_WORKERS),
}: { readonly workers?: number } = {}): Trimmer => {
  const pool = workerPool<TrimApi>(workerUrl, 'trim', { size: workers, stopFlag: true });
  return {
    trim: async (source, job, { signal, onProgress }) => {
      try {
        return await pool.run<TrimResult>((api) => api.trim(source, job, proxy(onProgress)), signal);
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
    warm: (encoder = 'auto') => pool.prepare((api) => api.warm(encoder)).catch(() => undefined),
  };
};
