/** One request as a post on the timeline: when in large figures, who asks for what, and what it means for you. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RequestView } from '../../contracts/public-record.ts';
import type { ForYou } from '../for-you.ts';
import { clockTime, count, dayRange, instant, moment, needsSeconds, timeRange, zoneName } from '../format.ts';
import { agencyPath, requestPath } from '../router.ts';
import { shared } from '../styles/shared.ts';
import { AGENCY_KIND, STATUS } from '../words.ts';

@customElement('pl-request-card')
export class RequestCard extends LitElement {
  @property({ attribute: false }) view: RequestView | null = null;
  @property({ attribute: false }) forYou: ForYou | null = null;
  /** Comments that stand under it. */
  @property({ type: Number }) comments = 0;

  override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    const { request, window } = view;
    const { zone } = request.window;
    const lit = this.forYou?.kind === 'match' || this.forYou?.kind === 'unconfirmed';
    const open = view.status === 'open';
    const seconds = needsSeconds(window);
    return html`
      <article class="sheet ${lit ? 'lit' : ''} ${open ? '' : 'shut'}">
        <p class="who small">
          <span>${
            view.agency
              ? html`<a href=${agencyPath(view.agency.id)}><strong>${view.agency.name}</strong></a> <span class="quiet">· ${AGENCY_KIND[view.agency.kind]}</span>`
              : html`<strong>${request.agency}</strong>`
          }</span>
          ${open ? nothing : html`<span class="chip ${view.status === 'refused' ? 'bad' : ''}">${STATUS[view.status]}</span>`}
        </p>
        <div class="when figures">
          <span class="hidden-visually">${timeRange(window, zone)}</span>
          <span class="times" aria-hidden="true">${clockTime(window.from, zone, seconds)}–${clockTime(window.to, zone, seconds)}</span>
          <span class="zone" aria-hidden="true">${zoneName(window.to, zone)}</span>
          <span class="day quiet">${dayRange(window, zone)}</span>
        </div>
        <h3><a href=${requestPath(view.id)}>${request.title}</a></h3>
        <p class="quiet small place"><wa-icon name="place"></wa-icon> ${request.placeName} · ${request.incidentType}</p>
        ${view.problem ? html`<p class="small problem">${view.problem.detail}</p>` : nothing}
        ${view.statusReason ? html`<p class="small quiet">${view.statusReason}</p>` : nothing}
        ${
          open && this.forYou
            ? html`<p class=${lit ? 'for-you lit' : 'for-you quiet'}>
              <wa-icon name=${lit ? 'lamp' : 'info'}></wa-icon><span><span class="hidden-visually">For you: </span>${this.forYou.line}</span>
            </p>`
            : nothing
        }
        <p class="small quiet posted">
          <span>Posted ${moment(instant(request.posted), zone)}${view.origin === 'file' ? ' · imported from a file' : ''}</span>
          ${this.comments > 0 ? html`<span class="figures"><wa-icon name="comment"></wa-icon> ${count(this.comments, 'comment')}</span>` : nothing}
        </p>
      </article>
    `;
  }

  static override styles = [
    shared,
    css`
      article {
        display: grid;
        gap: 0.35rem;
        padding: 1.1rem 1.2rem;
        position: relative;
      }

      article.lit {
        border-inline-start: 5px solid var(--pl-amber);
        padding-inline-start: calc(1.2rem - 4px);
      }

      article.shut {
        background: transparent;
        box-shadow: none;
      }

      .who {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: start;
        gap: 0.2rem 0.75rem;
      }

      /* Above the link that covers the whole card. */
      .who a {
        position: relative;
        z-index: 1;
        display: inline-block;
        padding-block: 0.1rem;
        color: var(--pl-ink);
        text-decoration-color: var(--pl-edge);
      }

      .who a:hover {
        color: var(--pl-blue);
      }

      .posted {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 1rem;
      }

      .when {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.5rem;
        line-height: 1.15;
        margin-block: 0.15rem 0.25rem;
      }

      .times {
        font-size: clamp(1.75rem, 1.4rem + 1.8vw, 2.3rem);
        font-weight: 600;
        letter-spacing: -0.02em;
      }

      .shut .times {
        font-size: 1.4rem;
        color: var(--pl-quiet);
      }

      .times {
        white-space: nowrap;
      }

      .zone {
        font-size: 1rem;
        color: var(--pl-quiet);
      }

      .day {
        font-size: 0.875rem;
        flex-basis: 100%;
        margin-block-start: 0.15rem;
      }

      @media (min-width: 40rem) {
        .day {
          flex-basis: auto;
          margin-inline-start: auto;
        }
      }

      h3 {
        font-size: 1.25rem;
      }

      h3 a {
        color: var(--pl-ink);
        text-decoration-color: var(--pl-edge);
      }

      h3 a::after {
        content: '';
        position: absolute;
        inset: 0;
        border-radius: var(--pl-radius);
      }

      h3 a:hover {
        color: var(--pl-blue);
      }

      .for-you {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.55rem;
        margin-block: 0.35rem 0.1rem;
        font-weight: 600;
      }

      .for-you > wa-icon {
        margin-block-start: 0.18em;
        font-size: 1.1rem;
      }

      .for-you.lit {
        background: var(--pl-amber-quiet);
        color: var(--pl-amber-text);
        padding: 0.55rem 0.75rem;
        border-radius: 6px;
      }

      .for-you.quiet {
        font-weight: 400;
      }

      .problem {
        color: var(--pl-bad);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-request-card': RequestCard;
  }
}
