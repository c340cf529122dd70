/** Opens a sealed package as an agency would, with nothing of ours: the `age` command, then the ZIP's own directory. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PackageManifest } from '../../src/contracts/share.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { run } from './run.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** Names and bytes of a ZIP whose entries are stored uncompressed (APPNOTE 4.3.12, 4.3.16). Throws Error for any other. */
export const unzipStored = (zip: Buffer): ReadonlyMap<string, Buffer> => {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || zip.readUInt32LE(end) !== END_OF_DIRECTORY) throw new Error('not a ZIP file');
  const entries = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the ZIP directory is damaged');
    if (zip.readUInt16LE(at + 10) !== 0) throw new Error('an entry is compressed');
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    entries.set(name, zip.subarray(data, data + zip.readUInt32LE(at + 24)));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
};

export interface OpenedPackage {
  readonly manifest: PackageManifest;
  /** Paths of the clips on disk, in the manifest's order. */
  readonly clips: readonly string[];
  readonly names: readonly string[];
}

/** Decrypts `sealed` with an age identity (`AGE-SECRET-KEY-1…`) and lays its clips into a new folder below `folder`. */
export const openPackage = async (sealed: string, identity: string, folder: string): Promise<OpenedPackage> => {
  const place = await mkdtemp(join(folder, 'opened-'));
  const [key, plain] = [join(place, 'key.txt'), join(place, 'package.zip')];
  await writeFile(key, `${identity}\n`, { mode: 0o600 });
  await run(nativeTool('age'), ['--decrypt', '--identity', key, '--output', plain, sealed]);
  const entries = unzipStored(await readFile(plain));
  const manifest = JSON.parse(entries.get('manifest.json')?.toString('utf8') ?? 'null') as PackageManifest;
  const clips = await Promise.all(
    manifest.clips.map(async ({ file }) => {
      const bytes = entries.get(file);
      if (bytes === undefined) throw new Error(`the package lacks ${file}`);
      const path = join(place, basename(file));
      await writeFile(path, bytes);
      return path;
    }),
  );
  return { manifest, clips, names: [...entries.keys()] };
};
