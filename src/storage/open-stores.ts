/** Opens the database and hands out one typed store per concern: the only door to what is kept on the device. */
import { ok, type Result } from '../contracts/result.ts';
import type { Stores } from '../contracts/storage.ts';
import { connect } from './connection.ts';
import { createHubFileStore } from './hub-file-store.ts';
import { createImportStore } from './import-store.ts';
import { createLedgerStore } from './ledger-store.ts';
import { createLibraryStore } from './library-store.ts';
import { createNoteStore } from './note-store.ts';
import type { OpenOptions } from './open-database.ts';
import { createRoleStore } from './role-store.ts';
import { createSettingsStore } from './settings-store.ts';
import { createShareStore } from './share-store.ts';

/** Fails with a sentence for the person when the browser will not keep anything. `options` are for tests. */
export const openStores = async (
  options: Omit<OpenOptions, 'onClosed'> = {},
): Promise<Result<Stores, 'storage-unavailable'>> => {
  const connected = await connect(options);
  if (!connected.ok) return connected;
  const connection = connected.value;
  return ok({
    library: createLibraryStore(connection),
    imports: createImportStore(connection),
    notes: createNoteStore(connection),
    roles: createRoleStore(connection),
    hubFiles: createHubFileStore(connection),
    shares: createShareStore(connection),
    ledger: createLedgerStore(connection),
    settings: createSettingsStore(connection),
    end: () => connection.end(),
  });
};
