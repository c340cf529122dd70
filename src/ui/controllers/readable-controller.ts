/** Keeps a screen up to date with one `Readable` of the journey: subscribes while connected, asks for an update on change. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Readable } from '../../contracts/observable.ts';

export class ReadableController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => Readable<T> | null;
  #readable: Readable<T> | null = null;
  #stop: (() => void) | null = null;

  /** `source` is asked before every update, so that the readable may arrive after the element. */
  constructor(host: ReactiveControllerHost, source: () => Readable<T> | null) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  /** The current value; null while there is no source yet. */
  get value(): T | null {
    this.#follow();
    return this.#readable?.get() ?? null;
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
    this.#readable = null;
  }

  #follow(): void {
    const readable = this.#source();
    if (readable === this.#readable) return;
    this.#stop?.();
    this.#readable = readable;
    this.#stop = readable?.subscribe(() => this.#host.requestUpdate()) ?? null;
  }
}
