/** Share and ledger stores for tests in Node, which has no IndexedDB: values are cloned in and out, as a database does. */
import { writable } from '../../src/contracts/observable.ts';
import { ok } from '../../src/contracts/result.ts';
import type { LedgerEntry, ShareRecord } from '../../src/contracts/share.ts';
import type { LedgerStore, ShareStore } from '../../src/contracts/storage.ts';

export const memoryShares = (): ShareStore => {
  const records = new Map<string, ShareRecord>();
  const packages = new Map<string, Blob>();
  return {
    all: () => Promise.resolve([...records.values()].map((record) => structuredClone(record))),
    get: (id) => Promise.resolve(structuredClone(records.get(id) ?? null)),
    add: (record, bytes) => {
      records.set(record.id, structuredClone(record));
      packages.set(record.id, bytes);
      return Promise.resolve(ok(undefined));
    },
    put: (record) => {
      records.set(record.id, structuredClone(record));
      return Promise.resolve(ok(undefined));
    },
    package: (id) => Promise.resolve(packages.get(id) ?? null),
    delete: (id) => {
      records.delete(id);
      packages.delete(id);
      return Promise.resolve(ok(undefined));
    },
  };
};

/** Only the lines written after each request: one per request. */
export const memoryLedger = (): LedgerStore & { readonly entries: LedgerEntry[] } => {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    begin: () => Promise.resolve(entries.length + 1),
    append: (entry) => {
      entries.push(structuredClone(entry));
      return Promise.resolve();
    },
    all: () => Promise.resolve(entries.map((entry, index) => ({ ...entry, seq: index + 1 }))),
    body: () => Promise.resolve(null),
    clear: () => Promise.resolve(ok(undefined)),
    changes: writable(0),
  };
};
