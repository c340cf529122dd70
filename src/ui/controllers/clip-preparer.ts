/** Cuts and audits chosen clips, each by itself, so that a refusal of one names it and leaves the others standing. */
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
  readonly #running = new Map<string, AbortController>();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  of(recordingId: string): PreparedClip {
    return this.#clips.get(recordingId) ?? { state: 'waiting' };
  }

  /** Cuts as soon as a worker is free. A choice for the same recording that waits or runs is replaced. */
  prepare(journey: Journey, requestId: string, choice: ClipChoice): void {
    this.forget(choice.recordingId);
    this.#set(choice.recordingId, { state: 'waiting' });
    const abort = new AbortController();
    this.#running.set(choice.recordingId, abort);
    void this.#work(journey, requestId, choice, abort);
  }

  /** Drops the clip and stops cutting it. */
  forget(recordingId: string): void {
    this.#running.get(recordingId)?.abort();
    this.#running.delete(recordingId);
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
    for (const abort of this.#running.values()) abort.abort();
    this.#running.clear();
  }

  hostDisconnected(): void {
    this.stop();
    this.#clips.clear();
  }

  #set(recordingId: string, clip: PreparedClip): void {
    this.#clips.set(recordingId, clip);
    this.#host.requestUpdate();
  }

  async #work(journey: Journey, requestId: string, choice: ClipChoice, abort: AbortController): Promise<void> {
    const { recordingId } = choice;
    let startedAt: number | null = null;
    const result = await journey.prepareClips(requestId, [choice], {
      signal: abort.signal,
      onProgress: ({ phase, fraction }) => {
        if (abort.signal.aborted || phase === 'waiting') return;
        startedAt ??= performance.now();
        const remainingMs = remaining(performance.now() - startedAt, fraction);
        this.#set(recordingId, { state: 'working', phase, fraction, remainingMs });
      },
    });
    if (abort.signal.aborted) return;
    this.#running.delete(recordingId);
    const [clip] = result.ok ? result.value : [];
    if (!result.ok) this.#set(recordingId, { state: 'refused', reason: result.reason, detail: result.detail });
    else if (clip) this.#set(recordingId, { state: 'ready', clip });
  }
}
