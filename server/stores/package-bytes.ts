/** Where sealed bytes lie: what a folder and an S3-compatible bucket both do. One behaviour suite runs against either. */
import type { EpochMs, Sha256Hex } from '../../src/contracts/units.ts';

export interface StoredBytes {
  readonly id: string;
  /** `package` once it was kept. */
  readonly kind: 'upload' | 'package';
  readonly changedAt: EpochMs;
}

/** A stretch of a package: both ends included, as in HTTP. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Ids are 32 hexadecimal digits. A store that is full or cannot be reached rejects (see trouble.ts). */
export interface PackageBytes {
  /** Makes room for an upload of which nothing has arrived. */
  begin(id: string): Promise<void>;
  /** How much has arrived, also of what was kept already, as far as the bytes themselves say it. */
  arrived(id: string): Promise<number | 'as-the-row-says' | 'gone'>;
  /**
   * Appends a stream at `offset`, which is where the upload ends, and resolves with its new end. A stream that breaks off leaves
   * what came before. Where only the row says how much has arrived, `onStored` is called with the new end each time more of it would survive a crash.
   */
  append(
    id: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    onStored: (end: number) => Promise<void>,
  ): Promise<number>;
  /**
   * Turns an upload of this many bytes into a package if their SHA-256 is the one announced: true then, and the bytes are
   * on the disk. Safe to repeat and to run twice at once. False leaves the upload as it is.
   */
  keep(id: string, bytes: number, sha256: Sha256Hex): Promise<boolean>;
  /** Removes an upload, whatever there is of it. */
  drop(id: string): Promise<void>;
  /** Reads a package or a stretch of it; null when it is not there. */
  read(id: string, range: ByteRange | null): Promise<ReadableStream<Uint8Array> | null>;
  /** Removes a package that belongs to nobody. */
  removePackage(id: string): Promise<void>;
  /** Everything that lies here, for the search for orphans. */
  list(): AsyncIterable<StoredBytes>;
}

export const PACKAGE_ID = /^[0-9a-f]{32}$/;
