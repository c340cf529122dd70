/** One share being sent, as a screen sees it: progress, pause, and what went wrong. Leaving the screen pauses; nothing is lost. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Journey, SendProgress } from '../../contracts/journey-api.ts';
import type { SendFailure, ShareRecord } from '../../contracts/share.ts';

export class SendController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #abort: AbortController | null = null;
  shareId: string | null = null;
  progress: SendProgress | null = null;
  problem: { readonly reason: SendFailure; readonly detail: string } | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get running(): boolean {
    return this.#abort !== null;
  }

  /** Sends or resumes; resolves with the finished share, or null when paused or failed (then `problem` says why). */
  async send(journey: Journey, shareId: string): Promise<ShareRecord | null> {
    if (this.#abort) return null;
    const abort = new AbortController();
    this.#abort = abort;
    this.shareId = shareId;
    this.problem = null;
    this.progress = null;
    this.#host.requestUpdate();
    const result = await journey.sendShare(shareId, {
      signal: abort.signal,
      onProgress: (progress) => {
        this.progress = progress;
        this.#host.requestUpdate();
      },
    });
    this.#abort = null;
    this.problem = result.ok ? null : result;
    this.#host.requestUpdate();
    return result.ok ? result.value : null;
  }

  pause(): void {
    this.#abort?.abort();
  }

  hostDisconnected(): void {
    this.pause();
  }
}
