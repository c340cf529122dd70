/** Takes recorded bytes apart into HTTP requests (RFC 9112), so that every byte that left belongs to one. */
import { createHash } from 'node:crypto';

export interface WireRequest {
  readonly method: string;
  /** As it was asked for: absolute for a proxy, `host:port` for CONNECT. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** SHA-256 of the body; null without one. */
  readonly bodySha256: string | null;
  /** Head and body as they were on the wire. */
  readonly wireBytes: number;
}

export interface Parsed {
  readonly requests: readonly WireRequest[];
  /** Bytes at the end that are no whole request. */
  readonly leftOver: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

const readHeaders = (lines: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );

/** A chunked body from `at` on; null when it is not whole. */
const readChunked = (bytes: Buffer, at: number): { readonly body: Buffer; readonly end: number } | null => {
  const chunks: Buffer[] = [];
  for (let here = at; ;) {
    const line = bytes.indexOf('\r\n', here);
    if (line < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', here, line), 16);
    const end = line + 2 + size + 2;
    if (!Number.isFinite(size) || end > bytes.length) return null;
    if (size === 0) return { body: Buffer.concat(chunks), end };
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    here = end;
  }
};

/** All requests of one connection, in order. Bytes that are no request are counted, never skipped. */
export const parseRequests = (bytes: Buffer): Parsed => {
  const requests: WireRequest[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = bytes.indexOf(END_OF_HEAD, at);
    if (head < 0) break;
    const [first = '', ...lines] = bytes.toString('latin1', at, head).split('\r\n');
    const [method = '', target = ''] = first.split(' ');
    const headers = readHeaders(lines);
    const start = head + END_OF_HEAD.length;
    const length = Number(headers['content-length'] ?? 0);
    const whole =
      headers['transfer-encoding'] === 'chunked'
        ? readChunked(bytes, start)
        : { body: bytes.subarray(start, start + length), end: start + length };
    if (!/^[A-Z]+$/.test(method) || whole === null || whole.end > bytes.length) break;
    const { body, end } = whole;
    const bodySha256 = body.length === 0 ? null : createHash('sha256').update(body).digest('hex');
    requests.push({ method, target, headers, body, bodySha256, wireBytes: end - at });
    at = end;
    // After CONNECT the bytes are a tunnel's: whatever follows is left over.
    if (method === 'CONNECT') break;
  }
  return { requests, leftOver: bytes.length - at };
};
