/** The page's handle on the inspect worker: the audit off the main thread, ended when it is cancelled or idle. */
import type { AuditJob, AuditReport, AuditRule, InspectApi } from '../contracts/inspect-api.ts';
import { failure, type Result } from '../contracts/result.ts';
import url from '../../workers/inspect.worker.ts?worker&url';
import { WorkerAborted, WorkerCrashed, workerHandle } from './worker-handle.ts';

export interface Inspector {
  /** Audits a clip's bytes against its source. Abort ends the worker and gives `cancelled`; a worker that dies gives `worker-crashed`. */
  audit(
    clip: Uint8Array<ArrayBuffer>,
    source: Blob,
    job: AuditJob,
    signal?: AbortSignal,
  ): Promise<Result<AuditReport, AuditRule>>;
  /** Ends the worker now. */
  end(): void;
}

export const createInspector = (): Inspector => {
  const handle = workerHandle<InspectApi>(url, 'inspect');
  return {
    // The clip's bytes cross as a copy: the page keeps its own, which is what makes comparing hashes afterwards mean something.
    audit: async (clip, source, job, signal): Promise<Result<AuditReport, AuditRule>> => {
      try {
        return await handle.run<Result<AuditReport, AuditRule>>(async (api) => api.audit(clip, source, job), signal);
      } catch (error) {
        if (error instanceof WorkerAborted) return failure('cancelled', 'The check was cancelled.');
        if (error instanceof WorkerCrashed)
          return failure('worker-crashed', `The check stopped unexpectedly: ${error.message}`);
        throw error;
      }
    },
    end: () => handle.end(),
  };
};
