/** The public record as the hub keeps it: requests, the notes that close them, and the demo's exhibits. Checks nothing: publishing.ts does. */
import type { EpochMs } from '../../src/contracts/units.ts';
import type { HubDatabase } from './database.ts';

export type RequestState = 'pending' | 'published' | 'rejected';

export interface StoredRequest {
  readonly id: string;
  readonly agency: string;
  readonly seq: number;
  readonly textSha256: string;
  readonly state: RequestState;
  readonly note: string;
  readonly expiresAt: EpochMs;
  /** The note that closed it, if any. */
  readonly statusNote: string | null;
}

export interface NewRequest {
  readonly id: string;
  readonly agency: string;
  readonly seq: number;
  readonly textSha256: string;
  readonly note: string;
  readonly expiresAt: EpochMs;
}

export interface DocumentStore {
  request(id: string): Promise<StoredRequest | null>;
  /** All of one agency's requests in their order. */
  requestsOf(agency: string): Promise<readonly StoredRequest[]>;
  /** False when the id or the place in the agency's chain is taken. */
  addRequest(request: NewRequest, state: 'pending' | 'published', at: EpochMs): Promise<boolean>;
  /** Pending → published, with the reviewer's signature. False when it was not pending. */
  publish(id: string, note: string, at: EpochMs): Promise<boolean>;
  /** Keeps the closing note and, for a pending request, marks it rejected. False when the request is closed already. */
  close(id: string, statusNote: string, at: EpochMs): Promise<boolean>;
  /** Published requests that expire after `since`, with the notes that closed them. */
  published(since: EpochMs): Promise<readonly StoredRequest[]>;
  exhibits(): Promise<readonly string[]>;
  /** For demonstrations only: the feed will carry this note although nothing about it was checked. */
  addExhibit(note: string): Promise<void>;
  /** When the newest document came in; 0 when there is none. */
  changedAt(): Promise<EpochMs>;
  /** For demonstrations only: forgets every document; packages and receipts stay. */
  clear(): Promise<void>;
}

/** A store over the hub's database. */
export const createDocumentStore = (db: HubDatabase): DocumentStore => {
  const rows = () =>
    db
      .selectFrom('requests')
      .leftJoin('statuses', 'statuses.request_id', 'requests.id')
      .select([
        'requests.id',
        'requests.agency',
        'requests.seq',
        'requests.text_sha256',
        'requests.state',
        'requests.note',
        'requests.expires_at',
        'statuses.note as status_note',
      ]);
  type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number];
  const stored = (row: Row): StoredRequest => ({
    id: row.id,
    agency: row.agency,
    seq: row.seq,
    textSha256: row.text_sha256,
    state: row.state,
    note: row.note,
    expiresAt: row.expires_at.getTime(),
    statusNote: row.status_note,
  });

  return {
    request: async (id) => {
      const row = await rows().where('requests.id', '=', id).executeTakeFirst();
      return row === undefined ? null : stored(row);
    },
    requestsOf: async (agency) =>
      (await rows().where('requests.agency', '=', agency).orderBy('requests.seq').execute()).map(stored),
    addRequest: async (request, state, at) => {
      const result = await db
        .insertInto('requests')
        .values({
          id: request.id,
          agency: request.agency,
          seq: request.seq,
          text_sha256: request.textSha256,
          state,
          note: request.note,
          expires_at: new Date(request.expiresAt),
          received_at: new Date(at),
          published_at: state === 'published' ? new Date(at) : null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n;
    },
    publish: async (id, note, at) => {
      const result = await db
        .updateTable('requests')
        .set({ state: 'published', note, published_at: new Date(at) })
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
    close: (id, statusNote, at) =>
      db.transaction().execute(async (transaction) => {
        const result = await transaction
          .insertInto('statuses')
          .values({ request_id: id, note: statusNote, received_at: new Date(at) })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (result.numInsertedOrUpdatedRows !== 1n) return false;
        await transaction
          .updateTable('requests')
          .set({ state: 'rejected' })
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .execute();
        return true;
      }),
    published: async (since) =>
      (
        await rows()
          .where('requests.state', '=', 'published')
          .where('requests.expires_at', '>', new Date(since))
          .orderBy('requests.published_at')
          .orderBy('requests.id')
          .execute()
      ).map(stored),
    exhibits: async () =>
      (await db.selectFrom('exhibits').select('note').orderBy('id').execute()).map(({ note }) => note),
    addExhibit: async (note) => {
      await db.insertInto('exhibits').values({ note }).execute();
    },
    changedAt: async () => {
      const newest = await db
        .selectFrom('requests')
        .leftJoin('statuses', 'statuses.request_id', 'requests.id')
        .select(({ fn }) => [
          fn.max('requests.published_at').as('published'),
          fn.max('statuses.received_at').as('closed'),
        ])
        .executeTakeFirst();
      return Math.max(newest?.published?.getTime() ?? 0, newest?.closed?.getTime() ?? 0);
    },
    clear: async () => {
      await db.deleteFrom('requests').execute();
      await db.deleteFrom('exhibits').execute();
    },
  };
};
