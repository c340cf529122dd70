/** What is left of imports that were stopped or whose tab was closed; in the database, and at hand while the page is open. */
import type { ImportFile, UnfinishedImport } from '../../contracts/journey-api.ts';
import type { ImportStore, PendingFile, PendingImport } from '../../contracts/storage.ts';
import type { EpochMs } from '../../contracts/units.ts';
import type { ImportJob } from './import-lines.ts';

export interface Unfinished {
  load(): Promise<void>;
  begin(
    id: string,
    cameraId: string,
    jobs: readonly ImportJob[],
    directory: FileSystemDirectoryHandle | null,
    startedAt: EpochMs,
  ): Promise<void>;
  /** Being read again: not offered meanwhile. */
  begun(id: string): void;
  /** No longer being read: offered, if anything of it is left. */
  ended(id: string): void;
  settle(jobs: readonly ImportJob[]): Promise<void>;
  forget(id: string): Promise<void>;
  /** The waiting files of an import among those picked, or those at hand; null for an import that is not known. */
  found(
    id: string,
    files: readonly ImportFile[] | null,
  ): { readonly cameraId: string; readonly files: readonly ImportFile[] } | null;
  shown(): readonly UnfinishedImport[];
}

interface Kept {
  readonly batch: Omit<PendingImport, 'waiting'>;
  readonly waiting: Map<string, PendingFile>;
  readonly atHand: Map<string, ImportFile>;
  running: boolean;
}

const pendingOf = ({ file, relativePath }: ImportFile): PendingFile => ({
  relativePath,
  bytes: file.size,
  lastModified: file.lastModified,
});

const isSame = (a: PendingFile, b: PendingFile): boolean => a.bytes === b.bytes && a.lastModified === b.lastModified;

const folderOf = (jobs: readonly ImportJob[]): string | null => {
  const tops = new Set(jobs.map(({ file }) => file.relativePath.split('/')));
  const names = new Set([...tops].map((parts) => (parts.length > 1 ? parts[0] : undefined)));
  const [only] = names;
  return names.size === 1 && only !== undefined ? only : null;
};

/** A list that cannot be kept costs a resumption after a reload, never an import: its failures are not told. */
export const createUnfinished = (store: ImportStore | undefined): Unfinished => {
  const kept = new Map<string, Kept>();
  return {
    load: async () => {
      const pending = (await store?.pending().catch(() => [])) ?? [];
      for (const { waiting, ...batch } of pending) {
        if (kept.has(batch.id)) continue;
        const files = new Map(waiting.map((file) => [file.relativePath, file]));
        kept.set(batch.id, { batch, waiting: files, atHand: new Map(), running: false });
      }
    },
    begin: async (id, cameraId, jobs, directory, startedAt) => {
      const files = jobs.map(({ file }) => pendingOf(file));
      const batch = { ...{ id, cameraId, directory, startedAt }, folder: folderOf(jobs), files: files.length };
      kept.set(id, {
        batch,
        waiting: new Map(files.map((file) => [file.relativePath, file])),
        atHand: new Map(jobs.map(({ file }) => [file.relativePath, file])),
        running: true,
      });
      await store?.begin(batch, files).catch(() => undefined);
    },
    begun: (id) => {
      const batch = kept.get(id);
      if (batch) batch.running = true;
    },
    ended: (id) => {
      const batch = kept.get(id);
      if (batch) batch.running = false;
    },
    settle: async (jobs) => {
      for (const [id, done] of Map.groupBy(jobs, ({ batch }) => batch)) {
        const paths = done.map(({ file }) => file.relativePath);
        const batch = kept.get(id);
        for (const path of paths) {
          batch?.waiting.delete(path);
          batch?.atHand.delete(path);
        }
        if (batch?.waiting.size === 0) kept.delete(id);
        await store?.settle(id, paths).catch(() => undefined);
      }
    },
    forget: async (id) => {
      kept.delete(id);
      await store?.forget(id).catch(() => undefined);
    },
    found: (id, files) => {
      const batch = kept.get(id);
      if (!batch) return null;
      const at = files ? new Map(files.map((file) => [file.relativePath, file])) : batch.atHand;
      const found = [...batch.waiting.values()].flatMap((waiting) => {
        const file = at.get(waiting.relativePath);
        return file && isSame(pendingOf(file), waiting) ? [file] : [];
      });
      return { cameraId: batch.batch.cameraId, files: found };
    },
    shown: () =>
      [...kept.values()]
        .filter(({ running }) => !running)
        .map(({ batch: { startedAt: _startedAt, ...batch }, waiting, atHand }) => ({
          ...batch,
          atHand: [...waiting.keys()].every((path) => atHand.has(path)),
          left: waiting.size,
        })),
  };
};
