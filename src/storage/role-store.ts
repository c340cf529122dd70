/** Keys of agencies and reviewers, this device's comment keys, agencies' histories as last seen, what an agency wrote here. */
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

  requestForm: (agency) => connection.read(async (db) => (await db.get('requestForms', agency))?.form ?? null),
  putRequestForm: (agency, form) =>
    connection.write(['requestForms'], async (tx) => {
      const forms = tx.objectStore('requestForms');
      await (form === null ? forms.delete(agency) : forms.put({ agency, form }));
    }),
  postedRequests: (agency) =>
    connection.read(async (db) => (await db.getAll('postedRequests')).filter((request) => request.agency === agency)),
  putPostedRequest: (request) =>
    connection.write(['postedRequests'], (tx) => tx.objectStore('postedRequests').put(request)),
});
