/** Opens a sealed package as an agency would, with nothing of ours: the `age` command, then the ZIP's own directory. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PackageManifest } from '../../src/contracts/share.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { unzipStored } from '../../tools/unzip-stored.ts';
import { run } from './run.ts';

export interface OpenedPackage {
  readonly manifest: PackageManifest;
  /** Paths of the clips on disk, in the manifest's order. */
  readonly clips: readonly string[];
  readonly names: readonly string[];
  /** The README.txt's text. */
  readonly readme: string;
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
  const readme = entries.get('README.txt')?.toString('utf8') ?? '';
  return { manifest, clips, names: [...entries.keys()], readme };
};
