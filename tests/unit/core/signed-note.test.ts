/** Signed notes against the key, text and signature that Go's sumdb/note publishes, and against damage of every kind. */
import { describe, expect, it } from 'vitest';
import {
  coSignNote,
  createSigner,
  formatNote,
  parseNote,
  parseSignerKey,
  parseVerifierKey,
  signNote,
  verifyNote,
} from '../../../src/core/signed-note.ts';
import type { Result } from '../../../src/contracts/result.ts';

const SIGNER = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const VERIFIER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
const NOTE = `${TEXT}\n${SIGNATURE}\n`;

const value = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
};
const reason = (result: Result<unknown, string>): string => (result.ok ? 'ok' : result.reason);
const stranger = () => createSigner('stranger.example', new Uint8Array(32).fill(7));

describe('the published example', () => {
  it('verifies, and only under its own key', async () => {
    const peter = value(await parseVerifierKey(VERIFIER));
    const other = value(await parseVerifierKey((await stranger()).verifierKey));
    const note = value(parseNote(NOTE));
    expect(note.text).toBe(TEXT);
    expect(value(await verifyNote(note, [other, peter]))).toEqual([peter]);
    expect(value(await verifyNote(note, [other]))).toEqual([]);
  });

  it('is what the published signer key signs, byte for byte', async () => {
    const signer = value(await parseSignerKey(SIGNER));
    expect(signer.verifierKey).toBe(VERIFIER);
    expect(signer.signerKey).toBe(SIGNER);
    expect(value(await signNote(TEXT, signer))).toBe(NOTE);
    expect(formatNote(value(parseNote(NOTE)))).toBe(NOTE);
  });
});

describe('signatures', () => {
  it.each([
    ['one changed letter', NOTE.replace('answer', 'Answer')],
    ['a blank line more', NOTE.replace('problem,\n', 'problem,\n\n')],
    ['a changed signature', NOTE.replace('x08go/ZJ', 'x08go/ZK')],
    ['a truncated signature', `${TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQ\n`],
  ])('do not verify after %s', async (_, damaged) => {
    const peter = value(await parseVerifierKey(VERIFIER));
    expect(reason(await verifyNote(value(parseNote(damaged)), [peter]))).toBe('forged-signature');
  });

  it('of two signers stand on the same text, in any order', async () => {
    const peter = value(await parseVerifierKey(VERIFIER));
    const other = await stranger();
    const both = value(await coSignNote(NOTE, other));
    const keys = [value(await parseVerifierKey(other.verifierKey)), peter];
    expect(value(await verifyNote(value(parseNote(both)), keys))).toHaveLength(2);
    expect(value(await coSignNote(both, other))).toBe(both);
    expect(value(parseNote(both)).text).toBe(TEXT);
  });

  it('of a known name under an unknown key are passed over', async () => {
    const impostor = await createSigner('PeterNeumann', new Uint8Array(32).fill(9));
    const peter = value(await parseVerifierKey(VERIFIER));
    const note = value(await signNote(TEXT, impostor));
    expect(value(await verifyNote(value(parseNote(note)), [peter]))).toEqual([]);
  });
});

describe('malformed notes', () => {
  it.each([
    ['nothing', ''],
    ['no signature', TEXT],
    ['no newline at the end', NOTE.slice(0, -1)],
    ['a blank line and nothing after it', `${TEXT}\n`],
    ['a hyphen for the dash', NOTE.replace('\u2014', '-')],
    ['a key name with a plus', NOTE.replace('\u2014 Peter', '\u2014 Peter+')],
    ['a third word on the signature line', NOTE.replace('nAM=', 'nAM= x')],
    ['bad base64', NOTE.replace('nAM=', 'nA%=')],
    ['a control character', NOTE.replace('If', 'If\t')],
    ['a lone surrogate', NOTE.replace('If', 'If\ud800')],
    ['101 signatures', NOTE + `${SIGNATURE}\n`.repeat(100)],
  ])('are refused: %s', (_, note) => {
    expect(reason(parseNote(note))).toBe('malformed-note');
  });

  it('are refused beyond a million characters, before anything is read', () => {
    expect(reason(parseNote('a'.repeat(1_000_001)))).toBe('note-too-large');
  });

  it('are never signed', async () => {
    expect(reason(await signNote('no newline', await stranger()))).toBe('malformed-note');
    expect(reason(await signNote('a tab\t\n', await stranger()))).toBe('malformed-note');
  });
});

describe('malformed keys', () => {
  it.each([
    ['a wrong hash', VERIFIER.replace('c74f20a3', 'c74f20a4')],
    ['a wrong name', VERIFIER.replace('Neumann', 'Newman')],
    ['an unknown algorithm', VERIFIER.replace('+AR', '+BR')],
    ['missing parts', 'PeterNeumann'],
    ['a short key', 'PeterNeumann+c74f20a3+ARpc'],
    ['a space in the name', VERIFIER.replace('r', ' r')],
  ])('are refused: %s', async (_, key) => {
    expect(reason(await parseVerifierKey(key))).toBe('malformed-key');
  });

  it('are refused as signer keys, too', async () => {
    expect(reason(await parseSignerKey(VERIFIER))).toBe('malformed-key');
    expect(reason(await parseSignerKey(SIGNER.replace('c74f20a3', 'c74f20a4')))).toBe('malformed-key');
  });
});

/** What else Go's sumdb/note (golang.org/x/mod/sumdb/note, its tests) says of keys and notes. */
describe('as Go’s sumdb/note has it', () => {
  const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
  const PETER_LINE = `${SIGNATURE}\n`;
  const ENOCH_LINE =
    '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
  /** Three bytes more in the middle of the signature. */
  const longer = (line: string): string => `${line.slice(0, 58)}ABCD${line.slice(58)}`;
  const outcome = async (note: string, ...keys: readonly string[]): Promise<readonly string[] | string> => {
    const parsed = parseNote(note);
    if (!parsed.ok) return parsed.reason;
    const known = await Promise.all(keys.map(async (key) => value(await parseVerifierKey(key))));
    const signedBy = await verifyNote(parsed.value, known);
    return signedBy.ok ? signedBy.value.map(({ name }) => name) : signedBy.reason;
  };

  it.each<[string, string, readonly string[], readonly string[] | string]>([
    ['both known', PETER_LINE + ENOCH_LINE, [VERIFIER, ENOCH], ['PeterNeumann', 'EnochRoot']],
    ['one known', PETER_LINE + ENOCH_LINE, [VERIFIER], ['PeterNeumann']],
    ['none known', PETER_LINE + ENOCH_LINE, [], []],
    ['a known one twice', PETER_LINE + ENOCH_LINE + ENOCH_LINE, [VERIFIER, ENOCH], ['PeterNeumann', 'EnochRoot']],
    [
      'doubles, and a broken one of an unknown key',
      PETER_LINE + PETER_LINE + ENOCH_LINE + ENOCH_LINE + longer(ENOCH_LINE),
      [VERIFIER],
      ['PeterNeumann'],
    ],
    ['a broken one of a known key', longer(PETER_LINE), [VERIFIER], 'forged-signature'],
    ['a hundred', PETER_LINE.repeat(100), [VERIFIER], ['PeterNeumann']],
    ['a hundred and one', PETER_LINE.repeat(101), [VERIFIER], 'malformed-note'],
    ['a hundred and one, none known', PETER_LINE.repeat(101), [], 'malformed-note'],
    ['a name with a space', PETER_LINE.replace('PeterNeumann', 'Bad Name'), [VERIFIER], 'malformed-note'],
    ['a line that is none', `${PETER_LINE}Unexpected line.\n`, [VERIFIER], 'malformed-note'],
    ['under another name', PETER_LINE.replace('PeterNeumann', 'CarmenSandiego'), [VERIFIER], []],
    ['under another hash', PETER_LINE.replace('x08g', 'xxxx'), [VERIFIER], []],
  ])('signatures: %s', async (_, lines, keys, expected) => {
    expect(await outcome(`${TEXT}\n${lines}`, ...keys)).toEqual(expected);
  });

  it('a text with a control character, or with bytes that are no UTF-8, is no note that anybody signed', async () => {
    expect(await outcome(`\u0001${TEXT}\n${PETER_LINE}`, VERIFIER)).toBe('malformed-note');
    // As it comes from the network: read as UTF-8, a byte that is none becomes U+FFFD, which nobody signed.
    const bytes = new Uint8Array([0xff, ...new TextEncoder().encode(NOTE)]);
    expect(await outcome(await new Response(bytes).text(), VERIFIER)).toBe('forged-signature');
  });

  it('a signature that is there already is replaced by the signer’s own', async () => {
    const signer = value(await parseSignerKey(SIGNER));
    const bad = `${TEXT}\n${SIGNATURE.slice(0, -8)}AAAAAAM=\n`;
    expect(await outcome(bad, VERIFIER)).toBe('forged-signature');
    expect(value(await coSignNote(bad, signer))).toBe(NOTE);
  });

  it.each([
    ['verifier key', VERIFIER, parseVerifierKey],
    ['signer key', SIGNER, parseSignerKey],
  ] as const)('no part of a %s, and none with one character changed, is a key', async (_, key, parse) => {
    const manglings: string[] = [];
    for (let from = 0; from < key.length; from += 1) {
      for (let to = from + 1; to <= key.length; to += 1) manglings.push(key.slice(from, to));
      manglings.push(key.slice(0, from) + String.fromCodePoint(key.charCodeAt(from) + 1) + key.slice(from + 1));
    }
    const taken: string[] = [];
    for (const mangled of manglings) if ((await parse(mangled)).ok) taken.push(mangled);
    expect(taken).toEqual([key]);
  });

  it.each([
    ['a key that is too long', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['an unknown algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ])('%s is none, although its hash is right', async (_, key) => {
    expect(reason(await parseVerifierKey(key))).toBe('malformed-key');
  });
});
