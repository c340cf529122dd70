/** The reviewer's console: requests that wait, requests that are public, comments, and the keys one acts with. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { PublicRecord } from '../../contracts/public-record.ts';
import type { ReviewItem } from '../../contracts/review.ts';
import type { HeldKeys, Roles } from '../../contracts/roles-api.ts';
import { hubTakes } from '../../core/hub-takes.ts';
import { CommentDeeds } from '../controllers/comment-deeds.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { ReviewController } from '../controllers/review-controller.ts';
import { RolesController } from '../controllers/roles-controller.ts';
import type { CommentModerated } from '../parts/comment-card.ts';
import '../parts/comment-moderation.ts';
import type { KeysChosen } from '../parts/keys-chosen.ts';
import '../parts/public-requests.ts';
import type { RequestTakenBack } from '../parts/public-requests.ts';
import '../parts/review-item.ts';
import type { ReviewDecided } from '../parts/review-item.ts';
import '../parts/role-keys.ts';
import { reviewPath, type ReviewDesk } from '../router.ts';
import { deskStyles } from '../styles/desk.ts';
import { shared } from '../styles/shared.ts';

const DESKS: readonly { readonly desk: ReviewDesk; readonly name: string }[] = [
  { desk: 'queue', name: 'Waiting' },
  { desk: 'public', name: 'Public requests' },
  { desk: 'comments', name: 'Comments' },
  { desk: 'keys', name: 'Keys' },
];

@customElement('pl-review-view')
export class ReviewView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() desk: ReviewDesk = 'queue';
  @state() private chosen = '';

  readonly #roles = new RolesController(this, () => this.journey);
  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #comments = new ReadableController(this, () => this.journey?.comments ?? null);
  readonly #review = new ReviewController(this);
  readonly #moderation = new CommentDeeds(this);

  override willUpdate(): void {
    const { journey } = this;
    const { roles } = this.#roles;
    const keys = this.#keys();
    if (journey && roles && keys) this.#review.follow({ journey, roles, keys });
  }

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('desk');
    if (before !== undefined && before !== this.desk) scrollTo(0, 0);
  }

  /** Those that were chosen; else the first that may sign. */
  #keys(): HeldKeys | null {
    const keys = this.#roles.keysOf('reviewer');
    return keys.find(({ id }) => id === this.chosen) ?? keys.find(({ problem }) => problem === null) ?? keys[0] ?? null;
  }

  override render(): TemplateResult | typeof nothing {
    const record = this.#record.value;
    const { roles, problem } = this.#roles;
    if (!record) return nothing;
    const keys = this.#keys();
    const desk = keys === null ? 'keys' : this.desk;
    return html`
      <header class="head">
        <h1 tabindex="-1">Review</h1>
        ${
          keys === null
            ? html`<p class="lede">For the people who read every request before it may appear, and who take care of what is said under it.</p>`
            : html`<p>
                You act for <strong>${keys.holder?.name ?? 'nobody whom the directory knows'}</strong>
                ${keys.problem === null ? nothing : html`<span class="chip bad">May not sign</span> <span class="small">${keys.problem}</span>`}
              </p>`
        }
      </header>
      ${
        keys === null
          ? nothing
          : html`<nav class="desks" aria-label="Review">
              ${DESKS.map((place) => html`<a href=${reviewPath(place.desk)} aria-current=${place.desk === desk ? 'page' : nothing}>${place.name}</a>`)}
            </nav>`
      }
      ${
        problem === null
          ? roles === null
            ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Opening…</p>`
            : this.#screen(record, roles, keys, desk)
          : html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${problem}</p></div>`
      }
    `;
  }

  #screen(record: PublicRecord, roles: Roles, keys: HeldKeys | null, desk: ReviewDesk): TemplateResult {
    if (keys === null || desk === 'keys') {
      return html`<pl-role-keys
        .journey=${this.journey}
        .roles=${roles}
        .keys=${this.#roles.keysOf('reviewer')}
        .who=${'reviewer' as const}
        .chosen=${keys?.id ?? ''}
        @pl-keys-chosen=${(event: KeysChosen) => (this.chosen = event.keysId)}
      ></pl-role-keys>`;
    }
    if (record.state === 'off') return this.#off();
    if (!hubTakes(record, 'requests')) {
      return html`<p class="empty">This page comes from a host of plain files, which takes nothing: there is nothing to review here.</p>`;
    }
    const { message, problem } = desk === 'comments' ? this.#moderation : this.#review;
    return html`
      <p role="status" class="done">${message}</p>
      <p role="alert" class="problem">${problem}</p>
      ${desk === 'queue' ? this.#queue(roles, keys) : desk === 'public' ? this.#public(record, roles, keys) : this.#talk(record, roles, keys)}
    `;
  }

  #off(): TemplateResult {
    return html`<div class="empty stack">
      <wa-icon name="lamp"></wa-icon>
      <h2>Requests are off</h2>
      <p>So this page asks the hub for nothing, what waits for review included.</p>
      <p><wa-button href="/settings" variant="brand">Go to the Settings</wa-button></p>
    </div>`;
  }

  #queue(roles: Roles, keys: HeldKeys): TemplateResult {
    const { queue, loading, busy } = this.#review;
    const items = queue ?? [];
    return html`<section class="stack" aria-labelledby="queue">
      <div class="row between">
        <h2 id="queue" tabindex="-1">Waiting for review ${queue === null ? nothing : html`<span class="quiet figures">${items.length}</span>`}</h2>
        <wa-button size="s" appearance="outlined" variant="neutral" ?loading=${loading} @click=${() => void this.#review.fetch(roles, keys)}>
          <wa-icon slot="start" name="refresh"></wa-icon>Look again
        </wa-button>
      </div>
      ${queue === null && loading ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Fetching what waits…</p>` : nothing}
      ${queue !== null && items.length === 0 ? html`<p class="empty quiet">Nothing waits. What agencies post next appears here, oldest first.</p>` : nothing}
      ${repeat(
        items,
        ({ request }) => request.id,
        (item) => html`<pl-review-item
          .item=${item}
          .keyName=${keys.id.slice(0, keys.id.lastIndexOf('+'))}
          .busy=${busy === item.request.id}
          @pl-review-decided=${(event: ReviewDecided) => this.#decide(roles, keys, event.item, event)}
        ></pl-review-item>`,
      )}
    </section>`;
  }

  #public(record: PublicRecord, roles: Roles, keys: HeldKeys): TemplateResult {
    const open = record.requests.filter(({ status, origin }) => status === 'open' && origin === 'hub');
    return html`<section class="stack" aria-labelledby="public">
      <h2 id="public" tabindex="-1">Public requests <span class="quiet figures">${open.length}</span></h2>
      <p class="quiet">A request that should not have been approved can be rejected all the same: it is closed at once, and nothing can be shared with it any more.</p>
      <pl-public-requests .views=${open} .busy=${this.#review.busy ?? ''} @pl-request-taken-back=${(event: RequestTakenBack) => this.#takeBack(roles, keys, event)}></pl-public-requests>
    </section>`;
  }

  #talk(record: PublicRecord, roles: Roles, keys: HeldKeys): TemplateResult {
    return html`<section class="stack" aria-labelledby="talk">
      <h2 id="talk" tabindex="-1">Comments</h2>
      <p class="quiet">On every open request, newest first. A removed comment’s words are gone; your ground and reason stay in their place.</p>
      <pl-comment-moderation
        .comments=${this.#comments.value}
        .requests=${record.requests}
        .busy=${this.#moderation.busy}
        @pl-comment-moderated=${({ comment, given }: CommentModerated) => this.#moderation.moderate(roles, keys, comment, given.code, given.reason)}
      ></pl-comment-moderation>
    </section>`;
  }

  async #decide(roles: Roles, keys: HeldKeys, item: ReviewItem, { rejection }: ReviewDecided): Promise<void> {
    const { journey } = this;
    if (!journey) return;
    const desk = { journey, roles, keys };
    const decided =
      rejection === null
        ? await this.#review.approve(desk, item)
        : await this.#review.reject(desk, item.request, rejection.code, rejection.reason);
    if (decided) await this.#focusHeading();
  }

  async #takeBack(roles: Roles, keys: HeldKeys, { view, given }: RequestTakenBack): Promise<void> {
    const { journey } = this;
    if (!journey) return;
    const decided = await this.#review.reject({ journey, roles, keys }, view.request, given.code, given.reason);
    if (decided) await this.#focusHeading();
  }

  /** What was decided is gone, and the focus with it. */
  async #focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2[tabindex]')?.focus();
  }

  static override styles = [shared, deskStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-review-view': ReviewView;
  }
}
