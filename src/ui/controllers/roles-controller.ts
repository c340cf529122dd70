/** The roles' page logic and the keys that this device holds, as a screen sees them: loaded when the screen first asks. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Journey } from '../../contracts/journey-api.ts';
import type { HeldKeys, Roles } from '../../contracts/roles-api.ts';

export class RolesController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #journey: () => Journey | null;
  #asked: Journey | null = null;
  #stop: (() => void) | null = null;
  /** Null until the code is there. */
  roles: Roles | null = null;
  /** Why it is not there; null while it may still come. */
  problem: string | null = null;

  constructor(host: ReactiveControllerHost, journey: () => Journey | null) {
    this.#host = host;
    this.#journey = journey;
    host.addController(this);
  }

  keysOf(role: HeldKeys['role']): readonly HeldKeys[] {
    return (this.roles?.keys.get() ?? []).filter((keys) => keys.role === role);
  }

  hostUpdate(): void {
    const journey = this.#journey();
    if (journey === null || journey === this.#asked) return;
    this.#asked = journey;
    this.problem = null;
    void this.#load(journey);
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
    this.#asked = null;
  }

  async #load(journey: Journey): Promise<void> {
    try {
      const roles = await journey.roles();
      if (this.#asked !== journey) return;
      this.roles = roles;
      this.#stop?.();
      this.#stop = roles.keys.subscribe(() => this.#host.requestUpdate());
    } catch {
      this.#asked = null;
      this.problem =
        'This part of the page could not be loaded: its own server cannot be reached. Reload to try again.';
    }
    this.#host.requestUpdate();
  }
}
