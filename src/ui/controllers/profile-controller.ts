/** Fetches an agency's history when a screen shows it, and again whenever the requests were fetched anew; never while requests are off. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Journey } from '../../contracts/journey-api.ts';
import type { Failure } from '../../contracts/result.ts';
import type { AgencyProfile, DeedFailure } from '../../contracts/roles-api.ts';

interface Wanted {
  readonly journey: Journey | null;
  readonly agencyId: string;
}

/** While one screen stays open, what was seen before is what was seen before it was opened. */
const sinceOpened = (shown: AgencyProfile | null, now: AgencyProfile): AgencyProfile => {
  if (shown === null || now.problems.length > 0) return now;
  const { seenBefore } = shown;
  const added = seenBefore === null ? null : Math.max(0, now.history.entries.length - seenBefore.texts.length);
  return { ...now, seenBefore, added };
};

export class ProfileController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #wanted: () => Wanted;
  #asked = '';
  #asking = 0;
  profile: AgencyProfile | null = null;
  failed: Failure<DeedFailure> | null = null;
  loading = false;

  constructor(host: ReactiveControllerHost, wanted: () => Wanted) {
    this.#host = host;
    this.#wanted = wanted;
    host.addController(this);
  }

  hostUpdate(): void {
    const { journey, agencyId } = this.#wanted();
    if (journey === null || agencyId === '') return;
    const { state, fetchedAt } = journey.record.get();
    const asks = `${agencyId} ${state} ${fetchedAt}`;
    if (asks === this.#asked) return;
    if (!this.#asked.startsWith(`${agencyId} `)) this.profile = null;
    this.#asked = asks;
    this.failed = null;
    // Without a directory nothing can be checked: it comes with the requests.
    if (state === 'ready') void this.#ask(journey, agencyId);
  }

  hostDisconnected(): void {
    this.#asked = '';
    this.#asking += 1;
  }

  /** Once more, because somebody asks for it. */
  async again(): Promise<void> {
    const { journey, agencyId } = this.#wanted();
    if (journey !== null) await this.#ask(journey, agencyId);
  }

  async #ask(journey: Journey, agencyId: string): Promise<void> {
    this.#asking += 1;
    const mine = this.#asking;
    this.loading = true;
    this.#host.requestUpdate();
    const result = await journey
      .roles()
      .then((roles) => roles.agencyProfile(agencyId))
      .catch((): Failure<DeedFailure> => ({
        ...{ ok: false, reason: 'offline' },
        detail: 'This part of the page could not be loaded: its own server cannot be reached.',
      }));
    if (mine !== this.#asking) return;
    this.loading = false;
    this.profile = result.ok ? sinceOpened(this.profile, result.value) : null;
    this.failed = result.ok ? null : result;
    this.#host.requestUpdate();
  }
}
