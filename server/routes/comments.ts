/** Comments over HTTP. Mounted at `/v1`. */
import { Hono } from 'hono';
import type { Result } from '../../src/contracts/result.ts';
import type { Commenting, CommentProblem } from '../commenting.ts';
import type { HubEnv } from '../env.ts';
import type { FeedFiles } from '../feed.ts';
import { MAX_COMMENT_BYTES } from '../options.ts';
import { NOT_FOUND, problemResponse } from '../problems.ts';
import type { RateLimiter } from '../rate-limit.ts';
import { atMost, fileResponse } from './answers.ts';

const COMMENT_STATUS: Readonly<Record<CommentProblem, { readonly status: number; readonly title: string }>> = {
  unreadable: { status: 400, title: 'This is not a comment that can be read' },
  'bad-signature': { status: 403, title: 'The signature does not entitle anyone to this' },
  'unknown-request': { status: 404, title: 'There is no such request' },
  'unknown-comment': { status: 404, title: 'There is no such comment' },
  conflict: { status: 409, title: 'The record does not allow this now' },
  'comments-closed': { status: 409, title: 'Comments are closed here' },
  'too-many-comments': { status: 409, title: 'There is no room for more comments here' },
  'wrong-time': { status: 422, title: 'The comment’s date does not allow this' },
};

const refused = (result: Extract<Result<unknown, CommentProblem>, { ok: false }>): Response =>
  problemResponse({ ...COMMENT_STATUS[result.reason], reason: result.reason, detail: result.detail });

export const commentRoutes = (commenting: Commenting, feed: FeedFiles, limit: RateLimiter): Hono<HubEnv> => {
  const routes = new Hono<HubEnv>();
  const write = [limit('comment'), atMost(MAX_COMMENT_BYTES)] as const;

  routes.get('/comments/:cell', limit('read'), async (context) => {
    const file = await feed.comments(context.req.param('cell'));
    return file === null ? problemResponse(NOT_FOUND) : fileResponse(context.req.raw, file);
  });

  routes.post('/requests/:id/comments', ...write, async (context) => {
    const posted = await commenting.post(context.req.param('id'), await context.req.text());
    return posted.ok ? context.json(posted.value, 201) : refused(posted);
  });

  routes.post('/requests/:id/comments/removal', ...write, async (context) => {
    const removed = await commenting.remove(context.req.param('id'), await context.req.text());
    return removed.ok ? context.body(null, 204) : refused(removed);
  });

  return routes;
};
