/** The timeline: requests as posts, those that concern this household first. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { RequestVerdict } from '../../contracts/match-api.ts';
import type { PublicRecord, RequestView } from '../../contracts/public-record.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { forYou } from '../for-you.ts';
import { count, instant, moment } from '../format.ts';
import '../parts/request-card.ts';
import '../parts/timeline-side.ts';
import type { TimelineFilter } from '../router.ts';
import { shared } from '../styles/shared.ts';

/** Close enough to be of interest though nothing of it can match. */
const NEARBY_M = 5_000;

const FILTERS: readonly { readonly show: TimelineFilter; readonly name: string }[] = [
  { show: 'all', name: 'All' },
  { show: 'for-me', name: 'For me' },
  { show: 'nearby', name: 'Nearby' },
  { show: 'resolved', name: 'Resolved' },
];

@customElement('pl-timeline-view')
export class TimelineView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() show: TimelineFilter = 'all';
  @state() private turnProblem = '';

  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #matches = new ReadableController(this, () => this.journey?.matches ?? null);
  readonly #library = new ReadableController(this, () => this.journey?.library ?? null);
  readonly #comments = new ReadableController(this, () => this.journey?.comments ?? null);

  #verdict(id: string): RequestVerdict | null {
    return this.#matches.value?.outcome?.verdictOf(id) ?? null;
  }

  #commentsOn(id: string): number {
    return (this.#comments.value?.byRequest.get(id) ?? []).filter(({ removed }) => removed === null).length;
  }

  #isMine(view: RequestView): boolean {
    return view.status === 'open' && (this.#verdict(view.id)?.recordings ?? 0) > 0;
  }

  #isNearby(view: RequestView): boolean {
    const outside = this.#verdict(view.id)?.nearestOutsideM;
    return view.status === 'open' && outside !== null && outside !== undefined && outside < NEARBY_M;
  }

  override render(): TemplateResult | typeof nothing {
    const record = this.#record.value;
    if (!record) return nothing;
    return html`
      <div class="layout">
        <header class="head">
          <h1 tabindex="-1">Timeline</h1>
          <nav aria-label="Filter">
            ${FILTERS.map(
              ({ show, name }) =>
                html`<a href=${show === 'all' ? '/' : `/?show=${show}`} aria-current=${show === this.show ? 'true' : nothing}>${name}</a>`,
            )}
          </nav>
        </header>
        <div class="posts stack">${this.#posts(record)}</div>
        <aside class="side stack" aria-label="About your requests">
          <pl-timeline-side .journey=${this.journey} .turn=${this.#turn} .turnProblem=${this.turnProblem}></pl-timeline-side>
        </aside>
      </div>
    `;
  }

  #posts(record: PublicRecord): TemplateResult {
    if (record.state === 'off') {
      return html`<div class="empty stack">
        <wa-icon name="lamp"></wa-icon>
        <h2>Requests are off</h2>
        <p>This page fetches none and compares none. Your library stays as it is.</p>
        <p><wa-button variant="brand" @click=${() => this.#turn(true)}>Turn requests on</wa-button></p>
      </div>`;
    }
    if (record.state === 'loading' && record.requests.length === 0) {
      return html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Fetching the public record…</p>`;
    }
    return html`${this.#trouble(record)} ${this.#welcome()} ${this.#lists(record)}`;
  }

  #trouble(record: PublicRecord): TemplateResult | typeof nothing {
    const problem = this.#matches.value?.problem ?? null;
    const storage = this.#library.value?.problem ?? null;
    return html`
      ${
        record.message
          ? html`<div class="notice" role="status">
            <wa-icon name="info"></wa-icon>
            <div class="stack-s">
              <p>${record.message}${record.fetchedAt && record.requests.length > 0 ? html` What you see was fetched ${moment(record.fetchedAt, Intl.DateTimeFormat().resolvedOptions().timeZone)}.` : nothing}</p>
              <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => void this.journey?.refreshRecord()}>Try again</wa-button>
            </div>
          </div>`
          : nothing
      }
      ${storage ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${storage}</p></div>` : nothing}
      ${
        problem
          ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>Your recordings could not be compared with the requests. ${problem}</p></div>`
          : nothing
      }
      ${
        record.unreadable.length > 0
          ? html`<details class="notice-like small"><summary>${count(record.unreadable.length, 'note')} could not be read</summary>
            <ul>${record.unreadable.map((reason) => html`<li>${reason}</li>`)}</ul></details>`
          : nothing
      }
    `;
  }

  #welcome(): TemplateResult | typeof nothing {
    const library = this.#library.value;
    if (!library?.loaded || library.problem || library.cameras.length > 0) return nothing;
    return html`<section class="welcome" aria-labelledby="welcome">
      <h2 id="welcome">Start with your own cameras</h2>
      <p>
        Add a camera, say where it hangs, and import its recordings. This page then tells you which requests they fall into. They are kept
        and compared in this browser; nobody learns that you looked.
      </p>
      <p><wa-button href="/library" variant="warning">Go to the Library</wa-button></p>
    </section>`;
  }

  #lists(record: PublicRecord): TemplateResult {
    const newest = [...record.requests].sort((a, b) => instant(b.request.posted) - instant(a.request.posted));
    const open = newest.filter((view) => view.status === 'open');
    const mine = open.filter((view) => this.#isMine(view));
    const shut = newest.filter((view) => view.status !== 'open');
    switch (this.show) {
      case 'for-me':
        return this.#list('For you', mine, 'No open request falls on your recordings at the moment.');
      case 'nearby':
        return this.#list(
          'Nearby',
          open.filter((view) => this.#isNearby(view)),
          'No open request asks about places within 5 km of your cameras.',
        );
      case 'resolved':
        return this.#list('Closed or refused', shut, 'No request has been closed yet.');
      case 'all':
        if (newest.length === 0) return html`<p class="empty quiet">There are no requests at the moment.</p>`;
        return html`
          ${mine.length > 0 ? this.#list('For you', mine, '') : nothing}
          ${this.#list(
            mine.length > 0 ? 'Other open requests' : 'Open requests',
            open.filter((view) => !mine.includes(view)),
            'No other request is open.',
          )}
          ${shut.length > 0 ? this.#list('Closed or refused', shut, '') : nothing}
        `;
    }
  }

  #list(heading: string, views: readonly RequestView[], empty: string): TemplateResult {
    return html`<section class="stack" aria-label=${heading}>
      <h2 class="group">${heading} <span class="quiet figures">${views.length}</span></h2>
      ${views.length === 0 ? html`<p class="empty quiet">${empty}</p>` : nothing}
      ${repeat(
        views,
        (view) => view.id,
        (view) =>
          html`<pl-request-card
            .view=${view}
            .forYou=${forYou(view, this.#verdict(view.id), this.#library.value)}
            .comments=${this.#commentsOn(view.id)}
          ></pl-request-card>`,
      )}
    </section>`;
  }

  readonly #turn = async (on: boolean): Promise<void> => {
    const result = await this.journey?.saveSettings({ requestsOn: on });
    this.turnProblem = result && !result.ok ? result.detail : '';
  };

  static override styles = [
    shared,
    css`
      .layout {
        display: grid;
        gap: 1.25rem;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0.6rem 2rem;
      }

      nav {
        display: flex;
        gap: 0.3rem;
        margin-inline: -0.6rem;
      }

      nav a {
        padding: 0.35rem 0.6rem;
        color: var(--pl-quiet);
        text-decoration: none;
        border-block-end: 3px solid transparent;
      }

      nav a[aria-current] {
        color: var(--pl-ink);
        font-weight: 600;
        border-color: var(--pl-amber);
      }

      .group {
        font: 600 0.95rem/1.3 var(--pl-font);
        margin-block-start: 0.4rem;
      }

      .welcome {
        padding: 1.4rem;
        border-radius: var(--pl-radius);
        background: var(--pl-night);
        color: var(--pl-on-night);
        display: grid;
        gap: 0.7rem;
      }

      @media (min-width: 60rem) {
        .layout {
          grid-template-columns: minmax(0, 44rem) minmax(15rem, 19rem);
          column-gap: 2.5rem;
          justify-content: space-between;
        }

        .head {
          grid-column: 1;
        }

        .posts {
          grid-column: 1;
        }

        .side {
          grid-row: 2;
          grid-column: 2;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-timeline-view': TimelineView;
  }
}
