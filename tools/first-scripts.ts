/** Which scripts of a built page its first screen needs, and how large they are compressed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The page's own script, those it preloads, and all that these import at once; not what is fetched later. */
export const firstScripts = (dist: string): readonly Buffer[] => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const found = new Map<string, Buffer>();
  const queue = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map(([, name = '']) => name);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    const script = readFileSync(join(dist, 'assets', name));
    found.set(name, script);
    const imports = script.toString('utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g);
    queue.push(...[...imports].map(([, imported = '']) => imported));
  }
  return [...found.values()];
};

/** Kilobytes (1000 bytes) of scripts, each compressed on its own by `compress`, gzip at its best unless another is given. */
export const compressedKilobytes = (
  scripts: readonly Buffer[],
  compress: (script: Buffer) => Buffer = (script) => gzipSync(script, { level: 9 }),
): number => scripts.reduce((sum, script) => sum + compress(script).length, 0) / 1_000;
