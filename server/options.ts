/** What a hub is started with, and the limits it keeps when nobody says otherwise. */
import type { EpochMs, Ms } from '../src/contracts/units.ts';
import type { FeedParts } from './feed.ts';
import type { S3Options } from './stores/s3.ts';

const MINUTE: Ms = 60_000;

/** Requests allowed per client and minute, by kind of route. */
export interface RateLimits {
  readonly read: number;
  readonly publish: number;
  readonly packageCreate: number;
  readonly packageWrite: number;
  /** Comments and their removals. */
  readonly comment: number;
  /** Signed requests for the inbox and the review queue. */
  readonly signed: number;
}

export const RATE_WINDOW_MS: Ms = MINUTE;
export const DEFAULT_RATE_LIMITS: RateLimits = {
  read: 600,
  publish: 120,
  packageCreate: 30,
  packageWrite: 1200,
  comment: 10,
  signed: 600,
};
/** The largest comment or removal note, in bytes. */
export const MAX_COMMENT_BYTES = 4_000;
/** Comments that may stand under one request. */
export const MAX_COMMENTS_PER_REQUEST = 200;
export const DEFAULT_MAX_PACKAGE_BYTES = 1024 ** 3;
/** An upload that is not complete after this long is deleted. */
export const DEFAULT_UNFINISHED_LIFETIME_MS: Ms = 24 * 60 * MINUTE;
/** The largest document that may be posted, in bytes: FeedSchema's bound for a request note. */
export const MAX_NOTE_BYTES = 200_000;

export interface HubOptions {
  /** Where everything is kept that is not kept elsewhere; made when absent. Without `databaseUrl` one process at a time. */
  readonly dataDir: string;
  /** A PostgreSQL server instead of the embedded database: `postgres://…`. Any number of hubs may share it. */
  readonly databaseUrl?: string | undefined;
  /** An S3-compatible store for packages instead of the data folder. */
  readonly s3?: S3Options | undefined;
  /** Behind a proxy: the client's address is the last one of X-Forwarded-For. Never without a proxy that sets it. */
  readonly trustProxy?: boolean;
  /** The built page. */
  readonly distDir: string;
  /** Served under `/demo/`. */
  readonly demoDir?: string | undefined;
  /** The signed directory note, and the verifier key that it must be signed by. */
  readonly directoryNote: string;
  readonly rootKey: string;
  /** The hub's signer key (`PRIVATE+KEY+…`); its public half is in the directory. It signs receipts. */
  readonly hubKey: string;
  readonly now?: () => EpochMs;
  readonly maxPackageBytes?: number;
  readonly unfinishedLifetimeMs?: Ms;
  readonly rateLimits?: Partial<RateLimits>;
  /** What the feed says that the hub takes, and how many open requests one file holds. */
  readonly feed?: Pick<FeedParts, 'accepts' | 'wholeLimit'>;
  /** For tests of a failing hub: a response returned here is sent instead of the real answer. */
  readonly onRequest?: (request: Request) => Response | null;
}
