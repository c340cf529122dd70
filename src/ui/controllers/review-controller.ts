/** The review queue of the chosen reviewer's keys, and what becomes of a decision; fetched anew after each. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Journey } from '../../contracts/journey-api.ts';
import type { FootageRequest, RejectionCode } from '../../contracts/request.ts';
import type { Result } from '../../contracts/result.ts';
import type { ReviewItem } from '../../contracts/review.ts';
import type { HeldKeys, Roles } from '../../contracts/roles-api.ts';
import { sayFailure } from '../role-words.ts';

interface Desk {
  readonly journey: Journey;
  readonly roles: Roles;
  readonly keys: HeldKeys;
}

export class ReviewController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #asked = '';
  /** Null until the queue was fetched. */
  queue: readonly ReviewItem[] | null = null;
  loading = false;
  /** The request that is being decided. */
  busy: string | null = null;
  message = '';
  problem = '';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#asked = '';
  }

  /** Fetches the queue once for these keys and each state of the record; every later call is free. */
  follow({ journey, roles, keys }: Desk): void {
    const { state, fetchedAt } = journey.record.get();
    const asks = `${keys.id} ${keys.problem ?? ''} ${state} ${fetchedAt}`;
    if (asks === this.#asked) return;
    this.#asked = asks;
    if (state === 'ready' && keys.problem === null) void this.fetch(roles, keys);
    else this.queue = null;
  }

  async fetch(roles: Roles, keys: HeldKeys): Promise<void> {
    this.loading = true;
    this.#host.requestUpdate();
    const queue = await roles.reviewQueue(keys.id);
    this.loading = false;
    this.problem = queue.ok ? '' : sayFailure(queue);
    if (queue.ok) this.queue = queue.value;
    this.#host.requestUpdate();
  }

  approve(desk: Desk, item: ReviewItem): Promise<boolean> {
    const done = `Approved: “${item.request.title}” is public now.`;
    return this.#decide(desk, item.request, () => desk.roles.approve(desk.keys.id, item), done);
  }

  reject(
    desk: Desk,
    request: Pick<FootageRequest, 'id' | 'agency' | 'title'>,
    code: RejectionCode,
    reason: string,
  ): Promise<boolean> {
    const done = `Rejected: “${request.title}”. Your reason stands in the agency’s history.`;
    return this.#decide(desk, request, () => desk.roles.reject(desk.keys.id, request, code, reason), done);
  }

  async #decide(
    { journey, roles, keys }: Desk,
    { id }: Pick<FootageRequest, 'id'>,
    deed: () => Promise<Result<void, string>>,
    done: string,
  ): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = id;
    this.message = '';
    this.problem = '';
    this.#host.requestUpdate();
    const result = await deed();
    this.busy = null;
    if (result.ok) {
      this.message = done;
      this.queue = this.queue?.filter(({ request }) => request.id !== id) ?? null;
      // The record first: with it the queue is asked for anew.
      await journey.refreshRecord();
    } else {
      await this.fetch(roles, keys);
      this.problem = sayFailure(result);
    }
    this.#host.requestUpdate();
    return result.ok;
  }
}
