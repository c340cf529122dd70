/** The ledger as an HTTP Archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/), for any HAR viewer. */
import type { LedgerRequest } from '../contracts/ledger.ts';

interface NameValue {
  readonly name: string;
  readonly value: string;
}

interface PostData {
  readonly mimeType: string;
  readonly text: string;
  readonly comment?: string;
  readonly encoding?: 'base64';
}

export interface HarEntry {
  readonly pageref: string;
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly cookies: readonly NameValue[];
    readonly headers: readonly NameValue[];
    readonly queryString: readonly NameValue[];
    readonly headersSize: number;
    readonly bodySize: number;
    readonly postData?: PostData;
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly httpVersion: string;
    readonly cookies: readonly NameValue[];
    readonly headers: readonly NameValue[];
    readonly content: { readonly size: number; readonly mimeType: string };
    readonly redirectURL: string;
    readonly headersSize: number;
    readonly bodySize: number;
  };
  readonly cache: Readonly<Record<string, never>>;
  readonly timings: { readonly send: number; readonly wait: number; readonly receive: number };
  readonly comment: string;
  /** Fields of ours begin with an underscore, as the specification asks. */
  readonly _ledger: { readonly line: number; readonly bodySha256: string | null };
}

export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly pages: readonly {
      readonly startedDateTime: string;
      readonly id: string;
      readonly title: string;
      readonly pageTimings: { readonly onContentLoad: number; readonly onLoad: number };
    }[];
    readonly entries: readonly HarEntry[];
    readonly comment: string;
  };
}

/** The body of a request, or null when it is not wanted or not kept. */
export type BodyOf = (request: LedgerRequest) => Promise<Uint8Array<ArrayBuffer> | null>;

const CHUNK = 0x8000;

const base64 = (bytes: Uint8Array): string => {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
};

const asText = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** Text as it is, anything else in base64, which HAR has no field for: `encoding` is what browsers write. */
const postData = (bytes: Uint8Array, mimeType: string): PostData => {
  const text = asText(bytes);
  return text === null
    ? { mimeType, text: base64(bytes), encoding: 'base64', comment: 'The body in base64.' }
    : { mimeType, text };
};

const pairs = (headers: Readonly<Record<string, string>>): readonly NameValue[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

/** The specification wants an absolute address; a blocked attempt may name none (`inline`, `eval`, a path that led elsewhere). */
const absolute = (url: string): string =>
  /^[a-z][a-z\d+.-]*:/i.test(url) && URL.canParse(url) ? new URL(url).href : `about:invalid#${encodeURIComponent(url)}`;

/** All requests are of one page: viewers that group by page want one, and times that are not known are -1. */
const PAGE = 'ledger';

const query = (url: string): readonly NameValue[] =>
  URL.canParse(url) ? [...new URL(url).searchParams].map(([name, value]) => ({ name, value })) : [];

const entryOf = async (request: LedgerRequest, bodyOf: BodyOf): Promise<HarEntry> => {
  const { at, method, url, headers = {}, bytesOut, bytesIn, status, problem, tookMs = 0, purpose } = request;
  const body = bytesOut > 0 ? await bodyOf(request) : null;
  const mimeType = headers['Content-Type'] ?? 'application/octet-stream';
  const told = request.answered ? problem : 'The page was closed before an answer was written down.';
  return {
    pageref: PAGE,
    startedDateTime: new Date(at).toISOString(),
    time: tookMs,
    request: {
      ...{ method, url: absolute(url), httpVersion: 'HTTP/1.1', cookies: [], headers: pairs(headers) },
      ...{ queryString: query(url), headersSize: -1, bodySize: bytesOut },
      ...(body !== null && { postData: postData(body, mimeType) }),
    },
    response: {
      ...{ status: status ?? 0, statusText: '', httpVersion: 'HTTP/1.1', cookies: [], headers: [] },
      content: { size: bytesIn, mimeType: 'x-unknown' },
      ...{ redirectURL: '', headersSize: -1, bodySize: bytesIn },
    },
    cache: {},
    timings: { send: 0, wait: tookMs, receive: 0 },
    comment: told === null ? purpose : `${purpose}. ${told}`,
    _ledger: { line: request.seq, bodySha256: request.bodySha256 },
  };
};

/** All requests of the ledger, blocked attempts included (status 0); the line that a clearing leaves is no request. */
export const toHar = async (requests: readonly LedgerRequest[], version: string, bodyOf: BodyOf): Promise<Har> => {
  const entries: HarEntry[] = [];
  for (const request of requests) if (request.kind !== 'cleared') entries.push(await entryOf(request, bodyOf));
  const startedDateTime = entries[0]?.startedDateTime ?? new Date(0).toISOString();
  return {
    log: {
      version: '1.2',
      creator: { name: 'Porchlight', version },
      pages: [
        {
          startedDateTime,
          id: PAGE,
          title: 'Porchlight: network ledger',
          pageTimings: { onContentLoad: -1, onLoad: -1 },
        },
      ],
      entries,
      comment: 'Written by the page itself; header sizes are the browser’s own and not known to it.',
    },
  };
};
