/** Counts requests per client and kind of route in windows of one minute, in memory only; addresses are never written down. */
import type { MiddlewareHandler } from 'hono';
import type { EpochMs } from '../src/contracts/units.ts';
import { RATE_WINDOW_MS, type RateLimits } from './options.ts';
import { problemResponse } from './problems.ts';
import type { HubEnv } from './env.ts';

/** More clients than this in one minute share a fresh start: memory stays bounded. */
const MAX_CLIENTS = 50_000;

/** Middleware factory: `limit('publish')` refuses with 429 and Retry-After once a client has used its share of the minute. */
export const createRateLimiter = (limits: RateLimits, now: () => EpochMs) => {
  let windowStart = 0;
  const counts = new Map<string, number>();
  return (kind: keyof RateLimits): MiddlewareHandler<HubEnv> =>
    async (context, next) => {
      const time = now();
      if (time - windowStart >= RATE_WINDOW_MS || counts.size >= MAX_CLIENTS) {
        counts.clear();
        windowStart = time;
      }
      const client = `${kind} ${context.env.incoming?.socket.remoteAddress ?? 'local'}`;
      const count = (counts.get(client) ?? 0) + 1;
      counts.set(client, count);
      if (count <= limits[kind]) return next();
      const seconds = Math.max(1, Math.ceil((windowStart + RATE_WINDOW_MS - time) / 1000));
      return problemResponse(
        {
          status: 429,
          reason: 'too-many-requests',
          title: 'Too many requests',
          detail: `Try again in ${seconds} seconds.`,
        },
        { 'Retry-After': String(seconds) },
      );
    };
};

export type RateLimiter = ReturnType<typeof createRateLimiter>;
