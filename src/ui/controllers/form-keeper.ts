/** The composer's form, kept on the device while it is written, so that a reload or a closed tab loses nothing. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RequestForm } from '../../contracts/request-form.ts';
import type { Roles } from '../../contracts/roles-api.ts';

const PAUSE_MS = 300;

export class FormKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #empty: () => RequestForm;
  #roles: Roles | null = null;
  #agencyId = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsaved = false;
  /** Null until what was kept has been read. */
  form: RequestForm | null = null;
  /** Why it could not be kept; empty while it can. */
  problem = '';
  /** Whether anything of this form lies on the device. */
  kept = false;

  constructor(host: ReactiveControllerHost, empty: () => RequestForm) {
    this.#host = host;
    this.#empty = empty;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('pagehide', this.#flush);
  }

  hostDisconnected(): void {
    removeEventListener('pagehide', this.#flush);
    this.#flush();
    this.#agencyId = '';
    this.form = null;
  }

  /** Reads what was kept when another agency is acted for; call it before each update. */
  follow(roles: Roles | null, agencyId: string): void {
    if (roles === null || agencyId === this.#agencyId) return;
    this.#flush();
    this.#roles = roles;
    this.#agencyId = agencyId;
    this.form = null;
    void this.#read(roles, agencyId);
  }

  change(change: Partial<RequestForm>): void {
    if (!this.form) return;
    this.form = { ...this.form, ...change };
    this.#unsaved = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#flush, PAUSE_MS);
    this.#host.requestUpdate();
  }

  /** Forgets what was typed and begins anew. */
  async clear(): Promise<void> {
    clearTimeout(this.#timer);
    this.#unsaved = false;
    this.form = this.#empty();
    this.kept = false;
    this.#host.requestUpdate();
    await this.#roles?.keepForm(this.#agencyId, null);
  }

  async #read(roles: Roles, agencyId: string): Promise<void> {
    const kept = await roles.keptForm(agencyId).catch(() => null);
    if (agencyId !== this.#agencyId) return;
    this.form = kept ?? this.#empty();
    this.kept = kept !== null;
    this.#host.requestUpdate();
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    const { form } = this;
    if (!this.#unsaved || form === null || this.#roles === null) return;
    this.#unsaved = false;
    void this.#roles.keepForm(this.#agencyId, form).then((result) => {
      this.kept = result.ok;
      this.problem = result.ok ? '' : `What you type is not kept on this device. ${result.detail}`;
      this.#host.requestUpdate();
    });
  };
}
