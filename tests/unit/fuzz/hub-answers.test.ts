/** Whatever a hub answers for directory, feed, cells, comments and histories: the page shows a record or says what is wrong, and asks for nothing odd. */
import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AgencyHistorySchema } from '../../../src/contracts/agency-history.ts';
import { CommentsFileSchema } from '../../../src/contracts/comments.ts';
import { LibraryFileSchema } from '../../../src/contracts/library-file.ts';
import type { Net } from '../../../src/contracts/net.ts';
import { ok } from '../../../src/contracts/result.ts';
import type { NoteStore } from '../../../src/contracts/storage.ts';
import { verifyHistory } from '../../../src/core/agency-history.ts';
import { signNote } from '../../../src/core/signed-note.ts';
import { openDirectory, type TrustedDirectory } from '../../../src/core/trusted-directory.ts';
import { documentText, textSha256 } from '../../../src/core/typed-note.ts';
import { readComments } from '../../../src/requests/comment-reader.ts';
import { parseJson } from '../../../src/requests/hub-files.ts';
import { createPublicRecordKeeper } from '../../../src/requests/public-record.ts';
import { demoDirectoryNote } from '../../../tools/demo/documents.ts';
import { demoSigner } from '../../../tools/demo/keys.ts';
import { DEMO_ROOT_KEY } from '../../../tools/demo/root-key.ts';
import { HOSTILE } from '../../support/hostile.ts';

const NOW = Date.UTC(2026, 10, 23);
const RUNS = { numRuns: 300 };

const PROTOTYPES = [Object, Array, String, Map].map(({ prototype }) => prototype as object);
const namesOfPrototypes = (): string => JSON.stringify(PROTOTYPES.map((each) => Object.getOwnPropertyNames(each)));
const before = namesOfPrototypes();
afterEach(() => {
  expect(namesOfPrototypes()).toBe(before);
  expect(Reflect.get({}, 'pwned')).toBeUndefined();
});

let directory = '';
let trusted: TrustedDirectory;
let note = '';
let noteId = '';
beforeAll(async () => {
  directory = await demoDirectoryNote(NOW);
  const opened = await openDirectory(directory, DEMO_ROOT_KEY);
  if (!opened.ok) throw new Error(opened.detail);
  trusted = opened.value;
  const signer = await demoSigner('police');
  const text = documentText('status', {
    ...{ request: 'van', agency: 'wrenfield-police', status: 'resolved', at: new Date(NOW).toISOString() },
  });
  const signed = await signNote(text, signer);
  if (!signed.ok) throw new Error(signed.detail);
  [note, noteId] = [signed.value, await textSha256(text)];
});

const FEED = () => ({ version: 1, generated: new Date(NOW).toISOString(), requests: [note, note], statuses: [note] });
const INDEX = () => ({
  ...{ version: 1, generated: new Date(NOW).toISOString(), open: 9_000, precision: 2 },
  cells: { '9r': { version: '0'.repeat(16), requests: 3 }, '9q': { version: 'f'.repeat(16), requests: 1 } },
});
const COMMENTS = () => ({
  version: 1,
  comments: [
    { id: noteId, note },
    { id: noteId, removal: note },
  ],
});
const HISTORY = () => {
  const agency = trusted.directory.agencies[0];
  return {
    version: 1,
    agency,
    entries: [
      { seq: 1, note },
      { seq: 2, textSha256: noteId, withheld: 'harmful', request: 'x' },
    ],
    others: [note],
  };
};

const hostileText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 40 }));
const HOSTILE_KEYS = ['"__proto__":{"pwned":1},', '"constructor":{"prototype":{"pwned":1}},', '"toString":1,'];

/** A genuine answer with a text replaced, a key of every object's prototype put in, a piece cut out or put in, or something else altogether. */
const answers = (genuine: () => unknown) =>
  fc
    .tuple(fc.integer({ min: 0, max: 5 }), fc.nat(), hostileText, fc.constantFrom(...HOSTILE_KEYS), fc.nat(20))
    .map(([kind, at, text, key, less]) => {
      const json = JSON.stringify(genuine());
      const place = (pattern: RegExp): RegExpExecArray | undefined => {
        const found = [...json.matchAll(pattern)];
        return found[at % Math.max(1, found.length)];
      };
      const splice = (index: number, length: number, put: string): string =>
        json.slice(0, index) + put + json.slice(index + length);
      if (kind === 0) return text;
      if (kind === 1) return json;
      const string = place(/"(?:[^"\\]|\\.)*"/g);
      const brace = place(/\{(?!\})/g);
      if (kind <= 3 && string) return splice(string.index, string[0].length, JSON.stringify(text));
      if (kind === 4 && brace) return splice(brace.index + 1, 0, key);
      return splice(at % json.length, less, text);
    });

/** What the page may ask a hub for when it reads the record. */
const READS = /^\/v1\/(?:directory|feed|cells\/[0-9a-z]{1,6}\/[0-9a-f]{16})$/;

describe('the public record', () => {
  test('is shown or told to be unreadable, whatever the hub answers; nothing else is asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.constant(directory),
          answers(() => ({ directory })),
        ),
        answers(FEED),
        answers(INDEX),
        fc.boolean(),
        async (directoryText, feed, index, inCells) => {
          const asked: string[] = [];
          const net: Net = {
            send: ({ path }) => {
              asked.push(path);
              const text = path === '/v1/directory' ? directoryText : inCells && path === '/v1/feed' ? index : feed;
              return Promise.resolve({
                ok: true,
                status: 200,
                headers: new Headers(),
                body: new TextEncoder().encode(text),
              });
            },
          };
          const notes: NoteStore = {
            all: () => Promise.resolve([]),
            put: () => Promise.resolve(ok(undefined)),
            replaceHubNotes: () => Promise.resolve(ok(undefined)),
          };
          const keeper = createPublicRecordKeeper({
            ...{ net, notes, rootKey: DEMO_ROOT_KEY, now: () => NOW },
            places: () => [[-119.05, 40.87]],
          });
          await keeper.start();
          await keeper.refresh();
          const { state, message, requests } = keeper.record.get();
          expect(asked.filter((path) => !READS.test(path))).toEqual([]);
          // Nothing that came is a request that anybody signed as one.
          expect(requests.filter(({ status }) => status === 'open')).toEqual([]);
          expect(state === 'ready' || (state === 'unavailable' && message !== null)).toBe(true);
        },
      ),
      RUNS,
    );
  });
});

test('comments are read or told to be unreadable, and none that is not signed is shown', async () => {
  await fc.assert(
    fc.asyncProperty(answers(COMMENTS), async (text) => {
      const read = await readComments([text], new Map(), trusted);
      expect(read.ok ? [...read.value.values()].flat() : []).toEqual([]);
      expect(read.ok).toBe(parseJson(CommentsFileSchema, text) !== null);
    }),
    RUNS,
  );
});

test('a history is verified or refused', async () => {
  await fc.assert(
    fc.asyncProperty(answers(HISTORY), async (text) => {
      const history = parseJson(AgencyHistorySchema, text);
      if (history === null) return;
      const verified = await verifyHistory(history, trusted, NOW);
      if (verified.ok) expect(verified.value.problems.length).toBeGreaterThan(0);
    }),
    RUNS,
  );
});

test('an index of a library is taken whole or not at all', () => {
  const index = () => ({
    ...{ format: 'porchlight/library/v1', exported: 1, recordings: [], shares: [], notes: [], identity: null },
    cameras: [{ id: 'c', name: 'Porch', place: [-119, 40], zone: 'UTC', clockOffsetMs: 0, createdAt: 1 }],
  });
  expect(parseJson(LibraryFileSchema, JSON.stringify(index()))).not.toBeNull();
  fc.assert(
    fc.property(answers(index), (text) => {
      const read = parseJson(LibraryFileSchema, text);
      if (read === null) return;
      for (const camera of read.cameras) {
        expect(Math.abs(camera.place?.[1] ?? 0)).toBeLessThanOrEqual(90);
        expect(Reflect.get(camera, 'pwned')).toBeUndefined();
      }
    }),
    RUNS,
  );
});
