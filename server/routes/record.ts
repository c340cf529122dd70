/** The public record over HTTP: what anyone may read, and what agencies and reviewers post. Mounted at `/v1`. */
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import type { Feed } from '../../src/contracts/request.ts';
import type { Result } from '../../src/contracts/result.ts';
import type { EpochMs, Ms } from '../../src/contracts/units.ts';
import type { TrustedDirectory } from '../../src/core/trusted-directory.ts';
import type { HubEnv } from '../env.ts';
import { MAX_NOTE_BYTES } from '../options.ts';
import { NOT_FOUND, problemResponse } from '../problems.ts';
import type { Publishing, PublishProblem } from '../publishing.ts';
import type { RateLimiter } from '../rate-limit.ts';
import type { DocumentStore, StoredRequest } from '../stores/documents.ts';

/** Closed and expired requests stay in the feed this long, so that pages can say what became of them. */
const FEED_KEEPS_MS: Ms = 30 * 86_400_000;

const PUBLISH_STATUS: Readonly<Record<PublishProblem, { readonly status: number; readonly title: string }>> = {
  unreadable: { status: 400, title: 'This is not a document that can be read' },
  'bad-signature': { status: 403, title: 'The signatures do not entitle anyone to this' },
  'unknown-request': { status: 404, title: 'There is no such request' },
  'wrong-place-in-chain': { status: 409, title: 'The post does not follow the agency’s last one' },
  conflict: { status: 409, title: 'The record does not allow this now' },
  'breaks-policy': { status: 422, title: 'The request breaks its policy' },
  'wrong-time': { status: 422, title: 'The request’s dates do not allow this' },
};

export interface RecordParts {
  readonly directoryNote: string;
  readonly trusted: TrustedDirectory;
  readonly store: DocumentStore;
  readonly publishing: Publishing;
  readonly limit: RateLimiter;
  readonly now: () => EpochMs;
}

const noteResponse = (context: Context, note: string): Response =>
  context.body(note, 200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' });

const jsonResponse = (context: Context, json: string): Response =>
  context.body(json, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' });

const statusesOf = (requests: readonly StoredRequest[]): string[] =>
  requests.flatMap(({ statusNote }) => (statusNote === null ? [] : [statusNote]));

const answer = <T>(result: Result<T, PublishProblem>, success: (value: T) => Response): Response => {
  if (result.ok) return success(result.value);
  return problemResponse({ ...PUBLISH_STATUS[result.reason], reason: result.reason, detail: result.detail });
};

/** Everything under `/v1` but packages. */
export const recordRoutes = ({ directoryNote, trusted, store, publishing, limit, now }: RecordParts): Hono<HubEnv> => {
  const routes = new Hono<HubEnv>();

  const read = [limit('read'), etag()] as const;
  const write = [
    limit('publish'),
    bodyLimit({
      maxSize: MAX_NOTE_BYTES,
      onError: () =>
        problemResponse({ status: 413, reason: 'too-large', title: `A document has at most ${MAX_NOTE_BYTES} bytes` }),
    }),
  ] as const;

  routes.get('/directory', ...read, (context) => noteResponse(context, directoryNote));

  routes.get('/feed', ...read, async (context) => {
    // `generated` moves only with the content: an unchanged feed keeps its ETag.
    const published = await store.published(now() - FEED_KEEPS_MS);
    const feed: Feed = {
      version: 1,
      generated: new Date(await store.changedAt()).toISOString(),
      requests: [...published.map(({ note }) => note), ...(await store.exhibits())],
      statuses: statusesOf(published),
    };
    return jsonResponse(context, JSON.stringify(feed));
  });

  routes.get('/requests/:id', ...read, async (context) => {
    const stored = await store.request(context.req.param('id'));
    return stored?.state === 'published' ? noteResponse(context, stored.note) : problemResponse(NOT_FOUND);
  });

  routes.get('/agencies/:id', ...read, async (context) => {
    const entry = trusted.agencies.get(context.req.param('id'));
    if (entry === undefined) return problemResponse(NOT_FOUND);
    const published = (await store.requestsOf(entry.agency.id)).filter(({ state }) => state === 'published');
    const profile = {
      agency: entry.agency,
      requests: published.map(({ note }) => note),
      statuses: statusesOf(published),
    };
    return jsonResponse(context, JSON.stringify(profile));
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
