/** The numbered migrations that make and change the hub's tables. Released ones are never edited: a change is a new one at the end. */
import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const documentsAndPackages: Migration = {
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
};

/**
 * One chain for each agency, of requests and its own closing notes; comments; who a package is for and what they said of it;
 * uploads as rows; a revision that moves with every change, so that hubs on one database know when to build the feed anew.
 */
const chainsCommentsInbox: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('chain')
      .addColumn('agency', 'text', (column) => column.notNull())
      .addColumn('seq', 'integer', (column) => column.notNull())
      .addColumn('text_sha256', 'text', (column) => column.notNull())
      .addColumn('request_id', 'text', (column) => column.notNull().references('requests.id').onDelete('cascade'))
      .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('request', 'status')`))
      .addPrimaryKeyConstraint('chain_place', ['agency', 'seq'])
      .execute();
    await sql`insert into chain (agency, seq, text_sha256, request_id, kind)
      select agency, seq, text_sha256, id, 'request' from requests`.execute(db);

    await db.schema
      .createTable('comments')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('request_id', 'text', (column) => column.notNull().references('requests.id').onDelete('cascade'))
      .addColumn('verifier_key', 'text', (column) => column.notNull())
      .addColumn('note', 'text')
      .addColumn('received_at', 'timestamptz', (column) => column.notNull())
      .addColumn('removal', 'text')
      .execute();
    await db.schema.createIndex('comments_request').on('comments').columns(['request_id', 'received_at']).execute();

    await db.schema.alterTable('packages').addColumn('agency', 'text').execute();
    await db.schema.alterTable('packages').addColumn('decision', 'text').execute();
    await db.schema.alterTable('packages').addColumn('decision_reason', 'text').execute();
    await db.schema.alterTable('packages').addColumn('decided_at', 'timestamptz').execute();
    await sql`update packages set agency = requests.agency from requests
      where requests.id = packages.request_id`.execute(db);
    await db.schema.createIndex('packages_inbox').on('packages').columns(['agency', 'received_at', 'id']).execute();

    await db.schema
      .createTable('uploads')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('request_id', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('arrived', 'bigint', (column) => column.notNull().defaultTo(0))
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('uploads_created').on('uploads').column('created_at').execute();

    await db.schema
      .createTable('revision')
      .addColumn('single', 'boolean', (column) => column.primaryKey().check(sql`single`))
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('changed_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await sql`insert into revision (single, number, changed_at)
      select true, 1, coalesce(greatest(
        (select max(published_at) from requests), (select max(received_at) from statuses)), to_timestamp(0))`.execute(
      db,
    );
  },
};

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-documents-and-packages': documentsAndPackages,
  '0002-chains-comments-inbox': chainsCommentsInbox,
};
