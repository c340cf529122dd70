/** Starts the hub on a port of this machine and stops it again. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { SECURITY_HEADERS } from '../src/contracts/security-headers.ts';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import { createHub, type Hub, type HubProblem } from './app.ts';
import type { HubOptions } from './options.ts';

export interface StartOptions extends HubOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** The address to listen on; `127.0.0.1` keeps the hub on this machine. */
  readonly host: string;
}

export interface RunningHub {
  /** Such as `http://localhost:4173`, without a slash at the end. */
  readonly url: string;
  readonly hub: Hub;
  /** Ends open connections, closes the database, frees port and data folder. */
  stop(): Promise<void>;
}

export type StartProblem = HubProblem | 'port-busy' | 'cannot-listen';

const listen = (
  server: Server,
  port: number,
  host: string,
): Promise<Result<AddressInfo, 'port-busy' | 'cannot-listen'>> =>
  new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(
        error.code === 'EADDRINUSE'
          ? failure('port-busy', `Port ${port} is in use by another program: stop that one, or choose another port.`)
          : failure(
              'cannot-listen',
              `The hub cannot listen on ${host}, port ${port} (${error.code ?? error.message}).`,
            ),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(
        address === null || typeof address === 'string'
          ? failure('cannot-listen', `The hub cannot listen on ${host}, port ${port}.`)
          : ok(address),
      );
    });
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Takes the port first, then the data folder; requests that come in between wait. */
export const startHub = async (options: StartOptions): Promise<Result<RunningHub, StartProblem>> => {
  let resolveReady: (hub: Result<Hub, HubProblem>) => void = () => undefined;
  const ready = new Promise<Result<Hub, HubProblem>>((resolve) => {
    resolveReady = resolve;
  });
  const server = createAdaptorServer({
    fetch: async (request, bindings) => {
      const hub = await ready;
      return hub.ok ? hub.value.fetch(request, bindings) : new Response(null, { status: 503 });
    },
  }) as Server;
  // Also for what never becomes a Request, such as a malformed Host header.
  server.prependListener('request', (_, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  });
  const address = await listen(server, options.port, options.host);
  if (!address.ok) return address;
  const hub = await createHub(options);
  resolveReady(hub);
  if (!hub.ok) {
    await closeServer(server);
    return hub;
  }
  const name = options.host === '127.0.0.1' || options.host === '::1' ? 'localhost' : options.host;
  return ok({
    url: `http://${name}:${address.value.port}`,
    hub: hub.value,
    stop: async () => {
      await closeServer(server);
      await hub.value.close();
    },
  });
};
