/**
 * Signed HTTP requests (RFC 9421, Ed25519): what an agency or a reviewer asks of the hub for itself alone. One profile, narrow on
 * purpose: the signature covers method, authority, path and query, and the body's digest (RFC 9530) where there is a body.
 */
import { base64 } from '@scure/base';
import { parseDictionary, serializeInnerList, serializeItem, type BareItem, type InnerList } from 'structured-headers';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { EpochMs, Ms } from '../contracts/units.ts';
import type { Signs, VerifierKey } from './signed-note.ts';

/** Tells these signatures from any made for another purpose (RFC 9421 §2.3). */
const TAG = 'porchlight-v1';
const LABEL = 'porchlight';
const LIFETIME_S = 60;
/** Clocks may differ by this much. */
const SKEW_S = 60;
const COVERED = ['@method', '@authority', '@path', '@query'] as const;

/** What is signed of a request. `authority` is host and port as in the Host header, lower case. */
export interface SignableRequest {
  readonly method: string;
  readonly authority: string;
  /** With the leading slash, without the query. */
  readonly path: string;
  /** With the question mark, or `?` alone when there is none (RFC 9421 §2.2.7). */
  readonly query: string;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

export type SignatureRefusal = 'unsigned' | 'malformed' | 'expired' | 'wrong-key' | 'wrong-signature';

/** Splits a path with its query as `SignableRequest` wants them. */
export const splitPath = (pathAndQuery: string): Pick<SignableRequest, 'path' | 'query'> => {
  const at = pathAndQuery.indexOf('?');
  return at === -1
    ? { path: pathAndQuery, query: '?' }
    : { path: pathAndQuery.slice(0, at), query: pathAndQuery.slice(at) };
};

/** Each component of the signature base that may be covered, by RFC 9421's name; any other is refused. */
export type Components = Readonly<Record<string, string>>;

/** The signature base (RFC 9421 §2.5). Null when a covered component has no value here. */
export const signatureBase = (covered: InnerList, components: Components): string | null => {
  const lines: string[] = [];
  for (const item of covered[0]) {
    const [name, parameters] = item;
    const value = typeof name === 'string' && parameters.size === 0 ? components[name] : undefined;
    if (value === undefined) return null;
    lines.push(`${serializeItem(item)}: ${value}`);
  }
  return `${[...lines, `"@signature-params": ${serializeInnerList(covered)}`].join('\n')}`;
};

const digestField = async (body: Uint8Array<ArrayBuffer>): Promise<string> =>
  `sha-256=:${base64.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))}:`;

const componentsOf = ({ method, authority, path, query }: SignableRequest, digest: string | null): Components => ({
  '@method': method,
  '@authority': authority,
  '@path': path,
  '@query': query,
  ...(digest === null ? {} : { 'content-digest': digest }),
});

/** The header fields to add to a request so that the hub knows who asks. `signer` as in signed notes; its name and hash become the key id. */
export const signRequest = async (
  request: SignableRequest,
  signer: Signs,
  now: EpochMs,
): Promise<Readonly<Record<string, string>>> => {
  const digest = request.body === null ? null : await digestField(request.body);
  const created = Math.floor(now / 1000);
  const names = digest === null ? COVERED : [...COVERED, 'content-digest'];
  const parameters = new Map<string, BareItem>([
    ['created', created],
    ['expires', created + LIFETIME_S],
    ['keyid', `${signer.name}+${signer.keyId}`],
    ['alg', 'ed25519'],
    ['tag', TAG],
  ]);
  const covered: InnerList = [names.map((name) => [name, new Map()]), parameters];
  const base = signatureBase(covered, componentsOf(request, digest));
  if (base === null) throw new Error('every covered component has a value');
  const signature = base64.encode(await signer.sign(base));
  return {
    'Signature-Input': `${LABEL}=${serializeInnerList(covered)}`,
    Signature: `${LABEL}=:${signature}:`,
    ...(digest === null ? {} : { 'Content-Digest': digest }),
  };
};

interface ParsedSignature {
  readonly covered: InnerList;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly created: number;
  readonly expires: number;
  readonly keyId: string;
}

const isInnerList = (value: unknown): value is InnerList => Array.isArray(value) && Array.isArray(value[0]);

const parseSignature = (input: string, signatures: string): ParsedSignature | null => {
  try {
    const covered = parseDictionary(input).get(LABEL);
    const [bytes] = parseDictionary(signatures).get(LABEL) ?? [];
    if (!isInnerList(covered) || !(bytes instanceof ArrayBuffer)) return null;
    const [created, expires, keyId, alg, tag] = ['created', 'expires', 'keyid', 'alg', 'tag'].map((name) =>
      covered[1].get(name),
    );
    if (typeof created !== 'number' || typeof expires !== 'number' || typeof keyId !== 'string') return null;
    if (alg !== 'ed25519' || tag !== TAG) return null;
    return { covered, signature: new Uint8Array(bytes), created, expires, keyId };
  } catch {
    return null;
  }
};

/** The profile's components in any order, each once; the digest exactly when there is a body. */
const coversEnough = (covered: InnerList, withBody: boolean): boolean => {
  const names = covered[0].map(([name]) => name);
  const wanted = withBody ? [...COVERED, 'content-digest'] : COVERED;
  return names.length === wanted.length && wanted.every((name) => names.includes(name));
};

/** Imported once per key: a hub asks the same few keys again and again. */
const verifies = async (base: string, signature: Uint8Array<ArrayBuffer>, key: VerifierKey): Promise<boolean> => {
  try {
    const publicKey = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', publicKey, signature, new TextEncoder().encode(base));
  } catch {
    return false;
  }
};

export interface SignatureFields {
  readonly signatureInput: string | null;
  readonly signature: string | null;
  readonly contentDigest: string | null;
}

/** Which of `keys` signed this request just now; otherwise why none did. */
export const verifyRequest = async <Key extends VerifierKey>(
  request: SignableRequest,
  fields: SignatureFields,
  keys: readonly Key[],
  now: EpochMs,
  skewMs: Ms = SKEW_S * 1000,
): Promise<Result<Key, SignatureRefusal>> => {
  if (fields.signatureInput === null || fields.signature === null) {
    return failure('unsigned', 'This is for those alone whose key signs the request (RFC 9421).');
  }
  const parsed = parseSignature(fields.signatureInput, fields.signature);
  if (parsed === null || !coversEnough(parsed.covered, request.body !== null)) {
    return failure('malformed', 'The signature fields are not of the form that this hub reads.');
  }
  const { created, expires, keyId } = parsed;
  if (created * 1000 > now + skewMs || expires * 1000 <= now - skewMs || expires - created > LIFETIME_S) {
    return failure('expired', 'The signature is not of this minute: check the clock, and sign again.');
  }
  const key = keys.find((candidate) => `${candidate.name}+${candidate.keyId}` === keyId);
  if (key === undefined) return failure('wrong-key', 'The directory gives this key no right to this.');
  const digest = request.body === null ? null : await digestField(request.body);
  if (digest !== fields.contentDigest) return failure('wrong-signature', 'The digest is not the body’s.');
  const base = signatureBase(parsed.covered, componentsOf(request, digest));
  if (base === null || !(await verifies(base, parsed.signature, key))) {
    return failure('wrong-signature', 'The signature does not fit the request.');
  }
  return ok(key);
};
