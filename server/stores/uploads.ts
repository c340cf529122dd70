/** Resumable uploads (tus 1.0, core, creation and expiration) of sealed packages, through @tus/server; each is a row while it lasts. */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DataStore, Server, Upload } from '@tus/server';
import type { EpochMs, Ms } from '../../src/contracts/units.ts';
import type { HubDatabase } from './database.ts';
import type { PackageBytes } from './package-bytes.ts';
import { troubleOf } from './trouble.ts';

export interface UploadRules {
  readonly db: HubDatabase;
  readonly bytes: PackageBytes;
  readonly maxBytes: number;
  readonly lifetimeMs: Ms;
  readonly now: () => EpochMs;
  isOpen(request: string): Promise<boolean>;
  /** Called with each completely uploaded id; a sentence when the upload is refused after all. */
  onComplete(id: string): Promise<string | null>;
}

/** @tus/server answers with the `status_code` and `body` of what its hooks and stores throw. */
class UploadRefusal extends Error {
  readonly status_code: number;
  readonly body: string;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status_code = status;
    this.body = sentence;
  }
}

const checkCreation = async (
  headers: Headers,
  metadata: Record<string, string | null>,
  rules: UploadRules,
): Promise<void> => {
  if (headers.has('Upload-Defer-Length'))
    throw new UploadRefusal(400, 'The length of a package must be given at once.');
  const { request, sha256, ...others } = metadata;
  // File names and dates would tell the hub what it must not know.
  if (Object.keys(others).length > 0)
    throw new UploadRefusal(400, 'Upload-Metadata holds request and sha256, and nothing else.');
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new UploadRefusal(
      400,
      'Upload-Metadata must give the package’s SHA-256 in lower-case hexadecimal as sha256.',
    );
  }
  if (typeof request !== 'string' || !(await rules.isOpen(request))) {
    throw new UploadRefusal(409, 'Packages are taken for open requests only; this one is closed, expired or unknown.');
  }
};

/** A tus store whose facts are rows and whose bytes lie in a folder or a bucket. */
class HubUploads extends DataStore {
  readonly #rules: UploadRules;

  constructor(rules: UploadRules) {
    super();
    this.#rules = rules;
    // The deferred length is refused below, with a sentence that says why; without its extension tus would say 501.
    this.extensions = ['creation', 'creation-with-upload', 'creation-defer-length', 'expiration'];
  }

  override async create(upload: Upload): Promise<Upload> {
    const { db, bytes, now } = this.#rules;
    const createdAt = new Date(now());
    await bytes.begin(upload.id);
    await db
      .insertInto('uploads')
      .values({
        id: upload.id,
        request_id: upload.metadata?.['request'] ?? '',
        sha256: upload.metadata?.['sha256'] ?? '',
        bytes: upload.size ?? 0,
        arrived: 0,
        created_at: createdAt,
      })
      .execute();
    upload.creation_date = createdAt.toISOString();
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { db, bytes } = this.#rules;
    const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new UploadRefusal(404, 'There is no such upload.');
    return new Upload({
      id,
      size: Number(row.bytes),
      offset: (await bytes.arrived(id)) ?? Number(row.arrived),
      metadata: { request: row.request_id, sha256: row.sha256 },
      creation_date: row.created_at.toISOString(),
    });
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const { db, bytes } = this.#rules;
    return bytes.append(id, offset, stream, async (end) => {
      await db.updateTable('uploads').set({ arrived: end }).where('id', '=', id).execute();
    });
  }

  override getExpiration(): number {
    return this.#rules.lifetimeMs;
  }
}

/** The tus server for `/v1/packages`. */
export const createUploads = (rules: UploadRules): Server =>
  new Server({
    path: '/v1/packages',
    datastore: new HubUploads(rules),
    maxSize: rules.maxBytes,
    relativeLocation: true,
    allowedOrigins: [],
    disableTerminationForFinishedUploads: true,
    // 128 random bits: whoever knows an upload's address may go on with it, and nobody can guess one.
    namingFunction: () => randomBytes(16).toString('hex'),
    onUploadCreate: async (request, upload) => {
      await checkCreation(request.headers, upload.metadata ?? {}, rules);
      if (upload.size === 0) throw new UploadRefusal(400, 'A package is never empty.');
      return {};
    },
    onUploadFinish: async (_, upload) => {
      const problem = await rules.onComplete(upload.id);
      if (problem !== null) throw new UploadRefusal(422, problem);
      return {};
    },
    onResponseError: (_, error) => {
      const trouble = troubleOf(error);
      if (trouble === 'storage-full') return { status_code: 507, body: '' };
      return trouble === null ? undefined : { status_code: 503, body: '' };
    },
  });
