/** Refuses writes that another site's page sends through a reader's browser. Tools that are no browser send neither header. */
import type { MiddlewareHandler } from 'hono';
import { problemResponse } from './problems.ts';

const originHost = (origin: string): string | null => {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
};

const comesFromElsewhere = (request: Request): boolean => {
  const site = request.headers.get('Sec-Fetch-Site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return true;
  const origin = request.headers.get('Origin');
  if (origin === null) return false;
  // Behind a proxy that ends TLS the scheme differs: the host is what counts.
  const host = request.headers.get('Host') ?? new URL(request.url).host;
  return originHost(origin) !== host;
};

/** For every method but GET and HEAD. */
export const sameOriginOnly: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  if (method !== 'GET' && method !== 'HEAD' && comesFromElsewhere(context.req.raw)) {
    return problemResponse({ status: 403, reason: 'cross-origin', title: 'Another site may not write to this hub' });
  }
  return next();
};
