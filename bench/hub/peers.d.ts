/** The part of the peer's package that is used here: it is installed with the first benchmark, not with the project. */
declare module '@tus/file-store' {
  import type { DataStore } from '@tus/server';
  export const FileStore: new (options: { readonly directory: string }) => DataStore;
}
