/** Compares what was on the wire with what the page says: ledger, HAR, saved package. Knows the page only by what it wrote down. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerRequest } from '../../src/contracts/ledger.ts';
import { checkLedger, ledgerRequests } from '../../src/core/ledger-chain.ts';
import { judgeClips } from './clips.ts';
import type { Driven } from './drive.ts';
import { Findings } from './findings.ts';
import type { AuditHub, Recording } from './stage.ts';
import { parseRequests, type WireRequest } from './wire.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A request as everyone tells it: method, address, body size, SHA-256 of the body. */
interface Told {
  readonly method: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string | null;
}

const show = ({ method, url, bytes, sha256: hash }: Told): string =>
  `${method} ${url}, ${bytes} bytes${hash === null ? '' : `, ${hash.slice(0, 12)}…`}`;

const onWire = ({ method, target, body, bodySha256 }: WireRequest): Told => ({
  ...{ method, url: target, bytes: body.length, sha256: bodySha256 },
});
const inLedger = ({ method, url, bytesOut, bodySha256 }: LedgerRequest): Told => ({
  ...{ method, url, bytes: bytesOut, sha256: bodySha256 },
});

/** What one side has and the other lacks, counting repeats. */
const missing = (these: readonly Told[], those: readonly Told[]): readonly Told[] => {
  const left = those.map(show);
  return these.filter((told) => {
    const at = left.indexOf(show(told));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

/** Paths that the page's own files have, by what is published beside it. */
const pagePaths = (dist: string): ReadonlySet<string> => {
  const files = readFileSync(join(dist, 'SHA256SUMS.txt'), 'utf8').trim().split('\n');
  return new Set(['/', ...files.map((line) => `/${line.slice(66)}`)]);
};
const SCREEN = /^\/(?:library|activity|settings|request\/[\w-]+|share\/[\w-]+)$/;

/**
 * What a request says beyond the file that it is for; empty for one that tells nothing but which file. When Chromium looks for a new
 * service worker by itself, it names the script as its own referrer: that is the file once more.
 */
export const moreThanFile = ({ method, target, body, headers }: WireRequest): readonly string[] => [
  ...(method === 'GET' ? [] : [`method ${method}`]),
  ...(body.length === 0 ? [] : ['a body']),
  ...(new URL(target).search === '' ? [] : ['a query']),
  ...['cookie', 'referer'].flatMap((name) => {
    const value = headers[name];
    return value === undefined || (name === 'referer' && value === target) ? [] : [`${name}: ${value}`];
  }),
];

/** A request for one of the page's own files or screens that tells nothing but which one. */
const isForPage = (request: WireRequest, hub: AuditHub, paths: ReadonlySet<string>): boolean => {
  const url = new URL(request.target);
  const own = url.host === hub.host && (paths.has(url.pathname) || SCREEN.test(url.pathname));
  return own && moreThanFile(request).length === 0;
};

const judgeRequests = (
  wire: readonly WireRequest[],
  driven: Driven,
  hub: AuditHub,
  dist: string,
  findings: Findings,
): void => {
  const paths = pagePaths(dist);
  const requests = ledgerRequests(driven.ledger);
  const written = requests.filter(({ kind }) => (kind ?? 'request') === 'request').map(inLedger);
  const own = wire.filter(({ method }) => method !== 'CONNECT');
  const forPage = own.filter((request) => isForPage(request, hub, paths));
  const others = own.filter((request) => !forPage.includes(request));
  const talk = others.map(onWire);

  const unknown = others.filter(
    (request) => !written.some(({ method, url }) => method === request.method && url === request.target),
  );
  findings.add(
    'requests',
    [
      ...unknown.map((request) => {
        const more = moreThanFile(request);
        const told = `neither in the ledger nor a file of the page: ${show(onWire(request))}`;
        return more.length === 0 ? told : `${told}, with ${more.join(', ')}`;
      }),
      ...own.filter(({ headers }) => 'cookie' in headers).map(({ target }) => `a cookie was sent with ${target}`),
      ...requests.filter(({ kind }) => kind === 'blocked').map(({ url }) => `the content policy had to block ${url}`),
    ],
    `${talk.length} written down in the ledger, ${forPage.length} for files of the page`,
  );
  findings.add(
    'ledger',
    [
      ...missing(talk, written).map((told) => `on the wire and not in the ledger: ${show(told)}`),
      ...missing(written, talk).map((told) => `in the ledger and not on the wire: ${show(told)}`),
    ],
    `${written.length} requests, ${written.reduce((sum, { bytes }) => sum + bytes, 0)} bytes of bodies, each SHA-256 the same`,
  );
  const har = driven.har.log.entries
    .filter(({ request }) => request.method !== '–')
    .map(({ request: { method, url, bodySize, postData } }): Told => {
      const body = postData === undefined ? null : Buffer.from(postData.text, postData.encoding ?? 'utf8');
      return { method, url, bytes: bodySize, sha256: body === null ? null : sha256(body) };
    });
  findings.add(
    'har',
    [
      ...missing(talk, har).map((told) => `on the wire and not in the HAR: ${show(told)}`),
      ...missing(har, talk).map((told) => `in the HAR and not on the wire: ${show(told)}`),
    ],
    `${har.length} entries, every body in it byte for byte`,
  );
};

/** The sealed package as it was on the wire, put together by its offsets; empty when there was no upload. */
const capturedUpload = (wire: readonly WireRequest[]): Buffer => {
  const parts = wire.filter(({ method }) => method === 'PATCH');
  const size = Math.max(0, ...parts.map(({ headers, body }) => Number(headers['upload-offset']) + body.length));
  const upload = Buffer.alloc(size);
  for (const { headers, body } of parts) body.copy(upload, Number(headers['upload-offset']));
  return upload;
};

export interface Verdict {
  readonly findings: Findings;
  /** Bytes on the wire, heads included, by what they were for. */
  readonly bytesOut: ReadonlyMap<string, number>;
}

/** Judges one driven share. `folder` receives what was captured and opened. */
export const judge = async (
  driven: Driven,
  hub: AuditHub,
  recording: Recording,
  dist: string,
  folder: string,
): Promise<Verdict> => {
  const findings = new Findings();
  const parsed = driven.connections.map(({ out }) => parseRequests(Buffer.concat(out)));
  const all = parsed.flatMap(({ requests }) => requests);
  const hostOf = ({ method, target }: WireRequest): string =>
    method === 'CONNECT' ? target : URL.canParse(target) ? new URL(target).host : target;
  const { browsersOwn, pastTheProxy } = driven.netLog;
  const isBrowsersOwn = (host: string): boolean => browsersOwn.includes(host.replace(/:(?:80|443)$/, ''));
  const wire = all.filter((request) => !isBrowsersOwn(hostOf(request)));
  const others = [...new Set(wire.map(hostOf))].filter((host) => host !== hub.host);
  const chatter =
    browsersOwn.length === 0 ? '' : `; for Chromium itself, with no page behind it: ${browsersOwn.join(', ')}`;
  findings.add(
    'hosts',
    others.map((host) => `another host: ${host}`),
    `${hub.host}, the hub${chatter}`,
  );
  findings.add('names', pastTheProxy, 'none, by Chromium’s own network log');

  const sent = driven.connections.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
  const leftOver = parsed.reduce((sum, connection) => sum + connection.leftOver, 0);
  findings.add(
    'bytes',
    leftOver > 0 ? [`${leftOver} of ${sent} bytes are no request`] : [],
    `${sent} bytes on ${driven.connections.length} connections are ${all.length} requests`,
  );
  judgeRequests(wire, driven, hub, dist, findings);
  const chain = await checkLedger(driven.ledger);
  findings.add(
    'chain',
    chain.ok ? [] : [`line ${chain.brokenAt} does not follow from the one before`],
    `${chain.lines} lines`,
  );

  const upload = capturedUpload(wire);
  findings.add(
    'upload',
    [
      ...(upload.equals(driven.saved) ? [] : ['the upload is not the package that was saved before sending']),
      ...(driven.sent ? [] : ['the share did not end with a receipt']),
    ],
    `${upload.length} bytes, SHA-256 ${sha256(upload)}; the receipt came`,
  );
  if (upload.length > 0) judgeClips(upload, driven.keyFile, recording, folder, findings);

  const purposes = new Map(
    ledgerRequests(driven.ledger).map(({ method, url, purpose }) => [`${method} ${url}`, purpose]),
  );
  const bytesOut = new Map<string, number>();
  for (const request of wire) {
    const purpose = purposes.get(`${request.method} ${request.target}`) ?? 'files of the page';
    bytesOut.set(purpose, (bytesOut.get(purpose) ?? 0) + request.wireBytes);
  }
  return { findings, bytesOut };
};
