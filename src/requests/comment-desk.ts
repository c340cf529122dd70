/** Comments in the page: read as whole files, each signature checked, written under a key that this device makes for one request. */
import * as v from 'valibot';
import { CommentSchema, CommentsFileSchema, type CommentView } from '../contracts/comments.ts';
import type { PublicRecord } from '../contracts/public-record.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { DeedFailure, Roles } from '../contracts/roles-api.ts';
import type { CommentKey, RoleStore, StoreFailure } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { checkComment, checkRemoval } from '../core/comment-notes.ts';
import { signerOfPair, signNote } from '../core/signed-note.ts';
import type { TrustedDirectory } from '../core/trusted-directory.ts';
import { documentText, readDocument, textSha256 } from '../core/typed-note.ts';
import { NO_DIRECTORY } from './agency-desk.ts';
import { REQUESTS_OFF, type HubDeeds } from './hub-deeds.ts';
import { parseJson, type HubFileReader } from './hub-files.ts';
import { reviewerKeys } from './review-desk.ts';
import type { RoleKeyRing } from './role-keys.ts';

export type CommentDesk = Pick<Roles, 'comments' | 'postComment' | 'removeMyComment' | 'removeComment'>;

interface CommentDeskParts {
  readonly ring: RoleKeyRing;
  readonly deeds: HubDeeds;
  readonly reader: HubFileReader;
  readonly store: RoleStore;
  trusted(): TrustedDirectory | null;
  /** The cells that the page reads; absent while the feed is one file. */
  cells(): PublicRecord['cells'];
  requestsOn(): boolean;
  readonly now: () => EpochMs;
}

/** All comment keys have this name: it must not tell devices apart. */
const KEY_NAME = 'device';

export const createCommentDesk = (parts: CommentDeskParts): CommentDesk => {
  const { ring, deeds, reader, store, trusted, cells, requestsOn, now } = parts;

  const keyFor = async (request: string): Promise<CommentKey | null> =>
    (await store.commentKeys()).find((key) => key.request === request) ?? null;

  /** One key for each request: nobody can tell that two comments under two requests are by the same person. */
  const makeKey = async (request: string): Promise<Result<CommentKey, StoreFailure>> => {
    const existing = await keyFor(request);
    if (existing !== null) return ok(existing);
    const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
    const { verifierKey } = await signerOfPair(KEY_NAME, pair);
    const key = { request, pair, verifierKey };
    const kept = await store.putCommentKey(key);
    return kept.ok ? ok(key) : kept;
  };

  const viewOf = async (
    id: string,
    entry: { note: string } | { removal: string },
    mine: ReadonlyMap<string, string>,
    directory: TrustedDirectory,
  ): Promise<CommentView | null> => {
    if ('note' in entry) {
      const read = readDocument('comment', entry.note);
      if (!read.ok || (await textSha256(read.value.note.text)) !== id) return null;
      const { document, note } = read.value;
      if (!(await checkComment(note, document)).ok) return null;
      const { request: requestId, name, text, key } = document;
      return {
        id,
        requestId,
        name,
        text,
        at: Date.parse(document.at),
        mine: mine.get(requestId) === key,
        removed: null,
      };
    }
    const read = readDocument('comment-removal', entry.removal);
    if (!read.ok || read.value.document.comment !== id) return null;
    const { document, note } = read.value;
    const genuine = await checkRemoval(note, document, directory);
    if (!genuine.ok) return null;
    const at = Date.parse(document.at);
    const removed = { by: document.by, reviewer: genuine.value, reason: document.reason ?? null, at };
    const isMine = mine.get(document.request) === document.key && document.by === 'writer';
    return { id, requestId: document.request, name: null, text: null, at, mine: isMine, removed };
  };

  const read = async (requestId: string, directory: TrustedDirectory): Promise<Result<CommentView[], DeedFailure>> => {
    const mine = new Map((await store.commentKeys()).map(({ request, verifierKey }) => [request, verifierKey]));
    const views = new Map<string, CommentView>();
    for (const cell of cells()?.read ?? ['all']) {
      const text = await reader.text(`/v1/comments/${cell}`, 'fetch the comments on all requests');
      if (!text.ok && text.reason === 'not-there') continue;
      if (!text.ok) return failure(text.reason === 'unreachable' ? 'offline' : 'unreadable', text.detail);
      const file = parseJson(CommentsFileSchema, text.value);
      if (file === null) return failure('unreadable', 'The hub sent comments that cannot be read.');
      for (const { id, ...entry } of file.comments) {
        const view = await viewOf(id, entry, mine, directory);
        if (view?.requestId === requestId) views.set(id, view);
      }
    }
    return ok([...views.values()]);
  };

  return {
    comments: async (requestId) => {
      if (!requestsOn()) return REQUESTS_OFF;
      const directory = trusted();
      return directory === null ? NO_DIRECTORY : read(requestId, directory);
    },

    postComment: async (requestId, name, text) => {
      if (!requestsOn()) return REQUESTS_OFF;
      const at = new Date(now()).toISOString();
      // Checked before a key is made for it.
      const words = v.safeParse(CommentSchema, { request: requestId, name, text, at, key: '-' });
      if (!words.success) {
        const [issue] = words.issues;
        return failure('not-allowed', `The ${v.getDotPath(issue) ?? 'comment'} ${issue.message}.`);
      }
      const key = await makeKey(requestId);
      if (!key.ok) return key;
      const comment = { ...words.output, key: key.value.verifierKey };
      const signer = await signerOfPair(KEY_NAME, key.value.pair);
      const note = await signNote(documentText('comment', comment), signer);
      if (!note.ok) return failure('not-allowed', 'The comment holds characters that cannot be signed, such as tabs.');
      const posted = await deeds.post(`/v1/requests/${requestId}/comments`, note.value, 'post a comment');
      if (!posted.ok) return posted;
      const id = await textSha256(documentText('comment', comment));
      return ok({
        id,
        requestId,
        name: comment.name,
        text: comment.text,
        at: Date.parse(at),
        mine: true,
        removed: null,
      });
    },

    removeMyComment: async ({ id, requestId }) => {
      const key = await keyFor(requestId);
      if (key === null) return failure('not-allowed', 'Another device wrote this comment.');
      const signer = await signerOfPair(KEY_NAME, key.pair);
      const at = new Date(now()).toISOString();
      const removal = { comment: id, request: requestId, at, by: 'writer', key: key.verifierKey } as const;
      const note = await signNote(documentText('comment-removal', removal), signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      const posted = await deeds.post(`/v1/requests/${requestId}/comments/removal`, note.value, 'remove a comment');
      return posted.ok ? ok(undefined) : posted;
    },

    removeComment: async (keysId, { id, requestId }, code, reason) => {
      if (reason.trim() === '') return failure('not-allowed', 'A removal gives its reason, which stays visible.');
      const keys = await reviewerKeys(ring, keysId);
      if (!keys.ok) return keys;
      const at = new Date(now()).toISOString();
      const removal = { comment: id, request: requestId, at, by: 'reviewer', code, reason: reason.trim() } as const;
      const note = await signNote(documentText('comment-removal', removal), keys.value.signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      const posted = await deeds.post(`/v1/requests/${requestId}/comments/removal`, note.value, 'remove a comment');
      return posted.ok ? ok(undefined) : posted;
    },
  };
};
