/** The one door out: the interface through which stages and requests reach the hub. Implemented in net/ alone. */
import type { Failure } from './result.ts';

/** How many bytes one upload request carries, at most. */
export const CHUNK_BYTES = 1 << 20;

/** `unrecorded`: the ledger did not take the request's line, so it was not made. */
export type NetFailure = 'offline' | 'http-error' | 'blocked' | 'aborted' | 'unrecorded';

export interface NetResponse {
  readonly ok: true;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** With `http-error`, the problem document's title and status (RFC 9457) are in `detail`, the status in `status`. */
export type NetResult = NetResponse | (Failure<NetFailure> & { readonly status: number | null });

export interface NetRequest {
  readonly purpose: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'HEAD';
  /** Path on the page's own origin, beginning with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

export interface Net {
  /** Writes one request to the ledger, sends it, and writes down what became of it. What cannot be written is not sent. Never throws. */
  send(request: NetRequest): Promise<NetResult>;
}
