/** The public record as the hub keeps it: requests, the notes that close them, each agency's chain, the demo's exhibits. Checks nothing: publishing.ts does. */
import { sql, type Transaction } from 'kysely';
import type { EpochMs } from '../../src/contracts/units.ts';
import type { HubDatabase, HubTables } from './database.ts';

/** As contracts' `FootageRequestSchema` has them. */
const REQUEST_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

export type RequestState = 'pending' | 'published' | 'rejected';

export interface StoredRequest {
  readonly id: string;
  readonly agency: string;
  readonly seq: number;
  readonly textSha256: string;
  readonly state: RequestState;
  readonly note: string;
  readonly receivedAt: EpochMs;
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

/** A place in an agency's chain. */
export interface ChainPlace {
  readonly agency: string;
  readonly seq: number;
  readonly textSha256: string;
}

export interface ChainEntry extends ChainPlace {
  readonly kind: 'request' | 'status';
  readonly requestId: string;
}

export interface DocumentStore {
  request(id: string): Promise<StoredRequest | null>;
  /** All of one agency's requests in their order. */
  requestsOf(agency: string): Promise<readonly StoredRequest[]>;
  /** All requests that wait for a review, oldest first. */
  pending(): Promise<readonly StoredRequest[]>;
  /** One agency's chain in its order. */
  chainOf(agency: string): Promise<readonly ChainEntry[]>;
  head(agency: string): Promise<ChainPlace | null>;
  /** False when the id or the place in the agency's chain is taken. */
  addRequest(request: NewRequest, state: 'pending' | 'published', at: EpochMs): Promise<boolean>;
  /** Pending → published, with the reviewer's signature. False when it was not pending. */
  publish(id: string, note: string, at: EpochMs): Promise<boolean>;
  /**
   * Keeps the closing note, in the agency's chain when it has a place there, and marks a pending request rejected. False
   * when the request is closed already or the place is taken.
   */
  close(id: string, statusNote: string, place: ChainPlace | null, at: EpochMs): Promise<boolean>;
  /** Published requests that neither expired nor were closed before `since`, with the notes that closed them. */
  published(since: EpochMs): Promise<readonly StoredRequest[]>;
  exhibits(): Promise<readonly string[]>;
  /** For demonstrations only: the feed will carry this note although nothing about it was checked. */
  addExhibit(note: string): Promise<void>;
  /** Moves with every change of what anyone may read, comments included. */
  revision(): Promise<{ readonly number: number; readonly changedAt: EpochMs }>;
  /** For demonstrations only: forgets every document; packages and receipts stay. */
  clear(): Promise<void>;
}

/** Says within a transaction that the public record changes with it. */
export const touchRevision = (transaction: Transaction<HubTables>, at: EpochMs): Promise<unknown> =>
  transaction
    .updateTable('revision')
    .set({ number: sql<number>`number + 1`, changed_at: new Date(at) })
    .execute();

/** Ends a transaction without an error that anybody else would make. */
class Undo extends Error {}

export type Change = (work: (transaction: Transaction<HubTables>) => Promise<boolean>) => Promise<boolean>;

/** Runs each piece of work in a transaction; false from it undoes everything. `onChange` is called after what was done. */
export const createChanger =
  (db: HubDatabase, onChange: () => void): Change =>
  async (work) => {
    try {
      await db.transaction().execute(async (transaction) => {
        if (!(await work(transaction))) throw new Undo();
      });
    } catch (error) {
      if (error instanceof Undo) return false;
      throw error;
    }
    onChange();
    return true;
  };

const takePlace = async (
  transaction: Transaction<HubTables>,
  { agency, seq, textSha256 }: ChainPlace,
  kind: ChainEntry['kind'],
  requestId: string,
): Promise<boolean> => {
  const result = await transaction
    .insertInto('chain')
    .values({ agency, seq, text_sha256: textSha256, kind, request_id: requestId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
};

/** A store over the hub's database. */
export const createDocumentStore = (db: HubDatabase, onChange: () => void = () => undefined): DocumentStore => {
  const change = createChanger(db, onChange);
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
        'requests.received_at',
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
    receivedAt: row.received_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    statusNote: row.status_note,
  });
  const chain = (agency: string) => db.selectFrom('chain').selectAll().where('agency', '=', agency);

  return {
    request: async (id) => {
      // PostgreSQL takes no NUL in a text: what cannot be an id is not asked for.
      if (!REQUEST_ID.test(id)) return null;
      const row = await rows().where('requests.id', '=', id).executeTakeFirst();
      return row === undefined ? null : stored(row);
    },
    requestsOf: async (agency) =>
      (await rows().where('requests.agency', '=', agency).orderBy('requests.seq').execute()).map(stored),
    pending: async () =>
      (
        await rows()
          .where('requests.state', '=', 'pending')
          .orderBy('requests.received_at')
          .orderBy('requests.id')
          .execute()
      ).map(stored),
    chainOf: async (agency) =>
      (await chain(agency).orderBy('seq').execute()).map((row) => ({
        agency,
        seq: row.seq,
        textSha256: row.text_sha256,
        kind: row.kind,
        requestId: row.request_id,
      })),
    head: async (agency) => {
      const row = await chain(agency).orderBy('seq', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? null : { agency, seq: row.seq, textSha256: row.text_sha256 };
    },
    addRequest: (request, state, at) =>
      change(async (transaction) => {
        const result = await transaction
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
        if (result.numInsertedOrUpdatedRows !== 1n) return false;
        if (!(await takePlace(transaction, request, 'request', request.id))) return false;
        await touchRevision(transaction, at);
        return true;
      }),
    publish: (id, note, at) =>
      change(async (transaction) => {
        const result = await transaction
          .updateTable('requests')
          .set({ state: 'published', note, published_at: new Date(at) })
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .executeTakeFirst();
        if (result.numUpdatedRows !== 1n) return false;
        await touchRevision(transaction, at);
        return true;
      }),
    close: (id, statusNote, place, at) =>
      change(async (transaction) => {
        const result = await transaction
          .insertInto('statuses')
          .values({ request_id: id, note: statusNote, received_at: new Date(at) })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (result.numInsertedOrUpdatedRows !== 1n) return false;
        if (place !== null && !(await takePlace(transaction, place, 'status', id))) return false;
        await transaction
          .updateTable('requests')
          .set({ state: 'rejected' })
          .where('id', '=', id)
          .where('state', '=', 'pending')
          .execute();
        await touchRevision(transaction, at);
        return true;
      }),
    published: async (since) =>
      (
        await rows()
          .where('requests.state', '=', 'published')
          .where('requests.expires_at', '>', new Date(since))
          .where((where) =>
            where.or([where('statuses.received_at', 'is', null), where('statuses.received_at', '>', new Date(since))]),
          )
          .orderBy('requests.published_at')
          .orderBy('requests.id')
          .execute()
      ).map(stored),
    exhibits: async () =>
      (await db.selectFrom('exhibits').select('note').orderBy('id').execute()).map(({ note }) => note),
    addExhibit: async (note) => {
      await change(async (transaction) => {
        await transaction.insertInto('exhibits').values({ note }).execute();
        await transaction
          .updateTable('revision')
          .set({ number: sql<number>`number + 1` })
          .execute();
        return true;
      });
    },
    revision: async () => {
      const row = await db.selectFrom('revision').select(['number', 'changed_at']).executeTakeFirstOrThrow();
      return { number: Number(row.number), changedAt: row.changed_at.getTime() };
    },
    clear: async () => {
      await change(async (transaction) => {
        await transaction.deleteFrom('requests').execute();
        await transaction.deleteFrom('exhibits').execute();
        await transaction
          .updateTable('revision')
          .set({ number: sql<number>`number + 1` })
          .execute();
        return true;
      });
    },
  };
};
