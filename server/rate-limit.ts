/** Counts requests per client and kind of route in windows of one minute, in memory only; addresses are never written down. */
import type { Context, MiddlewareHandler } from 'hono';
import type { EpochMs } from '../src/contracts/units.ts';
import { RATE_WINDOW_MS, type RateLimits } from './options.ts';
import { problemResponse } from './problems.ts';
import type { HubEnv } from './env.ts';

/** More clients than this in one minute share a fresh start: memory stays bounded. */
const MAX_CLIENTS = 50_000;

/** An IPv6 network gives every household a /64 of addresses: they count as one client (RFC 6177). */
export const clientOf = (address: string): string => {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [
    ...before,
    ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0'),
    ...after,
  ];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
};

/** The peer's address, or behind a trusted proxy the one that the proxy saw: the last it added. */
const addressOf = (context: Context<HubEnv>, trustProxy: boolean): string => {
  const forwarded = trustProxy ? context.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim() : undefined;
  return forwarded ?? context.env.incoming?.socket.remoteAddress ?? 'local';
};

/** Middleware factory: `limit('publish')` refuses with 429 and Retry-After once a client has used its share of the minute. */
export const createRateLimiter = (limits: RateLimits, now: () => EpochMs, trustProxy = false) => {
  let windowStart = 0;
  const counts = new Map<string, number>();
  return (kind: keyof RateLimits): MiddlewareHandler<HubEnv> =>
    async (context, next) => {
      const time = now();
      if (time - windowStart >= RATE_WINDOW_MS || counts.size >= MAX_CLIENTS) {
        counts.clear();
        windowStart = time;
      }
      const client = `${kind} ${clientOf(addressOf(context, trustProxy))}`;
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
