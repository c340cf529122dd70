/** Comments as the hub keeps them. Checks nothing: commenting.ts does. */
import type { EpochMs, Sha256Hex } from '../../src/contracts/units.ts';
import type { HubDatabase } from './database.ts';
import { createChanger, touchRevision } from './documents.ts';

export interface StoredComment {
  readonly id: Sha256Hex;
  readonly requestId: string;
  readonly verifierKey: string;
  /** Null once removed: the hub forgets the words. */
  readonly note: string | null;
  readonly removal: string | null;
}

export interface CommentStore {
  comment(id: Sha256Hex): Promise<StoredComment | null>;
  /** All comments on these requests, oldest first. */
  commentsOn(requests: readonly string[]): Promise<readonly StoredComment[]>;
  /** How many of a request's comments still stand. */
  count(request: string): Promise<number>;
  /** False when the very same comment is there already. */
  add(comment: Omit<StoredComment, 'removal'> & { readonly note: string }, at: EpochMs): Promise<boolean>;
  /** Puts the removal in the comment's place. False when it was removed before. */
  remove(id: Sha256Hex, removal: string, at: EpochMs): Promise<boolean>;
}

export const createCommentStore = (db: HubDatabase, onChange: () => void = () => undefined): CommentStore => {
  const change = createChanger(db, onChange);
  const rows = () => db.selectFrom('comments').select(['id', 'request_id', 'verifier_key', 'note', 'removal']);
  type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number];
  const stored = (row: Row): StoredComment => ({
    id: row.id,
    requestId: row.request_id,
    verifierKey: row.verifier_key,
    note: row.note,
    removal: row.removal,
  });
  return {
    comment: async (id) => {
      const row = await rows().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : stored(row);
    },
    commentsOn: async (requests) => {
      if (requests.length === 0) return [];
      const found = await rows()
        .where('request_id', 'in', [...requests])
        .orderBy('received_at')
        .orderBy('id')
        .execute();
      return found.map(stored);
    },
    count: async (request) => {
      const row = await db
        .selectFrom('comments')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('request_id', '=', request)
        .where('removal', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    add: (comment, at) =>
      change(async (transaction) => {
        const result = await transaction
          .insertInto('comments')
          .values({
            id: comment.id,
            request_id: comment.requestId,
            verifier_key: comment.verifierKey,
            note: comment.note,
            received_at: new Date(at),
            removal: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (result.numInsertedOrUpdatedRows !== 1n) return false;
        await touchRevision(transaction, at);
        return true;
      }),
    remove: (id, removal, at) =>
      change(async (transaction) => {
        const result = await transaction
          .updateTable('comments')
          .set({ note: null, removal })
          .where('id', '=', id)
          .where('removal', 'is', null)
          .executeTakeFirst();
        if (result.numUpdatedRows !== 1n) return false;
        await touchRevision(transaction, at);
        return true;
      }),
  };
};
