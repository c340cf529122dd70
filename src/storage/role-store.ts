/** Keys of agencies and reviewers, this device's comment keys, and the agencies' histories as last seen. */
import type { RoleStore } from '../contracts/storage.ts';
import type { Connection } from './connection.ts';

export const createRoleStore = (connection: Connection): RoleStore => ({
  keys: () => connection.read((db) => db.getAll('roleKeys')),
  putKeys: (keys) => connection.write(['roleKeys'], (tx) => tx.objectStore('roleKeys').put(keys)),
  deleteKeys: (id) => connection.write(['roleKeys'], (tx) => tx.objectStore('roleKeys').delete(id)),

  commentKeys: () => connection.read((db) => db.getAll('commentKeys')),
  putCommentKey: (key) => connection.write(['commentKeys'], (tx) => tx.objectStore('commentKeys').put(key)),

  seenHistory: (agency) => connection.read(async (db) => (await db.get('seenHistories', agency)) ?? null),
  putSeenHistory: (seen) => connection.write(['seenHistories'], (tx) => tx.objectStore('seenHistories').put(seen)),
});
