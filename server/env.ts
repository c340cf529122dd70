/** What Hono handlers get beside the request: of @hono/node-server's bindings only the client's address. */

export interface HubEnv {
  /** Empty when the hub is called in process. */
  Bindings: { readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } } };
}
