/** What tus 1.0 says in header fields (tus.io/protocols/resumable-upload), read strictly: every refusal has its sentence. */
import { failure, ok, type Result } from '../../src/contracts/result.ts';

export const TUS_VERSION = '1.0.0';
/** What this hub speaks beside the core protocol. */
export const TUS_EXTENSIONS = 'creation,creation-with-upload,expiration';
export const TUS_BODY = 'application/offset+octet-stream';

/** The statuses that tus 1.0 and HTTP have for what can be wrong with an upload request. */
export type TusStatus = 400 | 404 | 409 | 410 | 412 | 413 | 415 | 422;

export interface Creation {
  readonly bytes: number;
  readonly request: string;
  readonly sha256: string;
}

export type HeaderProblem = 'no-version' | 'bad-header' | 'bad-type';

/** A non-negative whole number as tus writes it; null for anything else. */
const wholeNumber = (field: string | null): number | null =>
  field !== null && /^\d{1,15}$/.test(field) ? Number(field) : null;

/** How long the body says it is; null when it does not say. */
export const statedLength = (headers: Headers): number | null => wholeNumber(headers.get('Content-Length'));

/** Key and value pairs of Upload-Metadata, the values decoded; null when the field is not of that form. */
const metadataOf = (field: string): ReadonlyMap<string, string> | null => {
  const pairs = new Map<string, string>();
  for (const pair of field.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ');
    if (key === '' || more.length > 0 || pairs.has(key) || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return null;
    pairs.set(key, Buffer.from(value, 'base64').toString('utf8'));
  }
  return pairs;
};

/** Whether the request names the one version that there is. */
export const checkVersion = (headers: Headers): Result<void, 'no-version'> =>
  headers.get('Tus-Resumable') === TUS_VERSION
    ? ok(undefined)
    : failure('no-version', `Tus-Resumable must be ${TUS_VERSION}.`);

/** What a creation announces. */
export const readCreation = (headers: Headers): Result<Creation, HeaderProblem> => {
  const version = checkVersion(headers);
  if (!version.ok) return version;
  if (headers.has('Upload-Defer-Length'))
    return failure('bad-header', 'The length of a package must be given at once.');
  const bytes = wholeNumber(headers.get('Upload-Length'));
  if (bytes === null) return failure('bad-header', 'Upload-Length must be a whole number of bytes.');
  if (bytes === 0) return failure('bad-header', 'A package is never empty.');
  const metadata = metadataOf(headers.get('Upload-Metadata') ?? '');
  // File names and dates would tell the hub what it must not know.
  if (metadata === null || [...metadata.keys()].some((key) => key !== 'request' && key !== 'sha256')) {
    return failure('bad-header', 'Upload-Metadata holds request and sha256 in base64, and nothing else.');
  }
  const [request = '', sha256 = ''] = [metadata.get('request'), metadata.get('sha256')];
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    return failure(
      'bad-header',
      'Upload-Metadata must give the package’s SHA-256 in lower-case hexadecimal as sha256.',
    );
  }
  return ok({ bytes, request, sha256 });
};

/** The offset at which a PATCH begins. */
export const readOffset = (headers: Headers): Result<number, HeaderProblem> => {
  const version = checkVersion(headers);
  if (!version.ok) return version;
  if (headers.get('Content-Type') !== TUS_BODY) return failure('bad-type', `The content type must be ${TUS_BODY}.`);
  const offset = wholeNumber(headers.get('Upload-Offset'));
  if (offset === null) return failure('bad-header', 'Upload-Offset must be a whole number of bytes.');
  return ok(offset);
};

/** Upload-Metadata as the creation gave it: HEAD repeats it. */
export const writeMetadata = ({ request, sha256 }: Pick<Creation, 'request' | 'sha256'>): string =>
  Object.entries({ request, sha256 })
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
