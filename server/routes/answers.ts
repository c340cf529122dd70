/** Answers that several routes give: a ready file with its ETag and compression, a limited body. */
import { bodyLimit } from 'hono/body-limit';
import type { FeedFile } from '../feed.ts';
import { problemResponse } from '../problems.ts';

/** For a file whose name stays while its content changes. */
export const REVALIDATE = 'no-cache';
/** For a file whose name holds its version. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

export const TEXT = 'text/plain; charset=utf-8';

/** Whether an If-None-Match field names this ETag (RFC 9110 §13.1.2: weak comparison; a proxy may have marked it weak). */
const isKnown = (field: string | null, etag: string): boolean =>
  field !== null && (field === '*' || field.split(',').some((one) => one.trim().replace(/^W\//, '') === etag));

/** One ETag per encoding (RFC 9110 §8.8.3.3). */
export const fileResponse = (
  request: Request,
  file: FeedFile,
  { cacheControl = REVALIDATE, contentType = 'application/json' } = {},
): Response => {
  const takesBrotli = /(^|[\s,])br([\s;,]|$)/.test(request.headers.get('Accept-Encoding') ?? '');
  const brotli = takesBrotli ? file.brotli : null;
  const etag = brotli === null ? file.etag : `${file.etag.slice(0, -1)}-br"`;
  const headers = { ETag: etag, 'Cache-Control': cacheControl, Vary: 'Accept-Encoding' };
  if (isKnown(request.headers.get('If-None-Match'), etag)) return new Response(null, { status: 304, headers });
  const body = brotli ?? file.body;
  return new Response(body, {
    headers: {
      ...headers,
      'Content-Type': contentType,
      'Content-Length': String(body.length),
      ...(brotli === null ? {} : { 'Content-Encoding': 'br' }),
    },
  });
};

/** A client that is answered and cut off while it still sends may lose the answer: up to this length a body is read, and dropped, first. */
const READ_FIRST = 1 << 20;

const dropBody = async (request: Request): Promise<void> => {
  if (Number(request.headers.get('Content-Length')) > READ_FIRST) return;
  // A client that goes away meanwhile needs no answer.
  await request.arrayBuffer().catch(() => undefined);
};

/** Refuses larger bodies with 413. */
export const atMost = (bytes: number) =>
  bodyLimit({
    maxSize: bytes,
    onError: async ({ req }) => {
      await dropBody(req.raw);
      return problemResponse({
        status: 413,
        reason: 'too-large',
        title: `A document here has at most ${bytes} bytes`,
      });
    },
  });
