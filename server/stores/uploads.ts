/** Resumable uploads (tus 1.0, core and creation) of sealed packages, through @tus/server. */
import { randomBytes } from 'node:crypto';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { Ms } from '../../src/contracts/units.ts';

export interface UploadRules {
  readonly folder: string;
  readonly maxBytes: number;
  readonly lifetimeMs: Ms;
  isOpen(request: string): Promise<boolean>;
  /** Called with each completely uploaded id; a sentence when the upload is refused after all. */
  onComplete(id: string): Promise<string | null>;
}

/** @tus/server answers with the `status_code` and `body` of what its hooks throw. */
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

/** The tus server for `/v1/packages` and the file store behind it. */
export const createUploads = (rules: UploadRules): { readonly tus: Server; readonly store: FileStore } => {
  const store = new FileStore({ directory: rules.folder, expirationPeriodInMilliseconds: rules.lifetimeMs });
  const tus = new Server({
    path: '/v1/packages',
    datastore: store,
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
  });
  return { tus, store };
};
