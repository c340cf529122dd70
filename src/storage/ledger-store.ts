/** The egress ledger as it is kept: append-only, hash-chained, one chain for all tabs of this page. */
import type { LedgerLine } from '../contracts/ledger.ts';
import { writable } from '../contracts/observable.ts';
import type { LedgerEntry } from '../contracts/share.ts';
import type { LedgerStore } from '../contracts/storage.ts';
import { chainLine } from '../core/ledger-chain.ts';
import type { Connection } from './connection.ts';

/** Bodies up to this size are kept with their line; larger ones are sealed packages, which are kept anyway. */
export const KEPT_BODY_BYTES = 64 * 1024;
const CHANNEL = 'porchlight-ledger';

const asLines = (rows: readonly (LedgerEntry | LedgerLine)[], keys: readonly number[]): readonly LedgerLine[] =>
  rows.map((row, index) => ({ ...row, seq: keys[index] ?? 0 }));

export const createLedgerStore = (connection: Connection): LedgerStore => {
  const changes = writable(0);
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => changes.set(changes.get() + 1);
  const tell = (): void => {
    changes.set(changes.get() + 1);
    channel.postMessage(null);
  };

  const all = (): Promise<readonly LedgerLine[]> =>
    connection.read(async (db) => {
      const tx = db.transaction('ledger');
      const [rows, keys] = await Promise.all([tx.store.getAll(), tx.store.getAllKeys()]);
      return asLines(rows, keys);
    });

  const last = (): Promise<LedgerLine | null> =>
    connection.read(async (db) => {
      const cursor = await db.transaction('ledger').store.openCursor(null, 'prev');
      return cursor === null ? null : { ...cursor.value, seq: cursor.key };
    });

  /** Hashing cannot wait inside a transaction: the line is made outside and written only if it still is the next one. */
  const write = async (entry: LedgerEntry, body?: Uint8Array<ArrayBuffer>): Promise<number> => {
    for (;;) {
      const before = await last();
      const line = await chainLine(entry, before, before !== null && before.hash === undefined ? await all() : []);
      let taken = false;
      const written = await connection.write(['ledger', 'ledgerBodies'], async (tx) => {
        const newest = await tx.objectStore('ledger').openKeyCursor(null, 'prev');
        taken = (newest?.key ?? 0) !== (before?.seq ?? 0);
        if (taken) return;
        await tx.objectStore('ledger').add(line, line.seq);
        if (body !== undefined) await tx.objectStore('ledgerBodies').put(body, line.seq);
      });
      if (!written.ok) throw new Error(written.detail);
      if (taken) continue;
      tell();
      return line.seq;
    }
  };

  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  };

  return {
    begin: (entry, body) =>
      inTurn(() => write(entry, body !== undefined && body.length <= KEPT_BODY_BYTES ? body : undefined)),
    append: async (entry) => void (await inTurn(() => write(entry))),
    all,
    body: (seq) => connection.read(async (db) => (await db.get('ledgerBodies', seq)) ?? null),
    clear: (at) =>
      inTurn(async () => {
        const lines = await all();
        const before = lines.at(-1) ?? null;
        const entry: LedgerEntry = {
          ...{
            at,
            kind: 'cleared',
            purpose: `the ledger was cleared: ${lines.length} lines up to number ${before?.seq ?? 0}`,
          },
          ...{ method: '–', url: '–', bytesOut: 0, bytesIn: 0, bodySha256: null, status: null, problem: null },
        };
        const line = await chainLine(entry, before, lines);
        const written = await connection.write(['ledger', 'ledgerBodies'], async (tx) => {
          await Promise.all([tx.objectStore('ledger').clear(), tx.objectStore('ledgerBodies').clear()]);
          await tx.objectStore('ledger').add(line, line.seq);
        });
        if (written.ok) tell();
        return written;
      }),
    changes,
  };
};
