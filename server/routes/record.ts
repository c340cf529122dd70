/** The public record over HTTP: what anyone may read, and what agencies and reviewers post. Mounted at `/v1`. */
import { Hono } from 'hono';
import type { ReviewQueue } from '../../src/contracts/review.ts';
import type { Result } from '../../src/contracts/result.ts';
import { earlierOfSameCase } from '../../src/core/request-policy.ts';
import type { TrustedDirectory } from '../../src/core/trusted-directory.ts';
import type { HubEnv } from '../env.ts';
import { fileOf, fileOfText, type FeedFiles } from '../feed.ts';
import { historyOf, isHarmful } from '../history.ts';
import { MAX_NOTE_BYTES } from '../options.ts';
import { NOT_FOUND, problemResponse } from '../problems.ts';
import { documentOf, type Publishing, type PublishProblem } from '../publishing.ts';
import type { RateLimiter } from '../rate-limit.ts';
import type { DocumentStore, StoredRequest } from '../stores/documents.ts';
import { refusalResponse, type WhoSigns } from '../who-signs.ts';
import { atMost, fileResponse, IMMUTABLE, TEXT } from './answers.ts';

const PUBLISH_STATUS: Readonly<Record<PublishProblem, { readonly status: number; readonly title: string }>> = {
  unreadable: { status: 400, title: 'This is not a document that can be read' },
  'bad-signature': { status: 403, title: 'The signatures do not entitle anyone to this' },
  'unknown-request': { status: 404, title: 'There is no such request' },
  'wrong-place-in-chain': { status: 409, title: 'The post does not follow the agency’s last one' },
  conflict: { status: 409, title: 'The record does not allow this now' },
  'breaks-policy': { status: 422, title: 'The request breaks its policy' },
  'wrong-time': { status: 422, title: 'The document’s dates do not allow this' },
};

export interface RecordParts {
  readonly directoryNote: string;
  readonly trusted: TrustedDirectory;
  readonly store: DocumentStore;
  readonly feed: FeedFiles;
  readonly publishing: Publishing;
  readonly whoSigns: WhoSigns;
  readonly limit: RateLimiter;
}

const answer = <T>(result: Result<T, PublishProblem>, success: (value: T) => Response): Response => {
  if (result.ok) return success(result.value);
  return problemResponse({ ...PUBLISH_STATUS[result.reason], reason: result.reason, detail: result.detail });
};

/** What waits for a review, each with the agency's earlier requests of the same case. */
const queueOf = async (store: DocumentStore): Promise<ReviewQueue> => {
  const pending: ReviewQueue['pending'] = [];
  const byAgency = new Map<string, readonly StoredRequest[]>();
  for (const stored of await store.pending()) {
    const all = byAgency.get(stored.agency) ?? (await store.requestsOf(stored.agency));
    byAgency.set(stored.agency, all);
    const counted = all.filter(({ state }) => state !== 'rejected');
    const same = documentOf(stored).flatMap((request) => earlierOfSameCase(request, counted.flatMap(documentOf)));
    const ids = new Set(same.map(({ id }) => id));
    pending.push({
      note: stored.note,
      received: new Date(stored.receivedAt).toISOString(),
      earlier: counted.filter(({ id }) => ids.has(id)).map(({ note }) => note),
    });
  }
  return { version: 1, pending };
};

/** Everything under `/v1` but packages, comments and inbox. */
export const recordRoutes = ({
  directoryNote,
  trusted,
  store,
  feed,
  publishing,
  whoSigns,
  limit,
}: RecordParts): Hono<HubEnv> => {
  const routes = new Hono<HubEnv>();
  const directory = fileOfText(directoryNote);
  const write = [limit('publish'), atMost(MAX_NOTE_BYTES)] as const;

  routes.get('/directory', limit('read'), async (context) =>
    fileResponse(context.req.raw, await directory, { contentType: TEXT }),
  );

  routes.get('/feed', limit('read'), async (context) => fileResponse(context.req.raw, await feed.feed()));

  routes.get('/cells/:cell/:version', limit('read'), async (context) => {
    const file = await feed.cell(context.req.param('cell'), context.req.param('version'));
    return file === null
      ? problemResponse(NOT_FOUND)
      : fileResponse(context.req.raw, file, { cacheControl: IMMUTABLE });
  });

  routes.get('/requests/:id', limit('read'), async (context) => {
    const stored = await store.request(context.req.param('id'));
    if (stored?.state !== 'published' || isHarmful(stored.statusNote)) return problemResponse(NOT_FOUND);
    return fileResponse(context.req.raw, await fileOfText(stored.note), { contentType: TEXT });
  });

  routes.get('/agencies/:id', limit('read'), async (context) => {
    const entry = trusted.agencies.get(context.req.param('id'));
    if (entry === undefined) return problemResponse(NOT_FOUND);
    return fileResponse(context.req.raw, await fileOf(await historyOf(entry.agency, store)));
  });

  routes.get('/review', limit('signed'), async (context) => {
    const reviewer = await whoSigns.reviewer(context);
    if (!reviewer.ok) return refusalResponse(reviewer.reason, reviewer.detail);
    return context.json(await queueOf(store), 200, { 'Cache-Control': 'no-store' });
  });

  routes.post('/requests', ...write, async (context) =>
    answer(await publishing.postRequest(await context.req.text()), ({ id }) =>
      context.json({ id, state: 'pending' }, 201, { Location: `/v1/requests/${id}` }),
    ),
  );

  routes.post('/requests/:id/review', ...write, async (context) =>
    answer(await publishing.review(context.req.param('id'), await context.req.text()), (state) =>
      context.json({ id: context.req.param('id'), state }),
    ),
  );

  routes.post('/requests/:id/status', ...write, async (context) =>
    answer(await publishing.postStatus(context.req.param('id'), await context.req.text()), () =>
      context.body(null, 204),
    ),
  );

  return routes;
};
