/** The hub's tables and the migrations that make them. PGlite here; the same queries run on PostgreSQL. */
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql, type ColumnType, type Generated } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { failure, ok, type Result } from '../../src/contracts/result.ts';

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
  /** Notes that the feed carries unchecked, so that a demo can show what pages refuse. Empty in a real town. */
  exhibits: { id: Generated<number>; note: string };
  packages: { id: string; request_id: string; bytes: Big; sha256: string; received_at: Date; receipt: string };
}

export type HubDatabase = Kysely<HubTables>;

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-documents-and-packages': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('requests')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('agency', 'text', (column) => column.notNull())
        .addColumn('seq', 'integer', (column) => column.notNull())
        .addColumn('text_sha256', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) =>
          column.notNull().check(sql`state in ('pending', 'published', 'rejected')`),
        )
        .addColumn('note', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
        .addColumn('received_at', 'timestamptz', (column) => column.notNull())
        .addColumn('published_at', 'timestamptz')
        .addUniqueConstraint('requests_chain', ['agency', 'seq'])
        .execute();
      await db.schema.createIndex('requests_published').on('requests').columns(['state', 'expires_at']).execute();
      await db.schema
        .createTable('statuses')
        .addColumn('request_id', 'text', (column) => column.primaryKey().references('requests.id').onDelete('cascade'))
        .addColumn('note', 'text', (column) => column.notNull())
        .addColumn('received_at', 'timestamptz', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('exhibits')
        .addColumn('id', 'serial', (column) => column.primaryKey())
        .addColumn('note', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('packages')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('request_id', 'text', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('sha256', 'text', (column) => column.notNull())
        .addColumn('received_at', 'timestamptz', (column) => column.notNull())
        .addColumn('receipt', 'text', (column) => column.notNull())
        .execute();
    },
  },
};

/** Opens (or makes) the database in a folder and brings its tables up to date. */
export const openDatabase = async (folder: string): Promise<Result<HubDatabase, 'data-unusable'>> => {
  const unusable = (error: unknown) =>
    failure(
      'data-unusable',
      `The database in ${folder} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    );
  try {
    const db = new Kysely<HubTables>({ dialect: new PGliteDialect({ pglite: await PGlite.create(folder) }) });
    const { error } = await new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } }).migrateToLatest();
    if (error === undefined) return ok(db);
    await db.destroy();
    return unusable(error);
  } catch (error) {
    return unusable(error);
  }
};
