/** Sealed packages over HTTP: tus creation, HEAD and PATCH, and the signed receipt. Nobody can read or delete a package here. */
import { Hono } from 'hono';
import type { Server } from '@tus/server';
import type { HubEnv } from '../env.ts';
import { methodNotAllowed, NOT_FOUND, problemResponse, troubleResponse } from '../problems.ts';
import type { RateLimiter } from '../rate-limit.ts';
import { PACKAGE_ID } from '../stores/package-bytes.ts';
import type { PackageStore } from '../stores/packages.ts';

const TUS_VERSION = '1.0.0';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The upload request is not in order',
  404: 'There is no such upload',
  409: 'The upload cannot go on like this',
  410: 'The upload has expired',
  412: 'This is not a tus 1.0 request',
  413: 'The package is too large',
  415: 'The content type must be application/offset+octet-stream',
  422: 'The package was refused',
};

/** Turns @tus/server's plain-text errors into problem documents; server errors lose their detail. */
const asProblem = async (response: Response): Promise<Response> => {
  if (response.status < 400) return response;
  if (response.status === 507) return troubleResponse('storage-full');
  if (response.status === 503) return troubleResponse('storage-unavailable');
  const text = (await response.text()).trim();
  const known = TITLES[response.status];
  return problemResponse(
    {
      status: response.status,
      reason: known === undefined ? 'upload-failed' : `upload-${response.status}`,
      title: known ?? 'The upload failed',
      ...(response.status < 500 && text !== '' ? { detail: text } : {}),
    },
    { 'Tus-Resumable': TUS_VERSION },
  );
};

/** Routes below `/v1/packages`. */
export const packageRoutes = (tus: Server, packages: PackageStore, limit: RateLimiter): Hono<HubEnv> => {
  const routes = new Hono<HubEnv>();

  // @tus/server would offer extensions that are refused here, so the offer is our own.
  routes.options('/', (context) =>
    context.body(null, 204, {
      'Tus-Resumable': TUS_VERSION,
      'Tus-Version': TUS_VERSION,
      'Tus-Extension': 'creation,creation-with-upload,expiration',
    }),
  );
  routes.post('/', limit('packageCreate'), async (context) => asProblem(await tus.handleWeb(context.req.raw)));
  routes.all('/', () => methodNotAllowed('POST'));

  routes.get('/:id/receipt', limit('read'), async (context) => {
    const id = context.req.param('id');
    if (!PACKAGE_ID.test(id)) return problemResponse(NOT_FOUND);
    // Finishing here as well heals a crash between the last byte and the receipt.
    const finished = await packages.finish(id);
    if (!finished.ok) {
      return problemResponse({
        status: 404,
        reason: finished.reason,
        title: 'There is no receipt',
        detail: finished.detail,
      });
    }
    return context.body(finished.value.receipt, 200, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    });
  });

  // Hono answers HEAD through GET handlers: the method is looked at here.
  routes.all('/:id', limit('packageWrite'), async (context) => {
    const { method } = context.req;
    if (method !== 'HEAD' && method !== 'PATCH') return methodNotAllowed('HEAD, PATCH');
    const id = context.req.param('id');
    if (!PACKAGE_ID.test(id)) return problemResponse(NOT_FOUND);
    if (method === 'HEAD') {
      // A finished package has left the tus store; a client that lost the last answer learns here that all has arrived.
      const finished = await packages.finished(id);
      if (finished !== null) {
        const length = String(finished.bytes);
        return context.body(null, 200, {
          'Tus-Resumable': TUS_VERSION,
          'Upload-Offset': length,
          'Upload-Length': length,
          'Cache-Control': 'no-store',
        });
      }
    }
    return asProblem(await tus.handleWeb(context.req.raw));
  });

  return routes;
};
