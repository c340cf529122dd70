/** Who may import whom: the house rules of docs/architecture as data, and the one function that judges an import by them. */
import { posix } from 'node:path';

export interface Room {
  /** Rooms of ours it may import from; `'everything'` for the files that wire the others together. */
  readonly rooms: readonly string[] | 'everything';
  /** npm packages it may import (a name covers its subpaths); `'any'` when the room does not care. */
  readonly packages: readonly string[] | 'any';
  /** What to do instead, said when an import of a room is refused. */
  readonly instead: string;
}

/** Each folder (longest match wins). A trailing `/*` makes every folder below it a room that may not import its sisters. */
export const IMPORT_TABLE: Readonly<Record<string, Room>> = {
  'src/contracts': {
    rooms: [],
    packages: ['valibot', 'idb', 'geojson'],
    instead: 'contracts import nothing of ours: describe the shape here and let the other room import it',
  },
  'src/core': {
    rooms: ['src/contracts'],
    packages: [
      'valibot',
      'geographiclib-geodesic',
      'temporal-polyfill',
      '@scure/base',
      'hash-wasm',
      'structured-headers',
      'geojson',
    ],
    instead: 'core is pure: take what you need as an argument, typed in src/contracts',
  },
  'src/bridge': {
    rooms: ['src/contracts'],
    packages: ['comlink'],
    instead: 'a bridge knows a worker by its contract in src/contracts and its URL (`?worker&url`) only',
  },
  'src/net': {
    rooms: ['src/contracts', 'src/core'],
    packages: 'any',
    instead: 'net is the one door out and knows no other room: pass what it needs as an argument',
  },
  'src/requests': {
    rooms: ['src/contracts', 'src/core'],
    packages: ['valibot', 'age-encryption'],
    instead: 'take net (contracts/net.ts) and stores (contracts/storage.ts) as arguments; main.ts passes them',
  },
  'src/storage': {
    rooms: ['src/contracts', 'src/core'],
    packages: ['idb'],
    instead: 'storage implements contracts/storage.ts and knows no other room',
  },
  'src/stages/*': {
    rooms: ['src/contracts', 'src/core'],
    packages: 'any',
    instead:
      'a stage takes bridges, stores and net as arguments (types in src/contracts); what two stages share lives in src/core',
  },
  'src/ui': {
    rooms: ['src/contracts', 'src/core'],
    packages: ['lit', '@lit', '@awesome.me/webawesome'],
    instead: 'a view receives a `Journey` (src/contracts/journey-api.ts) and asks it',
  },
  'src/journey.ts': {
    rooms: ['src/stages', 'src/requests', 'src/contracts', 'src/core'],
    packages: [],
    instead: 'the journey receives bridges, stores and net from main.ts',
  },
  src: { rooms: 'everything', packages: 'any', instead: '' },
  'workers/*': {
    rooms: ['src/contracts', 'src/core', 'wasm'],
    packages: 'any',
    instead:
      'an engine takes what it needs as an argument (types in src/contracts) and shares nothing with other engines but src/core',
  },
  workers: {
    rooms: ['workers', 'src/contracts', 'src/core', 'wasm'],
    packages: ['comlink'],
    instead: 'a worker entry only exposes its engine from workers/NAME/',
  },
  wasm: {
    rooms: ['src/contracts', 'src/core'],
    packages: ['virtual:match-kernel'],
    instead: 'the kernel and its twin take columns and give columns: the engine in workers/match knows the rest',
  },
  server: {
    rooms: ['src/contracts', 'src/core'],
    packages: 'any',
    instead: 'the hub shares only src/contracts and src/core with the page',
  },
  /** The page behind `npm run cut`: like main.ts it wires the product's own parts together. */
  'tools/cut-page': { rooms: 'everything', packages: 'any', instead: '' },
  tools: {
    rooms: ['src/contracts', 'src/core', 'server'],
    packages: 'any',
    instead: 'a tool drives the built page; it shares only src/contracts, src/core and the hub with it',
  },
};

/** The room a path (relative to the project, `/` separated) lies in, as a key of the table and its own folder; null outside. */
const roomOf = (path: string): { readonly key: string; readonly folder: string } | null => {
  const parts = path.split('/');
  for (let length = parts.length; length > 0; length--) {
    const folder = parts.slice(0, length).join('/');
    if (folder in IMPORT_TABLE) return { key: folder, folder };
    const parent = parts.slice(0, length - 1).join('/');
    if (length < parts.length && `${parent}/*` in IMPORT_TABLE) return { key: `${parent}/*`, folder };
  }
  return null;
};

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isWorkerUrl = (specifier: string): boolean => /\?worker&url$|&url&worker$/.test(specifier);

const judgePackage = (room: Room, key: string, specifier: string): string | null => {
  if (specifier.startsWith('node:')) {
    return within(key, 'server') || within(key, 'tools')
      ? null
      : `\`${specifier}\` exists only in Node: this room runs in the browser`;
  }
  if (room.packages === 'any') return null;
  const name = packageName(specifier);
  if (room.packages.some((allowed) => allowed === name || allowed === name.split('/')[0])) return null;
  const list = room.packages.length === 0 ? 'no package' : `only ${room.packages.join(', ')}`;
  return `${key} may import ${list}: ${room.instead}`;
};

/**
 * Why `file` (relative to the project) may not import `specifier`, as one sentence naming the replacement; null when it may.
 * Files outside every room (tests, configuration) may import everything.
 */
export const judgeImport = (file: string, specifier: string): string | null => {
  const from = roomOf(file);
  const room = from === null ? undefined : IMPORT_TABLE[from.key];
  if (from === null || room === undefined) return null;
  if (!specifier.startsWith('.')) return judgePackage(room, from.folder, specifier);
  if (room.rooms === 'everything') return null;
  const target = posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''));
  if (within(target, from.folder)) return null;
  if (from.key === 'src/bridge' && within(target, 'workers') && isWorkerUrl(specifier)) return null;
  if (from.key.startsWith('workers') && specifier.endsWith('?url')) return null;
  if (room.rooms.some((allowed) => within(target, allowed))) return null;
  return `${from.folder} may not import ${target}: ${room.instead}`;
};
