/** One entry of an agency's history: a post with all that became of it, a note that closes one, or the gap where one is missing. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HistoryProblem, VerifiedEntry } from '../../contracts/agency-history.ts';
import type { FootageRequest } from '../../contracts/request.ts';
import { dayRange, instant, moment, timeRange } from '../format.ts';
import { HISTORY_PROBLEM, OUTCOME_TONE, POST_OUTCOME, REJECTION } from '../role-words.ts';
import { requestPath } from '../router.ts';
import { shared } from '../styles/shared.ts';

type Post = Extract<VerifiedEntry, { kind: 'post' }>;
type Closing = Extract<VerifiedEntry, { kind: 'closing' }>;

const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const windowOf = ({ window }: FootageRequest) => ({ from: instant(window.from), to: instant(window.to) });

@customElement('pl-history-entry')
export class HistoryEntryCard extends LitElement {
  /** Null for a place whose entry is missing. */
  @property({ attribute: false }) entry: VerifiedEntry | null = null;
  @property({ type: Number }) position = 0;
  @property({ attribute: false }) problem: HistoryProblem | null = null;
  /** For a note that closes a post: the post's title. */
  @property() closes = '';
  /** Whether this page holds the request, so that it can be opened. */
  @property({ type: Boolean }) linked = false;
  /** Why this page refuses the request, although its place in the chain is in order; empty when it does not. */
  @property() refusal = '';

  override render(): TemplateResult {
    const { entry, problem } = this;
    return html`<article class=${problem === null ? 'sheet' : 'sheet broken'}>
      <p class="place figures" aria-hidden="true">${this.position}</p>
      <div class="stack-s">
        ${
          problem === null
            ? nothing
            : html`<p class="small problem"><wa-icon name="alert"></wa-icon><span><strong>${HISTORY_PROBLEM[problem.kind]}.</strong> ${problem.detail}</span></p>`
        }
        ${entry === null || entry.kind === 'unreadable' ? this.#gap() : entry.kind === 'post' ? this.#post(entry) : this.#closing(entry)}
      </div>
    </article>`;
  }

  #gap(): TemplateResult {
    return html`<h3>Entry ${this.position}</h3>
      <p class="small quiet">${this.entry === null ? 'Nothing stands in this place.' : 'What stands in this place cannot be read.'}</p>`;
  }

  #post(post: Post): TemplateResult {
    const { request } = post;
    const refused = this.refusal !== '' && post.outcome === 'open';
    const outcome = refused ? 'refused' : post.outcome;
    const title = request?.title ?? 'A request whose text is not shown';
    return html`
      <div class="row between top">
        <h3>${this.linked && request ? html`<a href=${requestPath(post.requestId)}>${title}</a>` : title}</h3>
        <span class="chip ${OUTCOME_TONE[outcome]}">${POST_OUTCOME[outcome]}</span>
      </div>
      ${request ? this.#facts(request) : this.#withheld(post)}
      ${this.#rejection(post)}
      ${refused ? html`<p class="small quiet">This page refuses it: ${this.refusal}</p>` : nothing}
      ${post.reviewer === null ? nothing : html`<p class="small quiet">Approved by ${post.reviewer.name}.</p>`}
      ${request ? this.#text(request, post.textSha256) : nothing}
    `;
  }

  #facts(request: FootageRequest): TemplateResult {
    const { zone } = request.window;
    const window = windowOf(request);
    return html`<p class="small quiet figures">Posted ${moment(instant(request.posted), zone)} · case ${request.caseNumber || 'not given'}</p>
      <p class="small figures">Asks for ${dayRange(window, zone)}, ${timeRange(window, zone)} · ${request.placeName}</p>`;
  }

  #withheld({ withheld, requestId, textSha256 }: Post): TemplateResult {
    return html`<p class="small quiet">
      ${
        withheld === 'awaiting-review'
          ? 'No reviewer has looked at it yet, so its text is not public. Its SHA-256 holds its place in the chain:'
          : 'A reviewer found that the very text does harm, so it is shown nowhere. Its SHA-256 holds its place in the chain:'
      }
      <code>${textSha256}</code> (${requestId})
    </p>`;
  }

  #rejection({ rejection }: Post): TemplateResult | typeof nothing {
    if (rejection === null) return nothing;
    const ground = rejection.code === null ? '' : `${REJECTION[rejection.code]}. `;
    return html`<div class="rejection stack-s">
      <p><strong>${ground}</strong>${rejection.reason}</p>
      <p class="small quiet figures">Rejected by ${rejection.reviewer?.name ?? 'a reviewer'}, ${moment(rejection.at, zoneHere())}</p>
    </div>`;
  }

  #text(request: FootageRequest, textSha256: string): TemplateResult {
    return html`<details class="small">
      <summary>The text as it was posted</summary>
      <p class="words">${request.description}</p>
      <p class="quiet">${request.incidentType || 'No incident given'}${request.suspectedCrime ? `, suspected: ${request.suspectedCrime}` : ''} · investigator: ${request.investigator.name || 'not given'}</p>
      <p class="quiet">SHA-256 of the signed text: <code>${textSha256}</code></p>
    </details>`;
  }

  #closing({ status, reason, at, requestId }: Closing): TemplateResult {
    return html`
      <div class="row between top">
        <h3>${POST_OUTCOME[status]}: ${this.closes || html`<code>${requestId}</code>`}</h3>
        <span class="chip">Closing note</span>
      </div>
      <p class="small quiet figures">${moment(at, zoneHere())}</p>
      ${reason === null ? nothing : html`<p>${reason}</p>`}
    `;
  }

  static override styles = [
    shared,
    css`
      article {
        display: grid;
        grid-template-columns: minmax(2rem, max-content) minmax(0, 1fr);
        gap: 1rem;
      }

      .place {
        font-size: 1.35rem;
        font-weight: 600;
        line-height: 1.2;
        color: var(--pl-quiet);
        text-align: end;
      }

      .top {
        align-items: start;
        flex-wrap: nowrap;
      }

      @media (max-width: 30rem) {
        article {
          gap: 0.7rem;
        }

        .top {
          flex-wrap: wrap-reverse;
          justify-content: start;
        }
      }

      .broken {
        border-color: var(--wa-color-danger-border-quiet);
        box-shadow: inset 4px 0 0 var(--pl-bad);
      }

      .problem {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.5rem;
        color: var(--pl-bad);
      }

      .problem wa-icon {
        margin-block-start: 0.2em;
      }

      .rejection {
        padding-inline-start: 0.8rem;
        border-inline-start: 3px solid var(--pl-bad);
      }

      .words {
        white-space: pre-line;
        margin-block: 0.3rem;
        max-width: 42rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-history-entry': HistoryEntryCard;
  }
}
