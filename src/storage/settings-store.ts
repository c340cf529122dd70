/** The person's settings, one row each, with defaults for what was never set. */
import type { Settings, SettingsStore } from '../contracts/storage.ts';
import type { Connection } from './connection.ts';

export const DEFAULT_SETTINGS: Settings = { requestsOn: true, identity: null, theme: 'system' };

export const createSettingsStore = (connection: Connection): SettingsStore => ({
  load: () =>
    connection.read(async (db) => {
      const tx = db.transaction('settings');
      const [keys, values] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()]);
      const kept = Object.fromEntries(keys.map((key, i) => [key, values[i]]));
      // Only this store writes these rows, always from a Settings.
      return { ...DEFAULT_SETTINGS, ...(kept as Partial<Settings>) };
    }),

  save: (change) =>
    connection.write(['settings'], (tx) =>
      Promise.all(Object.entries(change).map(([key, value]) => tx.objectStore('settings').put(value, key))),
    ),
});
