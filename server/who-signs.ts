/** Who asks: requests for the inbox and the review queue carry a signature (RFC 9421) by a key of the directory that is good now. */
import type { Context } from 'hono';
import type { Agency, Reviewer } from '../src/contracts/request.ts';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import type { EpochMs } from '../src/contracts/units.ts';
import { verifyRequest, type SignableRequest, type SignatureRefusal } from '../src/core/http-signature.ts';
import { keysGoodNow, type TermedKey, type TrustedDirectory } from '../src/core/trusted-directory.ts';
import type { HubEnv } from './env.ts';
import { problemResponse } from './problems.ts';

export interface WhoSigns {
  agency(context: Context<HubEnv>, body?: Uint8Array<ArrayBuffer>): Promise<Result<Agency, Refusal>>;
  reviewer(context: Context<HubEnv>): Promise<Result<Reviewer, Refusal>>;
}

type Refusal = SignatureRefusal | 'agency-suspended';

/** 401 as RFC 9110 wants it: with a challenge, here the one of RFC 9421 §5. */
export const refusalResponse = (reason: Refusal, detail: string): Response =>
  problemResponse(
    reason === 'agency-suspended'
      ? { status: 403, reason, title: 'This agency is suspended', detail }
      : {
          status: 401,
          reason: `signature-${reason}`,
          title: 'The signature of this request does not let anyone in',
          detail,
        },
    {
      'Accept-Signature':
        'porchlight=("@method" "@authority" "@path" "@query");created;expires;keyid;alg="ed25519";tag="porchlight-v1"',
    },
  );

const signable = (context: Context<HubEnv>, body: Uint8Array<ArrayBuffer> | null): SignableRequest => {
  const url = new URL(context.req.url);
  return {
    method: context.req.method,
    authority: (context.req.header('Host') ?? url.host).toLowerCase(),
    path: url.pathname,
    query: url.search === '' ? '?' : url.search,
    body,
  };
};

export const createWhoSigns = (trusted: TrustedDirectory, now: () => EpochMs): WhoSigns => {
  const ask = (context: Context<HubEnv>, body: Uint8Array<ArrayBuffer> | null, keys: readonly TermedKey[]) =>
    verifyRequest(
      signable(context, body),
      {
        signatureInput: context.req.header('Signature-Input') ?? null,
        signature: context.req.header('Signature') ?? null,
        contentDigest: context.req.header('Content-Digest') ?? null,
      },
      keysGoodNow(keys, now()),
      now(),
    );
  const agencies = [...trusted.agencies.values()];
  return {
    agency: async (context, body) => {
      const key = await ask(
        context,
        body ?? null,
        agencies.flatMap(({ keys }) => keys),
      );
      if (!key.ok) return key;
      const holder = agencies.find(({ keys }) => keys.includes(key.value));
      if (holder === undefined) return failure('wrong-key', 'No agency holds this key.');
      return holder.agency.status === 'active'
        ? ok(holder.agency)
        : failure('agency-suspended', `The directory lists ${holder.agency.name} as suspended.`);
    },
    reviewer: async (context) => {
      const key = await ask(
        context,
        null,
        trusted.reviewers.flatMap(({ keys }) => keys),
      );
      if (!key.ok) return key;
      const holder = trusted.reviewers.find(({ keys }) => keys.includes(key.value));
      return holder === undefined ? failure('wrong-key', 'No reviewer holds this key.') : ok(holder.reviewer);
    },
  };
};
