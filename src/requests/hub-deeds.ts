/** The ways in which a role talks to the hub: documents that are posted, and requests that are signed themselves (RFC 9421). */
import type { Net, NetRequest, NetResponse, NetResult } from '../contracts/net.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { DeedFailure } from '../contracts/roles-api.ts';
import type { EpochMs } from '../contracts/units.ts';
import { signRequest, splitPath } from '../core/http-signature.ts';
import type { NoteSigner } from '../core/signed-note.ts';

export interface HubDeeds {
  /** Posts a signed note. */
  post(path: string, note: string, purpose: string): Promise<Result<NetResponse, DeedFailure>>;
  /** Asks in the name of a key. */
  signed(request: NetRequest, signer: NoteSigner): Promise<Result<NetResponse, DeedFailure>>;
}

interface DeedParts {
  readonly net: Net;
  /** Host and port as the browser sends them in the Host header: `location.host`. */
  readonly authority: string;
  readonly now: () => EpochMs;
  /** False while requests are switched off: then nothing is asked of the hub at all. */
  requestsOn(): boolean;
}

export const REQUESTS_OFF = failure<DeedFailure>(
  'requests-off',
  'Requests are switched off on this device, so the hub is not asked for anything.',
);

/** A network failure in the words of a deed. */
export const deedResult = (result: NetResult): Result<NetResponse, DeedFailure> => {
  if (result.ok) return ok(result);
  if (result.reason === 'aborted') return failure('cancelled', result.detail);
  if (result.reason === 'offline' || result.reason === 'unrecorded') return failure(result.reason, result.detail);
  if (result.status === 429) return failure('too-many-requests', result.detail);
  const refused = result.status !== null && result.status < 500;
  return failure(refused ? 'refused-by-hub' : 'hub-error', result.detail);
};

export const createHubDeeds = ({ net, authority, now, requestsOn }: DeedParts): HubDeeds => {
  const send = async (request: NetRequest): Promise<Result<NetResponse, DeedFailure>> =>
    requestsOn() ? deedResult(await net.send(request)) : REQUESTS_OFF;
  return {
    post: (path, note, purpose) =>
      send({
        method: 'POST',
        path,
        purpose,
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        body: new TextEncoder().encode(note),
      }),
    signed: async (request, signer) => {
      if (!requestsOn()) return REQUESTS_OFF;
      const { method, path, body } = request;
      const signable = { method, authority: authority.toLowerCase(), ...splitPath(path), body: body ?? null };
      const fields = await signRequest(signable, signer, now());
      return send({ ...request, headers: { ...request.headers, ...fields } });
    },
  };
};

/** The text of an answer, or `hub-error` when it is none. */
export const textOf = ({ body }: NetResponse): Result<string, DeedFailure> => {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return failure('hub-error', 'The hub’s answer is no text.');
  }
};
