/** Cuts and audits chosen clips one after the other, so that a refusal of one names it and leaves the others standing. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ClipChoice, Journey, PrepareProgress, PrepareRefusal } from '../../contracts/journey-api.ts';
import type { VerifiedClip } from '../../contracts/share.ts';
import type { Ms } from '../../contracts/units.ts';

export type PreparedClip =
  | { readonly state: 'waiting' }
  | {
      readonly state: 'working';
      readonly phase: PrepareProgress['phase'];
      readonly fraction: number;
      /** At the pace so far; null while there is none to go by. */
      readonly remainingMs: Ms | null;
    }
  | { readonly state: 'ready'; readonly clip: VerifiedClip }
  | { readonly state: 'refused'; readonly reason: PrepareRefusal; readonly detail: string };

/** A pace is believed after this long and this far. */
const PACE_MS: Ms = 1_500;
const PACE_FRACTION = 0.1;

const remaining = (elapsedMs: Ms, fraction: number): Ms | null =>
  elapsedMs < PACE_MS || fraction < PACE_FRACTION ? null : (elapsedMs * (1 - fraction)) / fraction;

export class ClipPreparer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #clips = new Map<string, PreparedClip>();
  #waiting: ClipChoice[] = [];
  #current: { readonly choice: ClipChoice; readonly abort: AbortController } | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  of(recordingId: string): PreparedClip {
    return this.#clips.get(recordingId) ?? { state: 'waiting' };
  }

  get busy(): boolean {
    return this.#current !== null || this.#waiting.length > 0;
  }

  /** Queues a cut. A choice for the same recording that waits or runs is replaced. */
  prepare(journey: Journey, requestId: string, choice: ClipChoice): void {
    this.forget(choice.recordingId);
    this.#set(choice.recordingId, { state: 'waiting' });
    this.#waiting.push(choice);
    if (!this.#current) void this.#work(journey, requestId);
  }

  /** Drops the clip and stops cutting it. */
  forget(recordingId: string): void {
    this.#waiting = this.#waiting.filter((choice) => choice.recordingId !== recordingId);
    if (this.#current?.choice.recordingId === recordingId) this.#current.abort.abort();
    this.#clips.delete(recordingId);
    this.#host.requestUpdate();
  }

  /** Stops cutting the clip and leaves it in the list, to be cut again or left out. */
  cancel(recordingId: string): void {
    this.forget(recordingId);
    this.#set(recordingId, {
      state: 'refused',
      reason: 'cancelled',
      detail: 'Nothing was kept. Cut it again, or leave it out.',
    });
  }

  stop(): void {
    this.#waiting = [];
    this.#current?.abort.abort();
  }

  hostDisconnected(): void {
    this.stop();
    this.#clips.clear();
  }

  #set(recordingId: string, clip: PreparedClip): void {
    this.#clips.set(recordingId, clip);
    this.#host.requestUpdate();
  }

  async #work(journey: Journey, requestId: string): Promise<void> {
    for (let choice = this.#waiting.shift(); choice; choice = this.#waiting.shift()) {
      const { recordingId } = choice;
      const abort = new AbortController();
      this.#current = { choice, abort };
      const startedAt = performance.now();
      this.#set(recordingId, { state: 'working', phase: 'waiting', fraction: 0, remainingMs: null });
      const result = await journey.prepareClips(requestId, [choice], {
        signal: abort.signal,
        onProgress: ({ phase, fraction }) => {
          if (abort.signal.aborted) return;
          const remainingMs = remaining(performance.now() - startedAt, fraction);
          this.#set(recordingId, { state: 'working', phase, fraction, remainingMs });
        },
      });
      this.#current = null;
      if (abort.signal.aborted) continue;
      if (!result.ok) this.#set(recordingId, { state: 'refused', reason: result.reason, detail: result.detail });
      else if (result.value[0]) this.#set(recordingId, { state: 'ready', clip: result.value[0] });
    }
    this.#host.requestUpdate();
  }
}
