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

describe('the second published signer', () => {
  const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
  const LINE =
    '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

  it('stands beside the first; a line that comes twice counts once', async () => {
    const keys = await Promise.all([VERIFIER, ENOCH].map(parseVerifierKey));
    const known = keys.flatMap((key) => (key.ok ? [key.value] : []));
    const note = parseNote(`${NOTE}${LINE}${LINE}`);
    if (!note.ok) throw new Error(note.detail);
    const signedBy = await verifyNote(note.value, known);
    expect(signedBy.ok && signedBy.value.map(({ name }) => name)).toEqual(['PeterNeumann', 'EnochRoot']);
  });
});
