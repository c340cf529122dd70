/** The hub's tables, on PGlite inside the process or on a PostgreSQL server: the same queries on both. */
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, type ColumnType, type Dialect, type Generated } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Pool } from 'pg';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { MIGRATIONS } from './migrations.ts';

/** PostgreSQL's bigint, which drivers read as number, string or bigint. */
type Big = ColumnType<number | string | bigint, number, number>;

export interface HubTables {
  requests: {
    id: string;
    agency: string;
    seq: number;
    text_sha256: string;
    state: 'pending' | 'published' | 'rejected';
    /** The whole note; after approval with the reviewer's signature. */
    note: string;
    expires_at: Date;
    received_at: Date;
    published_at: Date | null;
  };
  /** At most one closing note per request. */
  statuses: { request_id: string; note: string; received_at: Date };
  /** Each agency's entries in their order: its requests and its own closing notes. */
  chain: { agency: string; seq: number; text_sha256: string; request_id: string; kind: 'request' | 'status' };
  /** Notes that the feed carries unchecked, so that a demo can show what pages refuse. Empty in a real town. */
  exhibits: { id: Generated<number>; note: string };
  /** Once removed, the removal note is there and the comment's is not. */
  comments: {
    id: string;
    request_id: string;
    verifier_key: string;
    note: string | null;
    received_at: Date;
    removal: string | null;
  };
  packages: {
    id: string;
    request_id: string;
    bytes: Big;
    sha256: string;
    received_at: Date;
    receipt: string;
    agency: string | null;
    decision: 'accepted' | 'declined' | null;
    decision_reason: string | null;
    decided_at: Date | null;
  };
  /** Unfinished uploads. `arrived` is kept by stores whose bytes cannot say it themselves. */
  uploads: { id: string; request_id: string; sha256: string; bytes: Big; arrived: Big; created_at: Date };
  revision: { single: boolean; number: Big; changed_at: Date };
}

export type HubDatabase = Kysely<HubTables>;

const pooled = (url: string): Dialect => {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    application_name: 'porchlight',
  });
  // A server that restarts ends idle connections, and those in use: their queries reject, and the next opens new ones. Without
  // a listener of its own for each client a lost connection would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
};

const unusable = (where: string, error: unknown) =>
  failure('data-unusable', `${where} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);

const open = async (where: string, dialect: () => Promise<Dialect>): Promise<Result<HubDatabase, 'data-unusable'>> => {
  try {
    const db = new Kysely<HubTables>({ dialect: await dialect() });
    const { error } = await new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } }).migrateToLatest();
    if (error === undefined) return ok(db);
    await db.destroy();
    return unusable(where, error);
  } catch (error) {
    return unusable(where, error);
  }
};

/** Opens (or makes) the database in a folder and brings its tables up to date. One process at a time. */
export const openEmbeddedDatabase = (folder: string): Promise<Result<HubDatabase, 'data-unusable'>> =>
  open(`The database in ${folder}`, async () => new PGliteDialect({ pglite: await PGlite.create(folder) }));

/** Connects to a PostgreSQL server and brings the tables up to date; any number of hubs may share it. */
export const connectDatabase = (url: string): Promise<Result<HubDatabase, 'data-unusable'>> =>
  // The address may hold a password: it is not repeated.
  open('The PostgreSQL database of DATABASE_URL', async () => pooled(url));
