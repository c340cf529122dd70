/** Everything that somebody signs, in one place for the screens: agencies, reviewers, and whoever comments. */
import type { CommentsState } from '../contracts/comments.ts';
import type { Net } from '../contracts/net.ts';
import type { Writable } from '../contracts/observable.ts';
import type { Roles } from '../contracts/roles-api.ts';
import type { Stores } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { checkDraft } from '../core/request-draft.ts';
import { createAgencyDesk } from './agency-desk.ts';
import { createCommentDesk } from './comment-desk.ts';
import { createHubDeeds } from './hub-deeds.ts';
import { createHubFileReader } from './hub-files.ts';
import { createInboxDesk } from './inbox-desk.ts';
import type { ClipAudit } from './open-package.ts';
import type { PublicRecordKeeper } from './public-record.ts';
import { createReviewDesk } from './review-desk.ts';
import { createRoleKeyRing } from './role-keys.ts';

export interface RolesParts {
  readonly net: Net;
  readonly stores: Pick<Stores, 'roles' | 'hubFiles'>;
  readonly record: PublicRecordKeeper;
  /** Where the comments are shown (`Journey.comments`). */
  readonly comments: Writable<CommentsState>;
  /** `location.host`: part of what a signed request signs. */
  readonly authority: string;
  /** The audit of a clip without its source, by the inspect worker. */
  readonly audit: ClipAudit;
  /** False when nothing can be reached, so that nothing is tried unasked. */
  readonly online: () => boolean;
  readonly now: () => EpochMs;
}

/** Older than this, the requests were not fetched by this page since it was opened: then nothing is fetched unasked. */
const FRESH_MS = 60_000;

/** The roles, and `start`, which reads the keys that are kept and keeps judging them as the directory changes. */
export const createRoles = (parts: RolesParts): { readonly roles: Roles; start(): Promise<void> } => {
  const { net, stores, record, comments: commentsState, authority, audit, online, now } = parts;
  const store = stores.roles;
  const trusted = () => record.trusted();
  const requestsOn = (): boolean => record.record.get().state !== 'off';
  const reader = createHubFileReader(net, stores.hubFiles, now);
  const ring = createRoleKeyRing({ store, trusted, now });
  const deeds = createHubDeeds({ net, authority, now, requestsOn });
  const agencies = createAgencyDesk({ ring, deeds, reader, store, trusted, requestsOn, now });
  const review = createReviewDesk({ ring, deeds, trusted, now });
  const cells = () => record.record.get().cells;
  const { refresh, showKept, ...comments } = createCommentDesk({
    ring,
    deeds,
    reader,
    store,
    commentsState,
    trusted,
    cells,
    requestsOn,
    now,
  });
  const noteOf = (id: string) => record.record.get().requests.find((view) => view.id === id) ?? null;
  const inbox = createInboxDesk({ ring, deeds, agencies, trusted, noteOf, audit, now });
  return {
    roles: {
      keys: ring.keys,
      createKeys: ring.create,
      importKeys: ring.import,
      exportKeys: ring.export,
      removeKeys: ring.remove,
      checkDraft,
      ...agencies,
      ...review,
      ...comments,
      ...inbox,
    },
    start: async () => {
      await ring.reload();
      await showKept();
      let fetchedAt: EpochMs | null = null;
      /** Comments come whenever requests do, read or not: opening one must not show at the hub. */
      const follow = (): void => {
        const { state, message, fetchedAt: latest } = record.record.get();
        const fresh = state === 'ready' && message === null && latest !== null && now() - latest < FRESH_MS;
        if (state !== 'off' && (!fresh || latest === fetchedAt || !online())) return;
        fetchedAt = latest;
        void refresh().catch(() => undefined);
      };
      follow();
      record.record.subscribe(() => {
        // Once everything is erased, the store answers nobody any more.
        void ring.reload().catch(() => undefined);
        follow();
      });
    },
  };
};
