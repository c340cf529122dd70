/** Parsers that take a stranger's bytes: whatever comes, they answer, never throw, and leave every prototype as it was. */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { openDirectory } from '../../../src/core/trusted-directory.ts';
import { documentText, readDocument, type NoteKind } from '../../../src/core/typed-note.ts';
import { parseNote, parseSignerKey, parseVerifierKey, signNote } from '../../../src/core/signed-note.ts';
import { readStoredZip } from '../../../src/core/stored-zip.ts';
import { routeOf } from '../../../src/ui/router.ts';
import { DEMO_ROOT_KEY } from '../../../tools/demo/root-key.ts';
import { demoDirectoryNote } from '../../../tools/demo/documents.ts';
import { demoSigner } from '../../../tools/demo/keys.ts';
import { HOSTILE } from '../../support/hostile.ts';

const RUNS = { numRuns: 200 };
const prototypes = JSON.stringify(
  [Object, Array, String, Map].map((base) => Object.getOwnPropertyNames(base.prototype)),
);
afterEach(() => {
  expect(JSON.stringify([Object, Array, String, Map].map((base) => Object.getOwnPropertyNames(base.prototype)))).toBe(
    prototypes,
  );
});

/** Text as strangers write it: anything, hostile texts, and pieces of notes. */
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...HOSTILE));

/** A genuine note with some bytes taken out, put in or changed. */
const damaged = (note: string) =>
  fc
    .tuple(fc.nat(note.length), fc.nat(12), anyText)
    .map(([at, less, more]) => note.slice(0, at) + more + note.slice(at + less));

const KINDS: readonly NoteKind[] = ['directory', 'request', 'status', 'receipt'];

describe('signed notes and the documents in them', () => {
  test('parse or say what is wrong', async () => {
    const directory = await demoDirectoryNote(Date.UTC(2026, 10, 23));
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText, damaged(directory)), async (text) => {
        expect(typeof parseNote(text).ok).toBe('boolean');
        for (const kind of KINDS) expect(typeof readDocument(kind, text).ok).toBe('boolean');
        const opened = await openDirectory(text, DEMO_ROOT_KEY);
        // Only the very text that was signed opens.
        if (opened.ok)
          expect(text.slice(0, directory.indexOf('\n\n'))).toBe(directory.slice(0, directory.indexOf('\n\n')));
      }),
      RUNS,
    );
  });

  test('never carry a prototype along, even when genuinely signed', async () => {
    const signer = await demoSigner('police');
    const json = '{"__proto__":{"pwned":1},"constructor":{"prototype":{"pwned":1}},"id":"x"}';
    const note = await signNote(documentText('request', JSON.parse(json) as never), signer);
    if (!note.ok) throw new Error(note.detail);
    expect(readDocument('request', note.value).ok).toBe(false);
    expect(Reflect.get({}, 'pwned')).toBeUndefined();
  });

  test('keys parse or say what is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        expect(typeof (await parseVerifierKey(text)).ok).toBe('boolean');
        expect(typeof (await parseSignerKey(text)).ok).toBe('boolean');
      }),
      RUNS,
    );
  });
});

test('a ZIP of any bytes is read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
      const end = new Uint8Array([0x50, 0x4b, 5, 6, ...bytes.slice(0, 18)]);
      for (const file of [Uint8Array.from(bytes), Uint8Array.from([...bytes, ...end])])
        expect(typeof (await readStoredZip(new Blob([file]))).ok).toBe('boolean');
    }),
    RUNS,
  );
});

test('an address names a screen or none', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 4 }), anyText, (parts, query) => {
      const path = parts.map(encodeURIComponentSafe).join('/');
      const url = new URL(
        `https://porchlight.example/${path}?show=${encodeURIComponentSafe(query)}#${encodeURIComponentSafe(query)}`,
      );
      expect(routeOf(url).screen).toMatch(/^[a-z-]+$/);
    }),
    RUNS,
  );
});

/** Lone surrogates cannot be percent-encoded. */
function encodeURIComponentSafe(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
