/** Documents in notes: the type line, the schema, and what a schema cannot say. */
import { describe, expect, it } from 'vitest';
import type { FootageRequest } from '../../../src/contracts/request.ts';
import { createSigner, signNote } from '../../../src/core/signed-note.ts';
import { documentText, noteKind, readDocument, textSha256 } from '../../../src/core/typed-note.ts';
import { demoTown } from '../../../tools/demo/town.ts';

const first = demoTown(Date.parse('2026-11-23T20:00:00Z')).requests[0];
if (first === undefined) throw new Error('the demo town has requests');
const DOCUMENT: FootageRequest = { ...first.document, seq: 1, prev: null };

const noteOf = async (text: string): Promise<string> => {
  const note = await signNote(text, await createSigner('someone.example', new Uint8Array(32)));
  if (!note.ok) throw new Error(note.detail);
  return note.value;
};

describe('a document in a note', () => {
  it('comes back as it went in', async () => {
    const read = readDocument('request', await noteOf(documentText('request', DOCUMENT)));
    expect(read).toMatchObject({ ok: true, value: { kind: 'request', document: DOCUMENT } });
  });

  it('names its kind in the first line', () => {
    expect(noteKind(documentText('request', DOCUMENT))).toBe('request');
    expect(noteKind('porchlight/request/v2\n{}\n')).toBeNull();
    expect(noteKind('')).toBeNull();
  });

  it('is not read as another kind', async () => {
    const note = await noteOf(documentText('request', DOCUMENT));
    expect(readDocument('status', note)).toMatchObject({ ok: false, reason: 'wrong-type' });
  });

  it.each([
    ['not JSON', 'porchlight/request/v1\n{"id":\n'],
    ['a member too many', documentText('request', { ...DOCUMENT, extra: true } as FootageRequest)],
    ['a member missing', documentText('request', { ...DOCUMENT, title: undefined } as unknown as FootageRequest)],
    ['a latitude of 91', documentText('request', { ...DOCUMENT, incident: [0, 91] })],
    [
      'a zone that does not exist',
      documentText('request', { ...DOCUMENT, window: { ...DOCUMENT.window, zone: 'Mars/Olympus' } }),
    ],
  ])('is refused when it has %s', async (_, text) => {
    expect(readDocument('request', await noteOf(text))).toMatchObject({ ok: false, reason: 'malformed-document' });
  });

  it('chains by the SHA-256 of its text in UTF-8', async () => {
    expect(await textSha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
