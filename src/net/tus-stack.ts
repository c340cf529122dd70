/** Lets tus-js-client speak through the one door: its requests become `Net` requests with Uint8Array bodies, written to the ledger. */
import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import type { Net, NetFailure, NetRequest } from '../contracts/net.ts';

/** The origin that upload addresses carry inside tus-js-client, which wants whole URLs; it never reaches the network. */
const INNER_ORIGIN = 'https://hub.invalid';

/** A path as tus-js-client is told it. */
export const innerUrl = (path: string): string => `${INNER_ORIGIN}${path}`;

/** The path to ask the door for. An address the hub gave on any other origin stays whole, and the door refuses it. */
export const outerPath = (url: string): string =>
  url.startsWith(`${INNER_ORIGIN}/`) ? url.slice(INNER_ORIGIN.length) : url;

/** How the last request ended, for clear messages: tus-js-client's own errors name neither the hub's words nor the cause. */
export interface LastProblem {
  readonly reason: NetFailure | 'bad-answer';
  readonly status: number | null;
  readonly detail: string;
}

export interface TusStack {
  readonly stack: HttpStack;
  lastProblem(): LastProblem | null;
}

const PURPOSES: Readonly<Record<string, string>> = {
  POST: 'announce the sealed package',
  HEAD: 'ask how much of the package has arrived',
  PATCH: 'send a part of the sealed package',
};

const METHODS: Readonly<Record<string, NetRequest['method']>> = { POST: 'POST', HEAD: 'HEAD', PATCH: 'PATCH' };

const responseOf = (status: number, headers: Headers | null): HttpResponse => ({
  getStatus: () => status,
  getHeader: (name) => headers?.get(name) ?? undefined,
  getBody: () => '',
  getUnderlyingObject: () => null,
});

/** The part was taken whole: an offset that does not move would make tus-js-client send the same part for ever. */
const tookWhole = (sent: Readonly<Record<string, string>>, body: Uint8Array, headers: Headers): boolean =>
  Number(headers.get('Upload-Offset')) === Number(sent['Upload-Offset']) + body.length;

export const createTusStack = (net: Net): TusStack => {
  let problem: LastProblem | null = null;

  const createRequest = (method: string, url: string): HttpRequest => {
    const headers: Record<string, string> = {};
    const stop = new AbortController();
    let progress: (bytesSent: number) => void = () => undefined;
    const send = async (body: Uint8Array<ArrayBuffer> | null | undefined): Promise<HttpResponse> => {
      const known = METHODS[method];
      if (known === undefined) throw new Error(`tus-js-client asked for ${method}, which is never sent`);
      const request = {
        purpose: PURPOSES[method] ?? method,
        method: known,
        path: outerPath(url),
        headers,
        signal: stop.signal,
      };
      const result = await net.send({ ...request, ...(body ? { body } : {}) });
      if (!result.ok) {
        problem = { reason: result.reason, status: result.status, detail: result.detail };
        if (result.status === null) throw new Error(result.detail);
        return responseOf(result.status, null);
      }
      if (body && !tookWhole(headers, body, result.headers)) {
        problem = {
          reason: 'bad-answer',
          status: result.status,
          detail: 'The hub does not say that it took the part it was sent.',
        };
        throw new Error(problem.detail);
      }
      problem = null;
      progress(body?.length ?? 0);
      return responseOf(result.status, result.headers);
    };
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader: (name, value) => void (headers[name] = value),
      getHeader: (name) => headers[name],
      setProgressHandler: (handler) => void (progress = handler),
      send,
      abort: () => {
        stop.abort();
        return Promise.resolve();
      },
      getUnderlyingObject: () => null,
    };
  };

  return { stack: { createRequest, getName: () => 'porchlight' }, lastProblem: () => problem };
};
