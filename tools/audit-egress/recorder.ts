/**
 * A proxy that every connection of the browser goes through: it writes down each byte as it comes off the socket, before anything reads
 * it, and passes it on. It stands outside the page and knows nothing of it.
 */
import {
  createServer as createHttp,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Socket } from 'node:net';

/** One TCP connection of the browser, in the order of its bytes. */
export interface Connection {
  readonly out: Buffer[];
  bytesOut: number;
  bytesIn: number;
}

export interface RecorderOptions {
  /** Host and port that requests may go to; any other is written down and answered with 502. */
  readonly hub: string;
  /** Response headers taken away, for a planted leak that the page's own policy would stop. */
  readonly withoutHeaders?: readonly string[];
}

export interface Recorder {
  readonly port: number;
  readonly connections: readonly Connection[];
  stop(): Promise<void>;
}

const HOP_BY_HOP = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding']);

const passOn = (
  request: IncomingMessage,
  response: ServerResponse,
  { hub, withoutHeaders = [] }: RecorderOptions,
): void => {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null;
  if (url === null || url.host !== hub) {
    request.resume();
    response.writeHead(502).end();
    return;
  }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'proxy-connection'));
  const { port, pathname, search } = url;
  const onward = forward(
    { host: '127.0.0.1', port, method: request.method, path: pathname + search, headers },
    (answer) => {
      const kept = Object.entries(answer.headers).filter(
        ([name]) => !HOP_BY_HOP.has(name) && !withoutHeaders.includes(name),
      );
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
};

const listen = async (server: Server | ReturnType<typeof createTcp>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const close = (server: { close(done: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => void server.close(() => resolve()));

/** Starts recording on a port of its own. */
export const startRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const inner = createHttp((request, response) => passOn(request, response, options));
  // CONNECT asks for a tunnel to another host (https): written down like everything, and refused.
  inner.on('connect', (_request, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  inner.keepAliveTimeout = 60_000;
  const innerPort = await listen(inner);

  const connections: Connection[] = [];
  const open = new Set<Socket>();
  const outer = createTcp((client) => {
    const connection: Connection = { out: [], bytesOut: 0, bytesIn: 0 };
    connections.push(connection);
    const behind = connect(innerPort, '127.0.0.1');
    for (const socket of [client, behind]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    client.on('data', (bytes: Buffer) => {
      connection.out.push(Buffer.from(bytes));
      connection.bytesOut += bytes.length;
    });
    behind.on('data', (bytes: Buffer) => {
      connection.bytesIn += bytes.length;
    });
    client.pipe(behind);
    behind.pipe(client);
    client.on('close', () => behind.destroy());
    behind.on('close', () => client.destroy());
  });
  const port = await listen(outer);
  return {
    port,
    connections,
    stop: async () => {
      for (const socket of open) socket.destroy();
      inner.closeAllConnections();
      await Promise.all([close(outer), close(inner)]);
    },
  };
};
