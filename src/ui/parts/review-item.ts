/** A request that waits for its review: its words, place and time, the rules one by one, the reviewer's questions, and the two ways to decide. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RequestView } from '../../contracts/public-record.ts';
import type { RejectionCode } from '../../contracts/request.ts';
import type { ReviewItem } from '../../contracts/review.ts';
import { clockTime, coordinates, dayRange, duration, instant, moment, needsSeconds, zoneName } from '../format.ts';
import { requestStyles } from '../styles/request.ts';
import { shared } from '../styles/shared.ts';
import { AGENCY_KIND } from '../words.ts';
import './reason-form.ts';
import type { ReasonForm, ReasonGiven } from './reason-form.ts';
import './request-checks.ts';
import './review-questions.ts';
import type { QuestionsAnswered } from './review-questions.ts';
import './sketch-map.ts';

/** How the reviewer decides: approve, or reject with code and reason. */
export class ReviewDecided extends Event {
  readonly item: ReviewItem;
  /** Null: approved. */
  readonly rejection: ReasonGiven | null;
  constructor(item: ReviewItem, rejection: ReasonGiven | null) {
    super('pl-review-decided', { bubbles: true, composed: true });
    this.item = item;
    this.rejection = rejection;
  }
}

/** As the request screen shows its checks. */
const viewOf = (item: ReviewItem): RequestView => ({
  ...{ id: item.request.id, note: item.note, request: item.request, agency: item.agency, reviewer: null },
  window: { from: instant(item.request.window.from), to: instant(item.request.window.to) },
  ...{ status: 'refused', statusReason: null, problem: null, rules: item.rules, signatures: item.signatures },
  origin: 'hub',
});

@customElement('pl-review-item')
export class ReviewItemCard extends LitElement {
  @property({ attribute: false }) item: ReviewItem | null = null;
  /** Name of the reviewer's key, to tell whether it has signed this already. */
  @property() keyName = '';
  @property({ type: Boolean }) busy = false;
  @state() private clear = false;
  @state() private found: RejectionCode | null = null;
  @state() private rejecting = false;

  override render(): TemplateResult | typeof nothing {
    const { item } = this;
    if (!item) return nothing;
    const { request, agency } = item;
    const { zone } = request.window;
    const view = viewOf(item);
    const { window } = view;
    const seconds = needsSeconds(window);
    return html`<article class="sheet stack">
      <header class="stack-s">
        <p class="row">
          <strong>${agency?.name ?? request.agency}</strong>
          ${agency ? html`<span class="quiet">${AGENCY_KIND[agency.kind]}, ${agency.place}</span>` : nothing}
          ${item.obstacle === null ? nothing : html`<span class="chip bad">Cannot be approved</span>`}
        </p>
        <h3 class="title">${request.title}</h3>
        <p class="when figures">
          <span class="times">${clockTime(window.from, zone, seconds)}–${clockTime(window.to, zone, seconds)}</span>
          <span class="zone">${zoneName(window.to, zone)}</span>
          <span class="day">${dayRange(window, zone)}<br /><span class="quiet small">a window of ${duration(window.to - window.from)}</span></span>
        </p>
      </header>
      <div class="layout">
        <div class="body stack">
          <p class="description">${request.description}</p>
          ${this.#facts(item)}
        </div>
        <div class="where">
          <pl-sketch-map .area=${request.area} .incident=${request.incident} .cameras=${[]}></pl-sketch-map>
        </div>
      </div>
      <details open>
        <summary>Rules and signatures, one by one</summary>
        <pl-request-checks nested .view=${view}></pl-request-checks>
      </details>
      ${this.#decide(item)}
    </article>`;
  }

  #facts({ request, receivedAt }: ReviewItem): TemplateResult {
    const { zone } = request.window;
    const { name, email, telephone } = request.investigator;
    return html`<dl class="facts">
      <dt>Case number</dt>
      <dd class="figures">${request.caseNumber || 'not given'}</dd>
      <dt>Incident</dt>
      <dd>${request.incidentType || 'not given'}${request.suspectedCrime ? html`, suspected: ${request.suspectedCrime}` : nothing}</dd>
      <dt>Place</dt>
      <dd>${request.placeName}<br /><span class="quiet small figures">${coordinates(request.incident)}</span></dd>
      <dt>Investigator</dt>
      <dd>${[name, email, telephone].filter(Boolean).join(', ') || 'not given'}</dd>
      <dt>Posted</dt>
      <dd class="figures">${moment(instant(request.posted), zone)}, at the hub ${moment(receivedAt, zone)}</dd>
      <dt>Open until</dt>
      <dd class="figures">${moment(instant(request.expires), zone)}</dd>
    </dl>`;
  }

  #decide(item: ReviewItem): TemplateResult {
    const obstacle = this.#signedBefore(item)
      ? 'You have signed this request already. Nobody approves twice.'
      : item.obstacle;
    return html`<section class="stack" aria-label="Your decision on ${item.request.title}">
      <h4>What no rule can measure</h4>
      <pl-review-questions @pl-questions-answered=${this.#onAnswer}></pl-review-questions>
      ${obstacle === null ? nothing : html`<div class="notice bad" role="note"><wa-icon name="circle-xmark"></wa-icon><p><strong>Nobody can approve this.</strong> ${obstacle}</p></div>`}
      ${
        this.rejecting
          ? html`<pl-reason-form
              action="Reject the request"
              shownIn="It stands in the agency’s public history for good."
              withheld="Under this ground the request’s own text is shown nowhere, not even in the history: showing it would do the harm again."
              .suggested=${this.found ?? (item.obstacle === null ? '' : 'breaks-policy')}
              .busy=${this.busy}
              @pl-reason-given=${(event: ReasonGiven) => this.dispatchEvent(new ReviewDecided(item, event))}
              @pl-dismissed=${() => (this.rejecting = false)}
            ></pl-reason-form>`
          : html`<div class="row">
              <wa-button variant="brand" ?disabled=${obstacle !== null || !this.clear} ?loading=${this.busy} @click=${() => this.dispatchEvent(new ReviewDecided(item, null))}>
                Approve and publish
              </wa-button>
              <wa-button appearance="outlined" variant="danger" ?disabled=${this.busy} @click=${this.#reject}>Reject…</wa-button>
            </div>
            <p class="small quiet">${this.#hint(obstacle)}</p>`
      }
    </section>`;
  }

  #hint(obstacle: string | null): string {
    if (obstacle !== null) return 'It can be rejected.';
    if (this.found !== null) return 'You found a ground to reject it.';
    return this.clear
      ? 'Your signature goes onto the agency’s own text, and everybody can see that it is yours.'
      : 'Answer the six questions first: approving says that none of these is the case.';
  }

  #signedBefore({ signatures }: ReviewItem): boolean {
    return signatures.some(
      ({ role, keyName, verified }) => verified && role === 'reviewer' && keyName === this.keyName,
    );
  }

  readonly #onAnswer = ({ clear, found }: QuestionsAnswered): void => {
    this.clear = clear;
    this.found = found;
  };

  readonly #reject = async (): Promise<void> => {
    this.rejecting = true;
    await this.updateComplete;
    this.renderRoot.querySelector<ReasonForm>('pl-reason-form')?.focus();
  };

  static override styles = [
    shared,
    requestStyles,
    css`
      .title {
        font-size: 1.3rem;
      }

      h4 {
        font: 600 1rem/1.3 var(--pl-font);
      }

      @media (min-width: 60rem) {
        .layout {
          grid-template-columns: minmax(0, 1fr) minmax(18rem, 24rem);
          grid-template-rows: auto;
        }

        .where {
          grid-row: 1;
        }
      }

      details > pl-request-checks {
        margin-block-start: 0.8rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-review-item': ReviewItemCard;
  }
  interface HTMLElementEventMap {
    'pl-review-decided': ReviewDecided;
  }
}
