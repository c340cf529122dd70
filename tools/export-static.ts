/**
 * `npm run export-static -- --from URL --out FOLDER`: the built page and everything that anyone may read of a hub as plain files, for
 * any static host. There nothing can be posted: the feed says so, and sharing saves the sealed file.
 */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { FeedIndexSchema, FeedSchema } from '../src/contracts/request.ts';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import { openDirectory } from '../src/core/trusted-directory.ts';
import { readCommandLine } from './command-line.ts';
import { DEMO_ROOT_KEY } from './demo/root-key.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const USAGE = `Usage: npm run export-static -- [--from URL] [--out FOLDER]

Writes the built page (npm run build) and everything that anyone may read of a hub as plain files, for any static host.
--from  the hub to read (http://localhost:4173)
--out   where the files go (dist-static)`;

type ExportProblem = 'hub' | 'no-page' | 'directory';

export interface StaticExport {
  /** The hub to read, such as `http://localhost:4173`. */
  readonly from: string;
  readonly out: string;
  /** The built page; default dist/. */
  readonly dist?: string;
  readonly rootKey?: string;
}

/** Writes the files and says how many there are beside the page's own. */
export const exportStatic = async ({
  from,
  out,
  dist,
  rootKey,
}: StaticExport): Promise<Result<number, ExportProblem>> => {
  const page = dist ?? join(PROJECT, 'dist');
  if (!existsSync(join(page, 'index.html'))) return failure('no-page', 'The page is not built yet: npm run build.');
  let count = 0;
  const write = (path: string, text: string): void => {
    const file = join(out, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    count += 1;
  };
  const read = async (path: string): Promise<string> => {
    const response = await fetch(new URL(path, from));
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
    return response.text();
  };
  try {
    const directory = await read('/v1/directory');
    const trusted = await openDirectory(directory, rootKey ?? process.env['PORCHLIGHT_ROOT_KEY'] ?? DEMO_ROOT_KEY);
    if (!trusted.ok) return failure('directory', trusted.detail);
    const feed = v.parse(v.union([FeedSchema, FeedIndexSchema]), JSON.parse(await read('/v1/feed')));
    cpSync(page, out, { recursive: true });
    write('v1/directory', directory);
    write('v1/feed', JSON.stringify({ ...feed, accepts: [] }));
    const cells = 'cells' in feed ? feed.cells : {};
    for (const [cell, { version }] of Object.entries(cells)) {
      write(`v1/cells/${cell}/${version}`, await read(`/v1/cells/${cell}/${version}`));
    }
    for (const cell of 'cells' in feed ? Object.keys(cells) : ['all']) {
      write(`v1/comments/${cell}`, await read(`/v1/comments/${cell}`));
    }
    for (const { id } of trusted.value.directory.agencies) write(`v1/agencies/${id}`, await read(`/v1/agencies/${id}`));
    return ok(count);
  } catch (error) {
    return failure('hub', `The hub could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

if (import.meta.main) {
  const { values } = readCommandLine(USAGE, {
    options: {
      from: { type: 'string', default: 'http://localhost:4173' },
      out: { type: 'string', default: 'dist-static' },
    },
  });
  const done = await exportStatic({ from: values.from, out: resolve(values.out) });
  if (done.ok) console.log(`The page and ${done.value} files of the public record are in ${values.out}.`);
  else console.error(done.detail);
  process.exitCode = done.ok ? 0 : 1;
}
