/**
 * Reads a ZIP whose files are stored and not compressed (PKWARE APPNOTE 6.3), as packages are: strictly, so that no byte hides between
 * the files and no file has two readings. Anything else is refused.
 */
import { failure, ok, type Result } from '../contracts/result.ts';

export interface ZipEntry {
  readonly name: string;
  readonly data: Blob;
}

const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** CRC and sizes behind the data, with their signature, where bit 3 announces them. */
const DESCRIPTOR_BYTES = 16;
const SIGNATURES = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50, descriptor: 0x08074b50 } as const;
const MAX_ENTRIES = 2_000;

const view = async (blob: Blob, from: number, bytes: number): Promise<DataView | null> => {
  if (from < 0 || from + bytes > blob.size) return null;
  return new DataView(await blob.slice(from, from + bytes).arrayBuffer());
};

const nameAt = (bytes: DataView, offset: number, length: number): string | null => {
  try {
    const part = new Uint8Array(bytes.buffer, bytes.byteOffset + offset, length);
    return new TextDecoder('utf-8', { fatal: true }).decode(part);
  } catch {
    return null;
  }
};

interface CentralEntry {
  readonly name: string;
  readonly flags: number;
  readonly size: number;
  readonly offset: number;
}

const readCentral = (central: DataView, count: number): CentralEntry[] | null => {
  const entries: CentralEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + CENTRAL_BYTES > central.byteLength || central.getUint32(at, true) !== SIGNATURES.central) return null;
    const [flags, method] = [central.getUint16(at + 8, true), central.getUint16(at + 10, true)];
    const [packed, size] = [central.getUint32(at + 20, true), central.getUint32(at + 24, true)];
    const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => central.getUint16(at + offset, true));
    if (method !== 0 || packed !== size || nameBytes === undefined || extra !== 0 || comment !== 0) return null;
    if (at + CENTRAL_BYTES + nameBytes > central.byteLength) return null;
    const name = nameAt(central, at + CENTRAL_BYTES, nameBytes);
    if (name === null) return null;
    entries.push({ name, flags, size, offset: central.getUint32(at + 42, true) });
    at += CENTRAL_BYTES + nameBytes;
  }
  return at === central.byteLength ? entries : null;
};

/** Where the entry's data begins and where the next thing begins; null when the local header says another thing than the directory. */
const placeOf = async (zip: Blob, entry: CentralEntry): Promise<{ data: number; end: number } | null> => {
  const local = await view(zip, entry.offset, LOCAL_BYTES);
  if (local === null || local.getUint32(0, true) !== SIGNATURES.local || local.getUint16(8, true) !== 0) return null;
  const nameBytes = local.getUint16(26, true);
  if (local.getUint16(28, true) !== 0 || local.getUint16(6, true) !== entry.flags) return null;
  const name = await view(zip, entry.offset + LOCAL_BYTES, nameBytes);
  if (name === null || nameAt(name, 0, nameBytes) !== entry.name) return null;
  const data = entry.offset + LOCAL_BYTES + nameBytes;
  if ((entry.flags & 8) === 0) return { data, end: data + entry.size };
  const descriptor = await view(zip, data + entry.size, DESCRIPTOR_BYTES);
  const fits =
    descriptor?.getUint32(0, true) === SIGNATURES.descriptor && descriptor.getUint32(12, true) === entry.size;
  return fits ? { data, end: data + entry.size + DESCRIPTOR_BYTES } : null;
};

/** The files in the order in which they lie. `data` are slices of `zip`: nothing is copied. */
export const readStoredZip = async (zip: Blob): Promise<Result<readonly ZipEntry[], 'not-a-stored-zip'>> => {
  const refuse = (why: string) => failure('not-a-stored-zip', `The package is not the plain ZIP it should be: ${why}.`);
  const end = await view(zip, zip.size - END_BYTES, END_BYTES);
  if (end === null || end.getUint32(0, true) !== SIGNATURES.end) return refuse('its end is missing');
  const [count, size, offset] = [end.getUint16(10, true), end.getUint32(12, true), end.getUint32(16, true)];
  if (count > MAX_ENTRIES || offset + size + END_BYTES !== zip.size) return refuse('its directory is not at its end');
  const central = await view(zip, offset, size);
  const entries = central === null ? null : readCentral(central, count);
  if (entries === null) return refuse('its directory cannot be read');
  if (new Set(entries.map(({ name }) => name)).size !== entries.length) return refuse('two files have one name');
  const files: ZipEntry[] = [];
  let at = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    const place = entry.offset === at ? await placeOf(zip, entry) : null;
    if (place === null) return refuse(`bytes before “${entry.name}” belong to no file`);
    files.push({ name: entry.name, data: zip.slice(place.data, place.data + entry.size) });
    at = place.end;
  }
  return at === offset ? ok(files) : refuse('bytes after its last file belong to no file');
};
