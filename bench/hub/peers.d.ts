/** The part of the peers' packages that is used here: they are installed with the first benchmark, not with the project. */
declare module '@tus/server' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  export interface DataStore {
    getExpiration(): number;
  }
  export const Server: new (options: { readonly path: string; readonly datastore: DataStore }) => {
    handle(request: IncomingMessage, response: ServerResponse): Promise<unknown>;
  };
}

declare module '@tus/file-store' {
  import type { DataStore } from '@tus/server';
  export const FileStore: new (options: { readonly directory: string }) => DataStore;
}
