/** SQLite's R*Tree, in the page's own process: boxes and time in the tree, the chord exactly, recordings by an index of camera and start. */
import sqlite3InitModule, { type SqliteDatabase } from '@sqlite.org/sqlite-wasm';
import { expose } from 'comlink';
import { areaBounds } from '../../../src/core/area.ts';
import { earthCentred } from '../../../src/core/geodesy.ts';
import { makeScene, PRIME, SIZES, T0 } from './scene.ts';
import type { Timed } from './world.ts';

let database: SqliteDatabase;

const JOIN = `
  INSERT INTO found
  SELECT q.id, r.id, max(r.start, q.opens), min(r.ends, q.closes)
  FROM camera c
  CROSS JOIN area a ON a.minX <= c.lng AND a.maxX >= c.lng AND a.minY <= c.lat AND a.maxY >= c.lat
  CROSS JOIN request q ON q.id = a.id
    AND (c.x - q.x) * (c.x - q.x) + (c.y - q.y) * (c.y - q.y) + (c.z - q.z) * (c.z - q.z) <= q.radius * q.radius
  CROSS JOIN recording r ON r.camera = c.id AND r.start < q.closes AND r.start > q.opens - c.longest AND r.ends > q.opens`;

const api = {
  prepare: async (name: string): Promise<void> => {
    const size = SIZES[name];
    if (!size) throw new Error(name);
    const sqlite = await sqlite3InitModule();
    // Without 't', which the package's readme has and which writes every statement to the console.
    database = new sqlite.oo1.DB(':memory:', 'c');
    database.exec(`
      CREATE TABLE camera(id INTEGER PRIMARY KEY, lng REAL, lat REAL, x REAL, y REAL, z REAL, longest REAL);
      CREATE TABLE request(id INTEGER PRIMARY KEY, x REAL, y REAL, z REAL, radius REAL, opens INTEGER, closes INTEGER);
      CREATE VIRTUAL TABLE area USING rtree(id, minX, maxX, minY, maxY);
      CREATE TABLE recording(id INTEGER PRIMARY KEY, camera INTEGER, start INTEGER, ends INTEGER);
      CREATE TABLE found(request INTEGER, recording INTEGER, opens INTEGER, closes INTEGER);`);
    const scene = makeScene(size);
    const insert = (sql: string, rows: Iterable<readonly number[]>): void => {
      const statement = database.prepare(sql);
      for (const row of rows) statement.bind([...row]).stepReset();
      statement.finalize();
    };
    database.exec('BEGIN');
    insert(
      'INSERT INTO camera VALUES(?,?,?,?,?,?,?)',
      scene.places.map(([lng, lat], i) => [
        i,
        lng,
        lat,
        ...earthCentred(lng, lat),
        Math.max(...(scene.lengths[i] ?? [])),
      ]),
    );
    insert(
      'INSERT INTO request VALUES(?,?,?,?,?,?,?)',
      scene.requests.map(({ number, area, window }) =>
        area.type === 'Circle'
          ? [number, ...earthCentred(area.center[0], area.center[1]), area.radiusM, window.from - T0, window.to - T0]
          : [],
      ),
    );
    insert(
      'INSERT INTO area VALUES(?,?,?,?,?)',
      scene.requests.flatMap(({ number, area }) =>
        areaBounds(area).map(({ minX, maxX, minY, maxY }) => [number, minX, maxX, minY, maxY]),
      ),
    );
    let id = 0;
    insert(
      'INSERT INTO recording VALUES(?,?,?,?)',
      (function* () {
        for (const [camera, starts] of scene.starts.entries()) {
          for (const [r, start] of starts.entries()) {
            const begins = start - T0;
            yield [id++, camera, begins, begins + (scene.lengths[camera]?.[r] ?? 0)];
          }
        }
      })(),
    );
    database.exec('COMMIT; CREATE INDEX byStart ON recording(camera, start, ends); ANALYZE;');
  },
  sqlite: (): Timed => {
    database.exec('DELETE FROM found');
    const began = performance.now();
    database.exec(JOIN);
    const ms = performance.now() - began;
    const [sums] = database.selectArrays(
      `SELECT count(*), sum(((request + 1) * (recording + 1)) % ${PRIME}), sum(opens % ${PRIME}), sum(closes % ${PRIME}) FROM found`,
    );
    return { ms, sums: (sums ?? []).map(Number).join(' ') };
  },
};
export type SqliteApi = typeof api;

expose(api);
