/** The agencies' inbox over HTTP: every request signed (RFC 9421) by a key of the agency. Mounted at `/v1/inbox`. */
import { Hono } from 'hono';
import * as v from 'valibot';
import { DecisionSchema, type Decision, type InboxList } from '../../src/contracts/inbox.ts';
import type { EpochMs } from '../../src/contracts/units.ts';
import type { HubEnv } from '../env.ts';
import { MAX_COMMENT_BYTES } from '../options.ts';
import { methodNotAllowed, NOT_FOUND, problemResponse, troubleResponse } from '../problems.ts';
import type { RateLimiter } from '../rate-limit.ts';
import { PACKAGE_ID, type ByteRange } from '../stores/package-bytes.ts';
import type { InboxCursor, PackageStore } from '../stores/packages.ts';
import { refusalResponse, type WhoSigns } from '../who-signs.ts';
import { atMost } from './answers.ts';

const PAGE_SIZE = 200;

const readCursor = (text: string | undefined): InboxCursor | null | 'bad' => {
  if (text === undefined) return null;
  const found = /^(\d{1,15})-([0-9a-f]{32})$/.exec(text);
  return found === null ? 'bad' : { receivedAt: Number(found[1]), id: found[2] ?? '' };
};

/** One range of `bytes` (RFC 9110 §14.1.2); null for the whole, `bad` where nothing of it can be had. Several ranges: the whole. */
export const readRange = (field: string | undefined, size: number): ByteRange | null | 'bad' => {
  const found = /^bytes=(\d*)-(\d*)$/.exec(field?.trim() ?? '');
  if (found === null) return null;
  const [, from = '', to = ''] = found;
  if (from === '' && to === '') return null;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from === '' && Number(to) === 0) return 'bad';
  if (from !== '' && to !== '' && Number(to) < Number(from)) return null;
  return first >= size ? 'bad' : { first, last };
};

const readDecision = (body: Uint8Array): Decision | null => {
  try {
    const read = v.safeParse(DecisionSchema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
};

interface InboxParts {
  readonly packages: PackageStore;
  readonly whoSigns: WhoSigns;
  readonly limit: RateLimiter;
  readonly now: () => EpochMs;
}

export const inboxRoutes = ({ packages, whoSigns, limit, now }: InboxParts): Hono<HubEnv> => {
  const routes = new Hono<HubEnv>();
  routes.use('*', limit('signed'));

  routes.get('/', async (context) => {
    const agency = await whoSigns.agency(context);
    if (!agency.ok) return refusalResponse(agency.reason, agency.detail);
    const before = readCursor(context.req.query('before'));
    if (before === 'bad') return problemResponse({ status: 400, reason: 'bad-cursor', title: 'There is no such page' });
    const items = await packages.inbox(agency.value.id, before, PAGE_SIZE);
    const last = items.length === PAGE_SIZE ? items.at(-1) : undefined;
    const next = last === undefined ? null : `/v1/inbox?before=${Date.parse(last.received)}-${last.package}`;
    const list: InboxList = { version: 1, agency: agency.value.id, items: [...items], next };
    return context.json(list, 200, { 'Cache-Control': 'no-store' });
  });
  routes.all('/', () => methodNotAllowed('GET'));

  routes.get('/:id', async (context) => {
    const agency = await whoSigns.agency(context);
    if (!agency.ok) return refusalResponse(agency.reason, agency.detail);
    const id = context.req.param('id');
    const item = PACKAGE_ID.test(id) ? await packages.item(agency.value.id, id) : null;
    if (item === null) return problemResponse(NOT_FOUND);
    const size = item.bytes;
    const range = readRange(context.req.header('Range'), size);
    if (range === 'bad') {
      return problemResponse(
        { status: 416, reason: 'no-such-range', title: 'The package has no such bytes' },
        { 'Content-Range': `bytes */${size}` },
      );
    }
    const headers = {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'no-store',
      'Accept-Ranges': 'bytes',
      'Content-Disposition': `attachment; filename="${id}.zip.age"`,
      ETag: `"${item.sha256}"`,
      'Content-Length': String(range === null ? size : range.last - range.first + 1),
    };
    const body = context.req.method === 'HEAD' ? null : await packages.read(id, range);
    if (body === null && context.req.method !== 'HEAD') return troubleResponse('storage-unavailable');
    return range === null
      ? new Response(body, { headers })
      : new Response(body, {
          status: 206,
          headers: { ...headers, 'Content-Range': `bytes ${range.first}-${range.last}/${size}` },
        });
  });

  routes.post('/:id', atMost(MAX_COMMENT_BYTES), async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer());
    const agency = await whoSigns.agency(context, body);
    if (!agency.ok) return refusalResponse(agency.reason, agency.detail);
    const decision = readDecision(body);
    if (decision === null) {
      return problemResponse({ status: 400, reason: 'unreadable', title: 'A decision is accepted or declined' });
    }
    const id = context.req.param('id');
    const item = PACKAGE_ID.test(id) ? await packages.decide(agency.value.id, id, decision, now()) : null;
    if (item === null) return problemResponse(NOT_FOUND);
    if (item.decision?.decision !== decision.decision) {
      return problemResponse({
        status: 409,
        reason: 'decided-already',
        title: 'This package was decided on already',
        detail: `It was ${item.decision?.decision ?? 'not decided'} at ${item.decision?.at ?? 'no time'}.`,
      });
    }
    return context.json(item, 200, { 'Cache-Control': 'no-store' });
  });

  routes.all('/:id', () => methodNotAllowed('GET, POST'));
  return routes;
};
