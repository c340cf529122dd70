/** Finished packages: sealed bytes in a folder or bucket, what the hub knows about them in the database. It cannot read what is inside. */
import type { Selectable } from 'kysely';
import type { Decision, InboxItem } from '../../src/contracts/inbox.ts';
import type { Receipt } from '../../src/contracts/request.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import type { EpochMs, Ms } from '../../src/contracts/units.ts';
import { signNote, type NoteSigner } from '../../src/core/signed-note.ts';
import { documentText } from '../../src/core/typed-note.ts';
import type { HubDatabase, HubTables } from './database.ts';
import type { ByteRange, PackageBytes, StoredBytes } from './package-bytes.ts';

const SWEEP_BATCH = 500;

export interface FinishedPackage {
  readonly bytes: number;
  /** The signed receipt note. */
  readonly receipt: string;
}

export type FinishProblem = 'not-complete' | 'wrong-hash';

/** Where a page of the inbox ends: the last item's time and id. */
export interface InboxCursor {
  readonly receivedAt: EpochMs;
  readonly id: string;
}

export interface PackageStore {
  finished(id: string): Promise<FinishedPackage | null>;
  /**
   * Turns a complete upload into a package: compares its SHA-256, moves it, signs the receipt. Safe to repeat after a crash
   * at any point, and for two callers at once, in two processes too. An upload with the wrong hash is deleted.
   */
  finish(id: string): Promise<Result<FinishedPackage, FinishProblem>>;
  /** One agency's packages, newest first, at most `limit` of them. */
  inbox(agency: string, before: InboxCursor | null, limit: number): Promise<readonly InboxItem[]>;
  /** One package of this agency; null for anybody else's. */
  item(agency: string, id: string): Promise<InboxItem | null>;
  read(id: string, range: ByteRange | null): Promise<ReadableStream<Uint8Array> | null>;
  /** The first decision stays: whatever it is, the item with it is the answer. */
  decide(agency: string, id: string, decision: Decision, at: EpochMs): Promise<InboxItem | null>;
  /** Deletes uploads and leftovers that nothing has come of for `lifetime`; finishes what only lacks its receipt. Their number. */
  sweep(lifetime: Ms): Promise<number>;
}

type UploadRow = Selectable<HubTables['uploads']>;

interface PackageStoreParts {
  readonly db: HubDatabase;
  readonly bytes: PackageBytes;
  readonly signer: NoteSigner;
  readonly now: () => EpochMs;
}

/** Packages over the hub's database and the place of their bytes. */
export const createPackageStore = ({ db, bytes, signer, now }: PackageStoreParts): PackageStore => {
  const running = new Map<string, Promise<Result<FinishedPackage, FinishProblem>>>();

  const finished: PackageStore['finished'] = async (id) => {
    const row = await db.selectFrom('packages').select(['bytes', 'receipt']).where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : { bytes: Number(row.bytes), receipt: row.receipt };
  };

  const receiptFor = async (receipt: Receipt): Promise<string> => {
    const note = await signNote(documentText('receipt', receipt), signer);
    if (!note.ok) throw new Error(note.detail);
    return note.value;
  };

  const forget = async (id: string): Promise<void> => {
    await bytes.drop(id);
    await db.deleteFrom('uploads').where('id', '=', id).execute();
  };

  /** The row and its receipt; null when another hub was first. */
  const keepRow = async (upload: UploadRow, received: EpochMs): Promise<FinishedPackage | null> => {
    const { id, request_id, sha256 } = upload;
    const size = Number(upload.bytes);
    const receipt = await receiptFor({
      package: id,
      request: request_id,
      sha256,
      bytes: size,
      received: new Date(received).toISOString(),
    });
    const agency = db.selectFrom('requests').select('agency').where('id', '=', request_id);
    const inserted = await db
      .insertInto('packages')
      .values({ id, request_id, agency, bytes: size, sha256, received_at: new Date(received), receipt })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return inserted.numInsertedOrUpdatedRows === 1n ? { bytes: size, receipt } : null;
  };

  const finishOnce = async (id: string): Promise<Result<FinishedPackage, FinishProblem>> => {
    const upload = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
    if (upload === undefined) {
      const already = await finished(id);
      return already === null ? failure('not-complete', 'There is no such upload.') : ok(already);
    }
    const size = Number(upload.bytes);
    const arrived = await bytes.arrived(id);
    if ((arrived === 'as-the-row-says' ? Number(upload.arrived) : arrived) !== size)
      return failure('not-complete', 'The upload is not complete.');
    if (!(await bytes.keep(id, size, upload.sha256))) {
      // Another hub may have kept it just now: then the bytes are where this one no longer looks.
      const meanwhile = await finished(id);
      if (meanwhile !== null) return ok(meanwhile);
      await forget(id);
      return failure(
        'wrong-hash',
        'What arrived is not what was announced: its SHA-256 differs. The upload was deleted; send it again.',
      );
    }
    const kept = (await keepRow(upload, now())) ?? (await finished(id));
    await forget(id);
    if (kept === null) throw new Error('a package that was just kept is not there');
    return ok(kept);
  };

  const finish: PackageStore['finish'] = (id) => {
    const already = running.get(id);
    if (already !== undefined) return already;
    const promise = finishOnce(id).finally(() => running.delete(id));
    running.set(id, promise);
    return promise;
  };

  const items = (agency: string) => db.selectFrom('packages').selectAll().where('agency', '=', agency);
  type Row = Awaited<ReturnType<ReturnType<typeof items>['execute']>>[number];
  const itemOf = (row: Row): InboxItem => ({
    package: row.id,
    request: row.request_id,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    received: row.received_at.toISOString(),
    receipt: row.receipt,
    decision:
      row.decision === null || row.decided_at === null
        ? null
        : {
            decision: row.decision,
            ...(row.decision_reason === null ? {} : { reason: row.decision_reason }),
            at: row.decided_at.toISOString(),
          },
  });
  const item: PackageStore['item'] = async (agency, id) => {
    const row = await items(agency).where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : itemOf(row);
  };

  const sweepUploads = async (before: Date): Promise<number> => {
    const old = await db.selectFrom('uploads').select('id').where('created_at', '<', before).execute();
    for (const { id } of old) {
      // One that is complete only lacks its receipt: the agency gets it after all.
      const result = await finish(id);
      if (!result.ok && result.reason === 'not-complete') await forget(id);
    }
    return old.length;
  };

  /** Of these ids, those that neither an upload nor a package has. */
  const unknown = async (ids: readonly string[]): Promise<ReadonlySet<string>> => {
    const [uploads, packages] = await Promise.all([
      db
        .selectFrom('uploads')
        .select('id')
        .where('id', 'in', [...ids])
        .execute(),
      db
        .selectFrom('packages')
        .select('id')
        .where('id', 'in', [...ids])
        .execute(),
    ]);
    const known = new Set([...uploads, ...packages].map(({ id }) => id));
    return new Set(ids.filter((id) => !known.has(id)));
  };

  const sweepBatch = async (batch: readonly StoredBytes[]): Promise<number> => {
    if (batch.length === 0) return 0;
    const ids = await unknown(batch.map(({ id }) => id));
    const orphans = batch.filter(({ id }) => ids.has(id));
    for (const { id, kind } of orphans) await (kind === 'upload' ? bytes.drop(id) : bytes.removePackage(id));
    return orphans.length;
  };

  const sweepBytes = async (before: Date): Promise<number> => {
    let count = 0;
    let batch: StoredBytes[] = [];
    for await (const stored of bytes.list()) {
      if (stored.changedAt < before.getTime()) batch.push(stored);
      if (batch.length < SWEEP_BATCH) continue;
      count += await sweepBatch(batch);
      batch = [];
    }
    return count + (await sweepBatch(batch));
  };

  return {
    finished,
    finish,
    inbox: async (agency, before, limit) => {
      let query = items(agency).orderBy('received_at', 'desc').orderBy('id', 'desc').limit(limit);
      if (before !== null) {
        const at = new Date(before.receivedAt);
        query = query.where(({ eb, or, and }) =>
          or([eb('received_at', '<', at), and([eb('received_at', '=', at), eb('id', '<', before.id)])]),
        );
      }
      return (await query.execute()).map(itemOf);
    },
    item,
    read: (id, range) => bytes.read(id, range),
    decide: async (agency, id, { decision, reason }, at) => {
      await db
        .updateTable('packages')
        .set({ decision, decision_reason: reason ?? null, decided_at: new Date(at) })
        .where('id', '=', id)
        .where('agency', '=', agency)
        .where('decision', 'is', null)
        .execute();
      return item(agency, id);
    },
    sweep: async (lifetime) => {
      const before = new Date(now() - lifetime);
      return (await sweepUploads(before)) + (await sweepBytes(before));
    },
  };
};
