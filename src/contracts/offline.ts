/** What page and service worker say to each other, and what the screens show of it. */

/** The page's requests to the service worker; each is answered through the port that comes with it. */
export type OfflineRequest = 'core-state' | 'fetch-core' | 'activate';

export type OfflineAnswer =
  | { readonly ok: true; readonly core: boolean }
  | { readonly ok: false; readonly detail: string };

export interface OfflineState {
  /** `unsupported`: no service workers here (a private window, development). `ready`: the page opens with the network off. */
  readonly page: 'unsupported' | 'installing' | 'ready' | 'failed';
  /** Whether the ffmpeg cores, which cutting needs (32 MB each), are all kept on this device. */
  readonly core: 'unknown' | 'absent' | 'fetching' | 'ready' | 'failed';
  /** `waiting`: a newer version is here and waits for consent. `elsewhere`: it was put to use in another tab. `stuck`: the browser keeps the old one. */
  readonly update: 'none' | 'waiting' | 'elsewhere' | 'stuck';
}
