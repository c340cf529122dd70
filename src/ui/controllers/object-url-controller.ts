/** One object URL for a blob at a time, revoked when the blob changes or the element goes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class ObjectUrlController implements ReactiveController {
  #blob: Blob | null = null;
  #url: string | null = null;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** The URL for `blob`, the same one as long as the blob is the same; null for null. */
  of(blob: Blob | null): string | null {
    if (blob === this.#blob) return this.#url;
    this.#revoke();
    this.#blob = blob;
    this.#url = blob ? URL.createObjectURL(blob) : null;
    return this.#url;
  }

  hostDisconnected(): void {
    this.#revoke();
  }

  #revoke(): void {
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
    this.#blob = null;
  }
}
