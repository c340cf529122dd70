/** What Hono handlers get beside the request: of @hono/node-server's bindings the body as Node streams it, and the client's address. */
import type { Readable } from 'node:stream';

export interface HubEnv {
  /** Empty when the hub is called in process. */
  Bindings: {
    readonly incoming?: Readable & { readonly socket: { readonly remoteAddress?: string | undefined } };
  };
}
