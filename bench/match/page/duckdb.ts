/** DuckDB in its own worker: places bucketed by a grid, times by the hour, so that its joins are on equal keys. */
import { AsyncDuckDB, type AsyncDuckDBConnection, ConsoleLogger, LogLevel } from '@duckdb/duckdb-wasm';
import workerUrl from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import wasmUrl from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { tableFromArrays } from 'apache-arrow';
import { earthCentred } from '../../../src/core/geodesy.ts';
import { makeScene, PRIME, SIZES, T0 } from './scene.ts';
import type { Timed } from './world.ts';

/** A hundredth of a degree is about a kilometre: no circle reaches over more than one cell to each side. */
const JOIN = `
  INSERT INTO found
  WITH cells AS (
    SELECT q.*, cx, cy FROM request q,
      (VALUES (-1), (0), (1)) AS a(dx), (VALUES (-1), (0), (1)) AS b(dy),
      LATERAL (SELECT q.cellX + dx AS cx, q.cellY + dy AS cy)
  ), inside AS (
    SELECT c.id AS camera, q.id, q.opens, q.closes FROM camera c JOIN cells q ON q.cx = c.cellX AND q.cy = c.cellY
    WHERE (c.x - q.x) * (c.x - q.x) + (c.y - q.y) * (c.y - q.y) + (c.z - q.z) * (c.z - q.z) <= q.radius * q.radius
  ), asked AS (
    SELECT camera, id, opens, closes, UNNEST(range(opens // 3600000, (closes - 1) // 3600000 + 1)) AS hour FROM inside
  ), kept AS (
    SELECT id, camera, start, ends, UNNEST(range(start // 3600000, (ends - 1) // 3600000 + 1)) AS hour FROM recording
  )
  SELECT q.id, r.id, greatest(r.start, q.opens), least(r.ends, q.closes)
  FROM asked q JOIN kept r ON r.camera = q.camera AND r.hour = q.hour
  WHERE r.start < q.closes AND r.ends > q.opens
    AND q.hour = greatest(r.start // 3600000, q.opens // 3600000)`;

export const createDuckdb = async (name: string): Promise<{ run(): Promise<Timed>; close(): Promise<void> }> => {
  const size = SIZES[name];
  if (!size) throw new Error(name);
  const database = new AsyncDuckDB(new ConsoleLogger(LogLevel.ERROR), new Worker(workerUrl));
  await database.instantiate(wasmUrl);
  const connection: AsyncDuckDBConnection = await database.connect();
  const scene = makeScene(size);
  const centres = scene.requests.map(({ area }) => (area.type === 'Circle' ? area.center : [0, 0]));
  const cell = (degrees: readonly number[]): Int32Array => Int32Array.from(degrees, (value) => Math.floor(value * 100));
  const columnsOf = (places: readonly (readonly number[])[]) => {
    const points = places.map(([lng = 0, lat = 0]) => earthCentred(lng, lat));
    return {
      id: Int32Array.from(places, (_, i) => i),
      x: Float64Array.from(points, ([x]) => x),
      y: Float64Array.from(points, ([, y]) => y),
      z: Float64Array.from(points, ([, , z]) => z),
      cellX: cell(places.map(([lng = 0]) => lng)),
      cellY: cell(places.map(([, lat = 0]) => lat)),
    };
  };
  const whole = (values: Iterable<number>): BigInt64Array => BigInt64Array.from(values, BigInt);
  await connection.insertArrowTable(tableFromArrays(columnsOf(scene.places)), { name: 'camera' });
  await connection.insertArrowTable(
    tableFromArrays({
      ...columnsOf(centres),
      radius: Float64Array.from(scene.requests, ({ area }) => (area.type === 'Circle' ? area.radiusM : 0)),
      opens: whole(scene.requests.map(({ window }) => window.from - T0)),
      closes: whole(scene.requests.map(({ window }) => window.to - T0)),
    }),
    { name: 'request' },
  );
  const starts = scene.starts.flatMap((column) => Array.from(column, (start) => start - T0));
  const lengths = scene.lengths.flatMap((column) => [...column]);
  await connection.insertArrowTable(
    tableFromArrays({
      id: Int32Array.from(starts, (_, i) => i),
      camera: Int32Array.from(scene.starts.flatMap((column, camera) => Array.from(column, () => camera))),
      start: whole(starts),
      ends: whole(starts.map((start, i) => start + (lengths[i] ?? 0))),
    }),
    { name: 'recording' },
  );
  await connection.query('CREATE TABLE found(request INTEGER, recording INTEGER, opens BIGINT, closes BIGINT)');
  return {
    run: async () => {
      await connection.query('TRUNCATE found');
      const began = performance.now();
      await connection.query(JOIN);
      const ms = performance.now() - began;
      const sums = await connection.query(`SELECT count(*)::DOUBLE AS a,
        sum(((request::BIGINT + 1) * (recording::BIGINT + 1)) % ${PRIME})::DOUBLE AS b,
        sum(opens % ${PRIME})::DOUBLE AS c, sum(closes % ${PRIME})::DOUBLE AS d FROM found`);
      const row = sums.get(0)?.toJSON() ?? {};
      return { ms, sums: ['a', 'b', 'c', 'd'].map((key) => Number(row[key])).join(' ') };
    },
    close: async () => {
      await connection.close();
      await database.terminate();
    },
  };
};
