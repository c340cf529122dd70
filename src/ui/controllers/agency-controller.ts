/** The agency that somebody acts for: the keys in use, its verified history, and what this device posted for it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FootageRequest } from '../../contracts/request.ts';
import type { AgencyProfile, DeedFailure, HeldKeys, Roles } from '../../contracts/roles-api.ts';

/** Keys whose holder the directory knows. */
export type ActingKeys = HeldKeys & { readonly holder: NonNullable<HeldKeys['holder']> };

/** What the console knows of the agency that is acted for. */
export interface AboutAgency {
  readonly profile: AgencyProfile | null;
  readonly posted: readonly FootageRequest[];
  readonly problem: { readonly reason: DeedFailure; readonly detail: string } | null;
  readonly loading: boolean;
}

const acting = (keys: HeldKeys): keys is ActingKeys => keys.holder !== null;

/** Those that were asked for, else the newest that may sign, else the newest that the directory knows at all. */
export const keysInUse = (keys: readonly HeldKeys[], chosen: string): ActingKeys | null => {
  const known = keys.filter(acting).toSorted((a, b) => b.addedAt - a.addedAt);
  return known.find(({ id }) => id === chosen) ?? known.find(({ problem }) => problem === null) ?? known[0] ?? null;
};

export class AgencyController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #turn = 0;
  #agencyId: string | null = null;
  profile: AgencyProfile | null = null;
  posted: readonly FootageRequest[] = [];
  problem: { readonly reason: DeedFailure; readonly detail: string } | null = null;
  loading = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#turn += 1;
    this.#agencyId = null;
  }

  /** Loads when another agency is acted for; call it before each update. */
  follow(roles: Roles | null, keys: ActingKeys | null): void {
    const agencyId = keys?.holder.id ?? null;
    if (roles === null || agencyId === this.#agencyId) return;
    this.#agencyId = agencyId;
    this.profile = null;
    this.posted = [];
    this.problem = null;
    if (agencyId !== null) void this.reload(roles);
  }

  /** Fetches and verifies the history anew; what is shown stays until it is there. */
  async reload(roles: Roles): Promise<void> {
    const agencyId = this.#agencyId;
    if (agencyId === null) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.loading = true;
    this.#host.requestUpdate();
    const [profile, posted] = await Promise.all([
      roles.agencyProfile(agencyId),
      roles.postedHere(agencyId).catch(() => []),
    ]);
    if (turn !== this.#turn) return;
    this.loading = false;
    this.posted = posted;
    this.problem = profile.ok ? null : profile;
    if (profile.ok) this.profile = profile.value;
    this.#host.requestUpdate();
  }
}
