/** Sealed packages over HTTP: tus creation, HEAD and PATCH, and the signed receipt. Nobody can read or delete a package here. */
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { Hono, type Context } from 'hono';
import type { HubEnv } from '../env.ts';
import { methodNotAllowed, NOT_FOUND, problemResponse } from '../problems.ts';
import type { RateLimiter } from '../rate-limit.ts';
import { PACKAGE_ID } from '../stores/package-bytes.ts';
import type { PackageStore } from '../stores/packages.ts';
import type { BeginProblem, ReceiveProblem, Uploads, UploadState } from '../stores/uploads.ts';
import {
  checkVersion,
  readCreation,
  readOffset,
  statedLength,
  TUS_BODY,
  TUS_EXTENSIONS,
  TUS_VERSION,
  writeMetadata,
  type HeaderProblem,
  type TusStatus,
} from './tus.ts';

const STATUS: Readonly<Record<HeaderProblem | BeginProblem | ReceiveProblem, TusStatus>> = {
  'no-version': 412,
  'bad-header': 400,
  'bad-type': 415,
  'not-open': 409,
  'too-long': 413,
  unknown: 404,
  expired: 410,
  'wrong-offset': 409,
  'cut-off': 400,
  refused: 422,
};

const TITLES: Readonly<Record<TusStatus, string>> = {
  400: 'The upload request is not in order',
  404: 'There is no such upload',
  409: 'The upload cannot go on like this',
  410: 'The upload has expired',
  412: 'This is not a tus 1.0 request',
  413: 'The package is too large',
  415: `The content type must be ${TUS_BODY}`,
  422: 'The package was refused',
};

const refusal = (problem: { readonly reason: keyof typeof STATUS; readonly detail: string }): Response => {
  const status = STATUS[problem.reason];
  return problemResponse(
    { status, reason: `upload-${status}`, title: TITLES[status], detail: problem.detail },
    { 'Tus-Resumable': TUS_VERSION, ...(status === 412 && { 'Tus-Version': TUS_VERSION }) },
  );
};

/** How far an upload is; what is complete does not expire. */
const progress = ({ arrived, bytes, expiresAt }: UploadState): Readonly<Record<string, string>> => ({
  'Tus-Resumable': TUS_VERSION,
  'Upload-Offset': String(arrived),
  ...(arrived < bytes && { 'Upload-Expires': new Date(expiresAt).toUTCString() }),
});

/** The body as it comes from the socket: through a web stream it would cost as much again as hashing and storing it. */
const bodyOf = (context: Context<HubEnv>): Readable => {
  if (context.env.incoming !== undefined) return context.env.incoming;
  const { body } = context.req.raw;
  return body === null ? Readable.from([]) : Readable.fromWeb(body as NodeReadableStream);
};

/** Routes below `/v1/packages`. */
export const packageRoutes = (uploads: Uploads, packages: PackageStore, limit: RateLimiter): Hono<HubEnv> => {
  const routes = new Hono<HubEnv>();

  routes.options('/', (context) =>
    context.body(null, 204, {
      'Tus-Resumable': TUS_VERSION,
      'Tus-Version': TUS_VERSION,
      'Tus-Extension': TUS_EXTENSIONS,
    }),
  );

  routes.post('/', limit('packageCreate'), async (context) => {
    const { headers } = context.req.raw;
    const creation = readCreation(headers);
    if (!creation.ok) return refusal(creation);
    const begun = await uploads.begin(creation.value);
    if (!begun.ok) return refusal(begun);
    const created = (state: UploadState): Response =>
      context.body(null, 201, { ...progress(state), Location: `/v1/packages/${state.id}` });
    if (headers.get('Content-Type') !== TUS_BODY) return created(begun.value);
    const received = await uploads.receive(begun.value.id, 0, statedLength(headers), bodyOf(context));
    return received.ok ? created(received.value) : refusal(received);
  });
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

  const tell = async (context: Context<HubEnv>, id: string): Promise<Response> => {
    const version = checkVersion(context.req.raw.headers);
    if (!version.ok) return refusal(version);
    const answer = (headers: Readonly<Record<string, string>>): Response =>
      context.body(null, 200, { ...headers, 'Cache-Control': 'no-store' });
    // A finished package is no upload any more; a client that lost the last answer learns here that all has arrived.
    const finished = await packages.finished(id);
    if (finished !== null) {
      const length = String(finished.bytes);
      return answer({ 'Tus-Resumable': TUS_VERSION, 'Upload-Offset': length, 'Upload-Length': length });
    }
    const found = await uploads.state(id);
    if (!found.ok) return refusal(found);
    const { value: state } = found;
    return answer({
      ...progress(state),
      'Upload-Length': String(state.bytes),
      'Upload-Metadata': writeMetadata(state),
    });
  };

  const take = async (context: Context<HubEnv>, id: string): Promise<Response> => {
    const { headers } = context.req.raw;
    const offset = readOffset(headers);
    if (!offset.ok) return refusal(offset);
    const received = await uploads.receive(id, offset.value, statedLength(headers), bodyOf(context));
    return received.ok ? context.body(null, 204, progress(received.value)) : refusal(received);
  };

  // Hono answers HEAD through GET handlers: the method is looked at here.
  routes.all('/:id', limit('packageWrite'), async (context) => {
    const { method } = context.req;
    if (method !== 'HEAD' && method !== 'PATCH') return methodNotAllowed('HEAD, PATCH');
    const id = context.req.param('id');
    if (!PACKAGE_ID.test(id)) return problemResponse(NOT_FOUND);
    return method === 'HEAD' ? tell(context, id) : take(context, id);
  });

  return routes;
};
