/** Signed notes (c2sp.org/signed-note): a text that anyone can read and anyone can check, with one line per Ed25519 signature. */
import { base64 } from '@scure/base';
import { failure, ok, type Result } from '../contracts/result.ts';

/** The largest note read at all, in UTF-16 code units; Go's sumdb/note draws the line at a million bytes. */
const MAX_NOTE_LENGTH = 1_000_000;
/** The most signature lines read, as in Go's sumdb/note. */
const MAX_SIGNATURES = 100;
/** Signature type byte of plain Ed25519. */
const ED25519 = 0x01;
/** Marks a signature line: an em dash and a space. */
const SIGNATURE_PREFIX = '\u2014 ';
const SIGNER_KEY_PREFIX = 'PRIVATE+KEY+';
/** RFC 8410 §7: everything before the 32-byte seed in a PKCS #8 Ed25519 private key. */
const PKCS8_PREFIX = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

export type NoteProblem = 'malformed-note' | 'note-too-large';
export type KeyProblem = 'malformed-key';
export type SignatureProblem = 'forged-signature';

/** One signature line. `keyId` is four bytes as eight hexadecimal digits: a hint, not an identity. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** `text` is what is signed: it ends with a newline. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface VerifierKey {
  readonly name: string;
  readonly keyId: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** A key that can sign. `verifierKey` is its public half as a string, `signerKey` the private one. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: string;
  readonly verifierKey: string;
  readonly signerKey: string;
  sign(text: string): Promise<Uint8Array<ArrayBuffer>>;
}

const utf8 = new TextEncoder();

const concat = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
};

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));

/** Strict standard base64; null when it is not that. */
const fromBase64 = (encoded: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(base64.decode(encoded));
  } catch {
    return null;
  }
};

/** A key name: not empty, no whitespace, no plus sign. */
const isKeyName = (name: string): boolean => name !== '' && !/[\s\u0085+]/u.test(name) && name.isWellFormed();

const hasControlCharacter = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
};

/** The text's own rules: well-formed Unicode, no control characters but newline, and a newline at the end. */
const textProblem = (text: string): string | null => {
  if (!text.endsWith('\n')) return 'The text of a note must end with a newline.';
  if (!text.isWellFormed() || hasControlCharacter(text))
    return 'The note contains characters that a note may not have.';
  return null;
};

/** The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key), as the specification recommends for Ed25519. */
const ed25519KeyId = async (name: string, publicKey: Uint8Array): Promise<string> => {
  const digest = await crypto.subtle.digest(
    'SHA-256',
    concat(utf8.encode(`${name}\n`), Uint8Array.of(ED25519), publicKey),
  );
  return toHex(new Uint8Array(digest, 0, 4));
};

const parseSignatureLine = (line: string): NoteSignature | null => {
  if (!line.startsWith(SIGNATURE_PREFIX)) return null;
  const [name, encoded, ...rest] = line.slice(SIGNATURE_PREFIX.length).split(' ');
  if (name === undefined || encoded === undefined || rest.length > 0 || !isKeyName(name)) return null;
  const bytes = fromBase64(encoded);
  if (bytes === null || bytes.length < 5) return null;
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) };
};

/** Reads a note without checking any signature. */
export const parseNote = (note: string): Result<SignedNote, NoteProblem> => {
  if (note.length > MAX_NOTE_LENGTH) return failure('note-too-large', 'The note is larger than a million characters.');
  // The signatures follow the *last* blank line: the text may contain blank lines of its own.
  const split = note.lastIndexOf('\n\n');
  if (split === -1 || !note.endsWith('\n')) return failure('malformed-note', 'The note has no signature lines.');
  const text = note.slice(0, split + 1);
  const problem = textProblem(text);
  if (problem !== null) return failure('malformed-note', problem);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return failure('malformed-note', 'The note has more than 100 signature lines.');
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (signature === null) return failure('malformed-note', 'A signature line of the note is malformed.');
    signatures.push(signature);
  }
  return ok({ text, signatures });
};

/** The note as text, each signature on a line of its own. */
export const formatNote = (note: SignedNote): string =>
  `${note.text}\n${note.signatures
    .map((line) => `${SIGNATURE_PREFIX}${line.name} ${base64.encode(concat(fromHex(line.keyId), line.signature))}\n`)
    .join('')}`;

const splitKey = async (
  encoded: string,
): Promise<Result<{ name: string; keyId: string; key: Uint8Array<ArrayBuffer> }, KeyProblem>> => {
  const malformed = failure('malformed-key', 'A key is not of the form name+hash+base64 that signed notes use.');
  const [name = '', keyId = '', ...rest] = encoded.split('+');
  const bytes = fromBase64(rest.join('+'));
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(keyId) || bytes === null) return malformed;
  if (bytes.length !== 33 || bytes[0] !== ED25519) return malformed;
  return ok({ name, keyId, key: bytes.slice(1) });
};

/** Reads a verifier key string `name+hash+base64(0x01 ‖ public key)` and checks its hash. */
export const parseVerifierKey = async (encoded: string): Promise<Result<VerifierKey, KeyProblem>> => {
  const parts = await splitKey(encoded);
  if (!parts.ok) return parts;
  const { name, keyId, key } = parts.value;
  if ((await ed25519KeyId(name, key)) !== keyId)
    return failure('malformed-key', `The hash in the key of ${name} is wrong.`);
  return ok({ name, keyId, publicKey: key });
};

/** A signer from a raw 32-byte Ed25519 seed. Throws a RangeError when the name or the seed is not one. */
export const createSigner = async (name: string, seed: Uint8Array): Promise<NoteSigner> => {
  if (!isKeyName(name)) throw new RangeError('a key name is not empty and has neither spaces nor plus signs');
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes');
  const key = await crypto.subtle.importKey('pkcs8', concat(PKCS8_PREFIX, seed), 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', key);
  const publicKey = Uint8Array.from(base64.decode(`${x.replaceAll('-', '+').replaceAll('_', '/')}=`));
  const keyId = await ed25519KeyId(name, publicKey);
  const encode = (bytes: Uint8Array) => base64.encode(concat(Uint8Array.of(ED25519), bytes));
  return {
    name,
    keyId,
    verifierKey: `${name}+${keyId}+${encode(publicKey)}`,
    signerKey: `${SIGNER_KEY_PREFIX}${name}+${keyId}+${encode(seed)}`,
    sign: async (text) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, utf8.encode(text))),
  };
};

/** A signer over a key pair of the browser's own, whose private half may not be extractable: it has no signer key string. */
export const signerOfPair = async (name: string, pair: CryptoKeyPair): Promise<Omit<NoteSigner, 'signerKey'>> => {
  if (!isKeyName(name)) throw new RangeError('a key name is not empty and has neither spaces nor plus signs');
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const keyId = await ed25519KeyId(name, publicKey);
  return {
    name,
    keyId,
    verifierKey: `${name}+${keyId}+${base64.encode(concat(Uint8Array.of(ED25519), publicKey))}`,
    sign: async (text) => new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, utf8.encode(text))),
  };
};

/** Reads a signer key string `PRIVATE+KEY+name+hash+base64(0x01 ‖ seed)`, the form Go's tools write. */
export const parseSignerKey = async (encoded: string): Promise<Result<NoteSigner, KeyProblem>> => {
  if (!encoded.startsWith(SIGNER_KEY_PREFIX))
    return failure('malformed-key', 'A signer key must begin with PRIVATE+KEY+.');
  const parts = await splitKey(encoded.slice(SIGNER_KEY_PREFIX.length));
  if (!parts.ok) return parts;
  const signer = await createSigner(parts.value.name, parts.value.key);
  if (signer.keyId !== parts.value.keyId)
    return failure('malformed-key', `The hash in the key of ${signer.name} is wrong.`);
  return ok(signer);
};

/** What signing needs of a signer. */
export type Signs = Pick<NoteSigner, 'name' | 'keyId' | 'sign'>;

const signatureBy = async (text: string, signer: Signs): Promise<NoteSignature> => ({
  name: signer.name,
  keyId: signer.keyId,
  signature: await signer.sign(text),
});

/** Signs a text (which must end with a newline) and returns the whole note. `malformed-note` when the text cannot be one. */
export const signNote = async (text: string, signer: Signs): Promise<Result<string, NoteProblem>> => {
  const problem = textProblem(text);
  if (problem !== null) return failure('malformed-note', problem);
  return ok(formatNote({ text, signatures: [await signatureBy(text, signer)] }));
};

/** Adds a signature over the same text. A signature already there under the same key is replaced. */
export const coSignNote = async (note: string, signer: Signs): Promise<Result<string, NoteProblem>> => {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text, signatures } = parsed.value;
  const others = signatures.filter((line) => line.name !== signer.name || line.keyId !== signer.keyId);
  return ok(formatNote({ text, signatures: [...others, await signatureBy(text, signer)] }));
};

const verifies = async (text: string, line: NoteSignature, key: VerifierKey): Promise<boolean> => {
  try {
    const publicKey = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', publicKey, line.signature, utf8.encode(text));
  } catch {
    // WebCrypto throws for bytes that are no point of the curve.
    return false;
  }
};

/**
 * The keys among `keys` that signed this note, each at most once.
 * Lines of unknown keys are passed over; `forged-signature` when a line claims a known key and does not verify (the specification's rule).
 */
export const verifyNote = async <Key extends VerifierKey>(
  note: SignedNote,
  keys: readonly Key[],
): Promise<Result<readonly Key[], SignatureProblem>> => {
  const signedBy = new Set<Key>();
  for (const line of note.signatures) {
    const key = keys.find((candidate) => candidate.name === line.name && candidate.keyId === line.keyId);
    if (key === undefined || signedBy.has(key)) continue;
    if (!(await verifies(note.text, line, key))) {
      return failure('forged-signature', `The signature in the name of ${line.name} does not fit the text.`);
    }
    signedBy.add(key);
  }
  return ok([...signedBy]);
};
