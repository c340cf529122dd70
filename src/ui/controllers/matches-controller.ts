/** The matches of the request on the screen: asked for when it is opened, and again after each comparison. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Journey } from '../../contracts/journey-api.ts';
import type { Match, MatchOutcome } from '../../contracts/match-api.ts';

export class MatchesController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => { readonly journey: Journey | null; readonly requestId: string };
  #asked: { readonly outcome: MatchOutcome; readonly requestId: string } | null = null;
  #shown: { readonly requestId: string; readonly matches: readonly Match[] } | null = null;
  /** Set when the matches of the request could not be had. */
  problem: string | null = null;

  constructor(
    host: ReactiveControllerHost,
    source: () => { readonly journey: Journey | null; readonly requestId: string },
  ) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  /** Empty while they are being fetched for the first time; of the comparison before while a new one's are. */
  get value(): readonly Match[] {
    const { requestId } = this.#source();
    return this.#shown?.requestId === requestId ? this.#shown.matches : [];
  }

  hostUpdate(): void {
    const { journey, requestId } = this.#source();
    const outcome = journey?.matches.get().outcome ?? null;
    if (!journey || !outcome || (this.#asked?.outcome === outcome && this.#asked.requestId === requestId)) return;
    const asked = { outcome, requestId };
    this.#asked = asked;
    void journey.matchesOf(requestId).then((found) => {
      if (this.#asked !== asked) return;
      this.problem = found.ok ? null : found.detail;
      if (found.ok) this.#shown = { requestId, matches: found.value };
      this.#host.requestUpdate();
    });
  }
}
