/** The agency's inbox as its screens see it: the list, and each package on its way from the hub to its checks. It outlives the desks. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { DownloadProgress, InboxItem, OpenedPackage, OpenProblem } from '../../contracts/inbox.ts';
import type { DeedFailure, Roles } from '../../contracts/roles-api.ts';
import type { ActingKeys } from './agency-controller.ts';

export interface PackageState {
  readonly running: 'downloading' | 'opening' | null;
  readonly progress: DownloadProgress | null;
  readonly sealed: Blob | null;
  /** Name of a file that was handed over; null for a package of the inbox. */
  readonly fileName: string | null;
  readonly opened: OpenedPackage | null;
  readonly problem: { readonly reason: DeedFailure | OpenProblem; readonly detail: string } | null;
}

const UNTOUCHED: PackageState = {
  ...{ running: null, progress: null, sealed: null, fileName: null, opened: null, problem: null },
};

/** Where the state of a file that was handed over is kept: no package has such an id. */
export const FILE = 'file';

export class InboxController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #packages = new Map<string, PackageState>();
  readonly #running = new Map<string, AbortController>();
  #keysId = '';
  items: readonly InboxItem[] | null = null;
  problem: { readonly reason: DeedFailure; readonly detail: string } | null = null;
  loading = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  of(id: string): PackageState {
    return this.#packages.get(id) ?? UNTOUCHED;
  }

  /** With other keys nothing of what was opened may stay on the screen; call it before each update. */
  follow(keys: ActingKeys | null): void {
    const keysId = keys?.id ?? '';
    if (keysId === this.#keysId) return;
    this.#keysId = keysId;
    for (const abort of this.#running.values()) abort.abort();
    this.#running.clear();
    this.#packages.clear();
    this.items = null;
    this.problem = null;
    this.loading = false;
  }

  async load(roles: Roles, keys: ActingKeys): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    this.#host.requestUpdate();
    const items = await roles.inbox(keys.id);
    if (keys.id !== this.#keysId) return;
    this.loading = false;
    this.problem = items.ok ? null : items;
    if (items.ok) this.items = items.value;
    this.#host.requestUpdate();
  }

  /** Downloads what is missing of a package, then opens it. */
  async fetch(roles: Roles, keys: ActingKeys, item: InboxItem): Promise<void> {
    const id = item.package;
    if (this.of(id).running !== null) return;
    const abort = new AbortController();
    this.#running.set(id, abort);
    this.#set(id, { running: 'downloading', problem: null });
    const sealed = await roles.download(keys.id, item, {
      signal: abort.signal,
      onProgress: (progress) => {
        if (this.#running.get(id) === abort) this.#set(id, { progress });
      },
    });
    if (this.#running.get(id) !== abort) return;
    this.#running.delete(id);
    if (!sealed.ok) return this.#set(id, { running: null, problem: sealed });
    return this.#open(roles, keys, id, sealed.value, item);
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort();
  }

  /** Opens a sealed file that somebody handed over. */
  openFile(roles: Roles, keys: ActingKeys, file: File): Promise<void> {
    this.#packages.delete(FILE);
    this.#set(FILE, { fileName: file.name });
    return this.#open(roles, keys, FILE, file, null);
  }

  /** A decision was made: the list and the package show it. */
  replace(item: InboxItem): void {
    this.items = this.items?.map((one) => (one.package === item.package ? item : one)) ?? null;
    this.#host.requestUpdate();
  }

  async #open(roles: Roles, keys: ActingKeys, id: string, sealed: Blob, item: InboxItem | null): Promise<void> {
    this.#set(id, { running: 'opening', sealed, problem: null });
    const opened = await roles.openPackage(keys.id, sealed, item);
    if (keys.id !== this.#keysId || this.of(id).sealed !== sealed) return;
    if (opened.ok) return this.#set(id, { running: null, opened: opened.value });
    const problem = opened.reason === 'unknown-key' ? { reason: opened.reason, detail: opened.detail } : opened;
    return this.#set(id, { running: null, problem });
  }

  #set(id: string, change: Partial<PackageState>): void {
    this.#packages.set(id, { ...this.of(id), ...change });
    this.#host.requestUpdate();
  }
}
