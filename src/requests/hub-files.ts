/** Reads a file of the hub, and only if it has changed since it was kept here (RFC 9110 §13.1.2). */
import * as v from 'valibot';
import type { Net } from '../contracts/net.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { HubFileStore } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { sha256Hex } from '../core/sha256.ts';

export type FetchProblem = 'unreachable' | 'unreadable' | 'not-there';

export interface HubFileReader {
  /** The file's text, from here when the hub says that it is the same. */
  text(path: string, purpose: string, signal?: AbortSignal): Promise<Result<string, FetchProblem>>;
  /** Of a file that never changes under its name: not even asked for when it is kept here. */
  immutable(path: string, purpose: string, signal?: AbortSignal): Promise<Result<string, FetchProblem>>;
  /** The file as kept here, without asking; null when it is not. */
  kept(path: string): Promise<string | null>;
  /** Forgets the kept files under a folder but these. */
  keepOnly(folder: string, paths: readonly string[]): Promise<void>;
}

const decode = (body: Uint8Array): Result<string, FetchProblem> => {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return failure('unreadable', 'The hub sent something that is no text.');
  }
};

/**
 * A hub could give every page an ETag of its own and recognise it by what it sends back, as by a cookie. So only the hash of the
 * content is ever sent back, with or without the mark of the compressed variant.
 */
const isHashOf = async (etag: string, body: Uint8Array<ArrayBuffer>): Promise<boolean> => {
  const hash = (await sha256Hex(body)).slice(0, 32);
  return etag === `"${hash}"` || etag === `"${hash}-br"`;
};

/** Without a store every file is fetched whole each time. */
export const createHubFileReader = (net: Net, files: HubFileStore | null, now: () => EpochMs): HubFileReader => {
  const kept = async (path: string) => (files === null ? null : files.get(path).catch(() => null));

  const text: HubFileReader['text'] = async (path, purpose, signal) => {
    const before = await kept(path);
    const response = await net.send({
      method: 'GET',
      path,
      purpose,
      ...(before === null ? {} : { headers: { 'If-None-Match': before.etag } }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 304 && before !== null) return ok(before.text);
    if (!response.ok) return failure(response.status === 404 ? 'not-there' : 'unreachable', response.detail);
    const decoded = decode(response.body);
    const etag = response.headers.get('ETag');
    // What cannot be kept is fetched again next time: nothing is lost.
    if (decoded.ok && etag !== null && (await isHashOf(etag, response.body))) {
      await files?.put({ path, etag, text: decoded.value, fetchedAt: now() });
    }
    return decoded;
  };

  return {
    text,
    kept: async (path) => (await kept(path))?.text ?? null,
    immutable: async (path, purpose, signal) => {
      const before = await kept(path);
      return before === null ? text(path, purpose, signal) : ok(before.text);
    },
    keepOnly: async (folder, paths) => {
      await files?.keepOnly(folder, paths);
    },
  };
};

/** Reads JSON by its schema; null when it is anything else. */
export const parseJson = <Schema extends v.GenericSchema>(
  schema: Schema,
  json: string,
): v.InferOutput<Schema> | null => {
  try {
    const checked = v.safeParse(schema, JSON.parse(json));
    return checked.success ? checked.output : null;
  } catch {
    return null;
  }
};
