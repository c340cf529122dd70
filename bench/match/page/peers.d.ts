/** What the benchmark uses of its peers, so that types are checked where they are not installed. */
declare module 'rbush' {
  export default class RBush<T> {
    load(items: readonly T[]): this;
    insert(item: T): this;
    remove(item: T): this;
    search(box: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number }): T[];
  }
}

declare module '@turf/turf' {
  interface Shape {
    readonly type: 'Feature';
  }
  interface Metric {
    readonly units: 'meters';
    readonly steps?: number;
  }
  export const point: (position: [number, number]) => Shape;
  export const distance: (from: Shape, to: Shape, options: Metric) => number;
  export const circle: (center: [number, number], radius: number, options: Metric) => Shape;
  export const bbox: (shape: Shape) => [number, number, number, number];
}

declare module '@sqlite.org/sqlite-wasm' {
  interface Statement {
    bind(values: number[]): Statement;
    stepReset(): Statement;
    finalize(): void;
  }
  export interface SqliteDatabase {
    exec(sql: string): void;
    prepare(sql: string): Statement;
    selectArrays(sql: string): unknown[][];
  }
  const init: () => Promise<{ readonly oo1: { readonly DB: new (name: string, flags: string) => SqliteDatabase } }>;
  export default init;
}

declare module 'apache-arrow' {
  export interface Table {
    get(row: number): { toJSON(): Record<string, unknown> } | null;
  }
  export const tableFromArrays: (columns: Record<string, Float64Array | Int32Array | BigInt64Array>) => Table;
}

declare module '@duckdb/duckdb-wasm' {
  import type { Table } from 'apache-arrow';
  export interface AsyncDuckDBConnection {
    query(sql: string): Promise<Table>;
    insertArrowTable(table: Table, options: { readonly name: string }): Promise<void>;
    close(): Promise<void>;
  }
  export class AsyncDuckDB {
    constructor(logger: ConsoleLogger, worker: Worker);
    instantiate(wasm: string): Promise<void>;
    connect(): Promise<AsyncDuckDBConnection>;
    terminate(): Promise<void>;
  }
  export const LogLevel: { readonly ERROR: number };
  export class ConsoleLogger {
    constructor(level: number);
  }
}
