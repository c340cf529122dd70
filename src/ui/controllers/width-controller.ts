/** The host's width in CSS pixels, for drawings that must keep their text at reading size. */
import type { LitElement, ReactiveController } from 'lit';

export class WidthController implements ReactiveController {
  readonly #host: LitElement;
  #observer: ResizeObserver | null = null;
  /** CSS pixels; a phone's width until measured. */
  width = 328;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new ResizeObserver(([entry]) => {
      const width = Math.round(entry?.contentRect.width ?? 0);
      if (width < 1 || width === this.width) return;
      this.width = width;
      // In the next frame: drawing within the observer's own turn would resize what it observes.
      requestAnimationFrame(() => this.#host.requestUpdate());
    });
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = null;
  }
}
