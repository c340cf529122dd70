/** The one door out: the only place of the page that calls `fetch`. A request goes out only once the ledger has it; its end is added. */
import type { Net, NetFailure, NetRequest, NetResult } from '../contracts/net.ts';
import { failure, ok } from '../contracts/result.ts';
import type { LedgerEntry } from '../contracts/share.ts';
import type { LedgerStore } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { sha256Hex } from '../core/sha256.ts';

export interface DoorParts {
  readonly ledger: Pick<LedgerStore, 'begin' | 'append'>;
  /** The page's own origin, such as `https://porchlight.example`. */
  readonly origin: string;
  readonly now: () => EpochMs;
}

interface Outcome {
  readonly result: NetResult;
  readonly bytesIn: number;
  readonly status: number | null;
  readonly problem: string | null;
}

/** The path's URL when it is one of the page's own origin; null for anything that could lead elsewhere. */
const ownUrl = (path: string, origin: string): URL | null => {
  if (!path.startsWith('/') || !URL.canParse(path, origin)) return null;
  const url = new URL(path, origin);
  return url.origin === new URL(origin).origin ? url : null;
};

const failed = (reason: NetFailure, status: number | null, detail: string, bytesIn = 0): Outcome => ({
  result: { ...failure(reason, detail), status },
  bytesIn,
  status,
  problem: detail,
});

/** Title and detail of a problem document (RFC 9457), or the bare status. */
const problemOf = (status: number, type: string | null, body: Uint8Array): string => {
  if (type?.includes('json') === true) {
    try {
      const { title, detail } = JSON.parse(new TextDecoder().decode(body)) as { title?: unknown; detail?: unknown };
      if (typeof title === 'string')
        return `${title}${typeof detail === 'string' ? `: ${detail}` : ''} (HTTP ${status})`;
    } catch {
      // Not a problem document after all: the status says enough.
    }
  }
  return `The hub answered with HTTP ${status}.`;
};

const exchange = async (url: URL, request: NetRequest): Promise<Outcome> => {
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: { ...request.headers },
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const { status, headers } = response;
    const body = new Uint8Array(await response.arrayBuffer());
    // Not an error: what the page has is still what the hub has.
    if (status === 304) return { ...failed('http-error', status, 'Nothing has changed since.'), problem: null };
    if (!response.ok)
      return failed('http-error', status, problemOf(status, headers.get('Content-Type'), body), body.length);
    return { result: { ok: true, status, headers, body }, bytesIn: body.length, status, problem: null };
  } catch {
    // `fetch` rejects alike for no network, a refused connection and a redirect; only an abort can be told apart.
    if (request.signal?.aborted === true) return failed('aborted', null, 'The request was stopped.');
    return failed('offline', null, 'The hub cannot be reached.');
  }
};

const unrecorded = (error: unknown): Outcome =>
  failed(
    'unrecorded',
    null,
    `Nothing was sent: this page’s ledger could not be written, and nothing leaves unrecorded. ${error instanceof Error ? error.message : String(error)}`,
  );

/**
 * Opens the door. A request whose line the ledger does not take is not made (decision 0023); when only the line about its end is refused,
 * the first one stays, and the ledger shows the request without an answer.
 */
export const createNet = ({ ledger, origin, now }: DoorParts): Net => ({
  send: async (request) => {
    const { purpose, method, body, headers } = request;
    const url = ownUrl(request.path, origin);
    const bytesOut = url === null ? 0 : (body?.length ?? 0);
    const begun: LedgerEntry = {
      ...{ at: now(), purpose, method, url: url?.href ?? request.path, bytesOut, bytesIn: 0 },
      bodySha256: bytesOut > 0 && body !== undefined ? await sha256Hex(body) : null,
      ...{ status: null, problem: null },
      ...(headers !== undefined && { headers }),
    };
    const end = async ({ result, bytesIn, status, problem }: Outcome, of?: number): Promise<NetResult> => {
      const ended: LedgerEntry = { ...begun, bytesIn, status, problem, tookMs: now() - begun.at };
      await ledger.append(of === undefined ? ended : { ...ended, of }).catch(() => undefined);
      return result;
    };
    if (url === null) {
      return end(failed('blocked', null, 'Only the page’s own hub may be asked; this address is elsewhere.'));
    }
    // Written before it leaves, so that a page closed in the middle has it written down all the same.
    const line = await ledger.begin(begun, body).then(ok, unrecorded);
    return 'value' in line ? end(await exchange(url, request), line.value) : line.result;
  },
});
