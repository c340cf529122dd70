/** Comments in the page: read as whole files, each signature checked, written under a key that this device makes for one request. */
import * as v from 'valibot';
import { CommentSchema, type CommentsState } from '../contracts/comments.ts';
import type { Writable } from '../contracts/observable.ts';
import type { PublicRecord } from '../contracts/public-record.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { DeedFailure, Roles } from '../contracts/roles-api.ts';
import type { CommentKey, RoleStore, StoreFailure } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { signerOfPair, signNote } from '../core/signed-note.ts';
import type { TrustedDirectory } from '../core/trusted-directory.ts';
import { documentText, textSha256 } from '../core/typed-note.ts';
import { NO_DIRECTORY } from './agency-desk.ts';
import { fetchCommentFiles, keptCommentFiles, readComments } from './comment-reader.ts';
import { REQUESTS_OFF, type HubDeeds } from './hub-deeds.ts';
import type { HubFileReader } from './hub-files.ts';
import { reviewerKeys } from './review-desk.ts';
import type { RoleKeyRing } from './role-keys.ts';

type CommentDeeds = Pick<Roles, 'comments' | 'postComment' | 'removeMyComment' | 'removeComment'>;

export interface CommentDesk extends CommentDeeds {
  /** Fetches the comments, or forgets them when requests are off. */
  refresh(): Promise<Result<void, DeedFailure>>;
  /** Shows those kept here until the first are fetched. */
  showKept(): Promise<void>;
}

interface CommentDeskParts {
  readonly ring: RoleKeyRing;
  readonly deeds: HubDeeds;
  readonly reader: HubFileReader;
  readonly store: RoleStore;
  /** What the screens show. */
  readonly commentsState: Writable<CommentsState>;
  trusted(): TrustedDirectory | null;
  /** The cells that the page reads; absent while the feed is one file. */
  cells(): PublicRecord['cells'];
  requestsOn(): boolean;
  readonly now: () => EpochMs;
}

const NOTHING: CommentsState = { byRequest: new Map(), fetched: false, problem: null };

/** All comment keys have this name: it must not tell devices apart. */
const KEY_NAME = 'device';

export const createCommentDesk = (parts: CommentDeskParts): CommentDesk => {
  const { ring, deeds, reader, store, commentsState, trusted, cells, requestsOn, now } = parts;

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

  /** Shows what these files say. */
  const show = async (
    files: readonly string[],
    directory: TrustedDirectory,
    fetched: boolean,
  ): Promise<Result<void, DeedFailure>> => {
    const mine = new Map((await store.commentKeys()).map(({ request, verifierKey }) => [request, verifierKey]));
    const read = await readComments(files, mine, directory);
    if (read.ok) commentsState.set({ byRequest: read.value, fetched, problem: null });
    return read.ok ? ok(undefined) : read;
  };

  /** Posts a removal and shows what the hub says then. */
  const removal = async (requestId: string, note: string): Promise<Result<void, DeedFailure>> => {
    const posted = await deeds.post(`/v1/requests/${requestId}/comments/removal`, note, 'remove a comment');
    if (posted.ok) await refresh();
    return posted.ok ? ok(undefined) : posted;
  };

  const wanted = (): readonly string[] => cells()?.read ?? ['all'];

  const refresh = async (): Promise<Result<void, DeedFailure>> => {
    if (!requestsOn()) {
      commentsState.set(NOTHING);
      return REQUESTS_OFF;
    }
    const directory = trusted();
    if (directory === null) return NO_DIRECTORY;
    const files = await fetchCommentFiles(reader, wanted());
    const shown = files.ok ? await show(files.value, directory, true) : files;
    if (!requestsOn()) commentsState.set(NOTHING);
    else if (!shown.ok) commentsState.set({ ...commentsState.get(), problem: shown.detail });
    return shown;
  };

  return {
    refresh,
    showKept: async () => {
      const directory = trusted();
      if (!requestsOn() || directory === null) return;
      const files = await keptCommentFiles(reader, wanted());
      if (files.length > 0 && !commentsState.get().fetched) await show(files, directory, false);
    },

    comments: async (requestId) => {
      const done = await refresh();
      return done.ok ? ok(commentsState.get().byRequest.get(requestId) ?? []) : done;
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
      await refresh();
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
      const document = { comment: id, request: requestId, at, by: 'writer', key: key.verifierKey } as const;
      const note = await signNote(documentText('comment-removal', document), signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      return removal(requestId, note.value);
    },

    removeComment: async (keysId, { id, requestId }, code, reason) => {
      if (reason.trim() === '') return failure('not-allowed', 'A removal gives its reason, which stays visible.');
      const keys = await reviewerKeys(ring, keysId);
      if (!keys.ok) return keys;
      const at = new Date(now()).toISOString();
      const document = { comment: id, request: requestId, at, by: 'reviewer', code, reason: reason.trim() } as const;
      const note = await signNote(documentText('comment-removal', document), keys.value.signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      return removal(requestId, note.value);
    },
  };
};
