/** Errors as RFC 9457 problem documents: a reason for code, a sentence for people, nothing of the hub's insides. */

import type { Trouble } from './stores/trouble.ts';

export interface Problem {
  readonly status: number;
  /** Becomes `type: urn:porchlight:problem:REASON`. */
  readonly reason: string;
  readonly title: string;
  readonly detail?: string;
}

/** The response for a problem. `headers` are added as they are. */
export const problemResponse = (problem: Problem, headers: Readonly<Record<string, string>> = {}): Response => {
  const { status, reason, title, detail } = problem;
  const body = { type: `urn:porchlight:problem:${reason}`, title, status, ...(detail === undefined ? {} : { detail }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...headers },
  });
};

export const NOT_FOUND: Problem = { status: 404, reason: 'not-found', title: 'There is nothing here' };
export const INTERNAL: Problem = { status: 500, reason: 'internal', title: 'The hub failed to answer' };

/** 405 with the methods that are allowed. */
export const methodNotAllowed = (allow: string): Response =>
  problemResponse(
    { status: 405, reason: 'method-not-allowed', title: `Only ${allow} is possible here` },
    { Allow: allow },
  );

/** What a full or unreachable store is answered with: it passes, and nothing was acknowledged. */
export const troubleResponse = (trouble: Trouble): Response =>
  trouble === 'storage-full'
    ? problemResponse({ status: 507, reason: trouble, title: 'The hub has no room left; nothing of this was kept' })
    : problemResponse(
        { status: 503, reason: trouble, title: 'The hub cannot reach its storage just now; nothing of this was kept' },
        { 'Retry-After': '5' },
      );
