/** Uploads a sealed package with tus 1.0 (tus.io/protocols/resumable-upload): in parts, resumable, the same bytes every time. */
import { Upload, type DetailedError } from 'tus-js-client';
import { CHUNK_BYTES, type Net } from '../contracts/net.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { SendFailure } from '../contracts/share.ts';
import type { Ms, Sha256Hex } from '../contracts/units.ts';
import { createTusStack, innerUrl, outerPath, type LastProblem } from './tus-stack.ts';

export const PACKAGES_PATH = '/v1/packages';

const RETRY_DELAYS: readonly Ms[] = [1_000, 3_000, 7_000];

export interface UploadJob {
  readonly net: Net;
  /** Read one part at a time. */
  readonly bytes: Blob;
  /** Where an earlier attempt got to: a path on the hub; null to begin. */
  readonly uploadUrl: string | null;
  readonly requestId: string;
  readonly sha256: Sha256Hex;
  /** Called with the upload's path as soon as the hub gave it, before any byte is sent: keep it, it is what resuming needs. */
  readonly onUrl: (path: string) => Promise<void> | void;
  readonly onProgress: (bytesSent: number, bytesTotal: number) => void;
  /** Aborting pauses: what the hub has stays there. */
  readonly signal: AbortSignal;
  readonly chunkBytes?: number;
  /** Waits before each further attempt after a failure that may pass; their number is the number of attempts. */
  readonly retryDelays?: readonly Ms[];
}

export type UploadFailure = Extract<SendFailure, 'offline' | 'unrecorded' | 'hub-error' | 'refused-by-hub' | 'paused'>;

/** No answer, the hub's own trouble, a lock, too many requests, and an offset to be asked for again: these may pass. */
const mayPass = (method: string, status: number): boolean =>
  status === 0 || status >= 500 || status === 423 || status === 429 || (status === 409 && method !== 'POST');

const failureOf = (problem: LastProblem | null): Result<never, UploadFailure> => {
  if (problem === null) return failure('hub-error', 'The hub’s answer could not be understood.');
  if (problem.reason === 'offline')
    return failure('offline', 'The hub cannot be reached. What has arrived stays there; try again later.');
  if (problem.reason === 'unrecorded') return failure('unrecorded', problem.detail);
  const status = problem.status ?? 0;
  const refused = problem.reason === 'blocked' || (status >= 400 && status < 500 && !mayPass('PATCH', status));
  return failure(refused || status === 409 ? 'refused-by-hub' : 'hub-error', problem.detail);
};

interface Attempt {
  readonly result: Result<{ readonly uploadUrl: string }, UploadFailure>;
  /** The hub no longer knows the upload that was to be resumed. */
  readonly forgotten: boolean;
}

const attempt = (job: UploadJob, uploadUrl: string | null): Promise<Attempt> =>
  new Promise((resolve) => {
    const { stack, lastProblem } = createTusStack(job.net);
    const pause = (): void => {
      void upload.abort(false).finally(() => finish(failure('paused', 'The upload is paused. Nothing is lost.')));
    };
    // The address must be kept before the first byte is on its way: without it nothing could be resumed.
    let kept: Promise<void> = Promise.resolve();
    const finish = (result: Attempt['result'], forgotten = false): void => {
      job.signal.removeEventListener('abort', pause);
      resolve({ result, forgotten });
    };
    const upload: Upload = new Upload(job.bytes, {
      // Without an endpoint tus-js-client never begins anew when it meant to resume, as it would for any failing HEAD.
      endpoint: uploadUrl === null ? innerUrl(PACKAGES_PATH) : null,
      uploadUrl: uploadUrl === null ? null : innerUrl(uploadUrl),
      metadata: { request: job.requestId, sha256: job.sha256 },
      chunkSize: job.chunkBytes ?? CHUNK_BYTES,
      retryDelays: [...(job.retryDelays ?? RETRY_DELAYS)],
      storeFingerprintForResuming: false,
      fingerprint: () => Promise.resolve(''),
      httpStack: stack,
      fileReader: {
        openFile: () =>
          Promise.resolve({
            size: job.bytes.size,
            slice: async (start, end) => ({
              value: new Uint8Array(await job.bytes.slice(start, end).arrayBuffer()),
              done: false,
            }),
            close: () => undefined,
          }),
      },
      onShouldRetry: (error: DetailedError) =>
        // A full disk does not pass by itself.
        lastProblem()?.reason !== 'unrecorded' &&
        mayPass(error.originalRequest.getMethod(), error.originalResponse?.getStatus() ?? 0),
      onUploadUrlAvailable: () => {
        upload.options.endpoint = null;
        if (uploadUrl === null && upload.url !== null) kept = Promise.resolve(job.onUrl(outerPath(upload.url)));
      },
      onBeforeRequest: () => kept,
      onProgress: (sent, total) => job.onProgress(sent, total),
      onSuccess: () => finish(ok({ uploadUrl: outerPath(upload.url ?? '') })),
      onError: () => {
        const problem = lastProblem();
        finish(failureOf(problem), uploadUrl !== null && (problem?.status === 404 || problem?.status === 410));
      },
    });
    job.signal.addEventListener('abort', pause, { once: true });
    upload.start();
  });

/**
 * Sends the package, or what is missing of it, and returns its path on the hub. An upload that the hub has forgotten begins anew.
 * Passing failures are tried again a few times; then, or when the hub refuses, a failure with the hub's own words.
 */
export const uploadPackage = async (job: UploadJob): Promise<Result<{ readonly uploadUrl: string }, UploadFailure>> => {
  if (job.signal.aborted) return failure('paused', 'The upload is paused. Nothing is lost.');
  const first = await attempt(job, job.uploadUrl);
  return first.forgotten ? (await attempt(job, null)).result : first.result;
};
