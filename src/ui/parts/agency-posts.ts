/** The agency's own posts, newest first: what became of each, and whether the public chain holds. Open ones can be ended. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { HubService } from '../../contracts/request.ts';
import type { AgencyProfile, Roles } from '../../contracts/roles-api.ts';
import type { AboutAgency, ActingKeys } from '../controllers/agency-controller.ts';
import { count, dayRange, instant, moment, timeRange } from '../format.ts';
import { missingPosts, ownPosts, type OwnPost } from '../own-posts.ts';
import { DEED_FAILURE, OUTCOME_TONE, POST_OUTCOME, REJECTION } from '../role-words.ts';
import { deskPath, requestPath } from '../router.ts';
import { deskStyles } from '../styles/desk.ts';
import { shared } from '../styles/shared.ts';
import './close-dialog.ts';
import type { Closing } from './close-dialog.ts';

@customElement('pl-agency-posts')
export class AgencyPosts extends LitElement {
  @property({ attribute: false }) roles: Roles | null = null;
  @property({ attribute: false }) keys: ActingKeys | null = null;
  @property({ attribute: false }) about: AboutAgency | null = null;
  @property({ attribute: false }) accepts: readonly HubService[] | undefined;
  @property({ attribute: false }) reload: (() => Promise<void>) | null = null;
  @state() private closing: Closing | null = null;
  @state() private said = '';

  override firstUpdated(): void {
    // A reviewer may have looked meanwhile.
    if (this.about?.profile) void this.reload?.();
  }

  override render(): TemplateResult | typeof nothing {
    const { about } = this;
    if (!about) return nothing;
    const { profile, posted, problem, loading } = about;
    return html`
      <div class="row between top">
        <h2 id="posts">Your posts</h2>
        <wa-button size="s" appearance="outlined" variant="neutral" ?loading=${loading} @click=${() => void this.reload?.()}>
          <wa-icon slot="start" name="refresh"></wa-icon>Look again
        </wa-button>
      </div>
      <p class="small" role="status">${this.said}</p>
      ${
        problem === null
          ? nothing
          : html`<div class="notice bad" role="alert">
            <wa-icon name="alert"></wa-icon>
            <div><p>${DEED_FAILURE[problem.reason]}</p><p class="small">${problem.detail}</p></div>
          </div>`
      }
      ${profile === null ? this.#waiting(loading) : html`${this.#chain(profile)} ${this.#posts(ownPosts(profile, posted))}`}
      <pl-close-dialog .closing=${this.closing} .close=${this.#close} @pl-dismissed=${() => (this.closing = null)}></pl-close-dialog>
    `;
  }

  #waiting(loading: boolean): TemplateResult | typeof nothing {
    return loading
      ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Fetching and verifying your history…</p>`
      : nothing;
  }

  #chain(profile: AgencyProfile): TemplateResult {
    const missing = missingPosts(profile, this.about?.posted ?? []);
    const flaws = [
      ...profile.problems.map(({ detail }) => detail),
      ...missing.map(({ title }) => `“${title}” was posted from this device and is not in the history.`),
    ];
    const { entries } = profile.history;
    return flaws.length === 0
      ? html`<p class="small quiet">
          <wa-icon name="shield"></wa-icon> ${entries.length === 0 ? 'Nothing is posted yet.' : `All ${count(entries.length, 'entry', 'entries')} of your public history were verified in this browser.`}
        </p>`
      : html`<div class="notice bad" role="alert">
          <wa-icon name="alert"></wa-icon>
          <div>
            <p><strong>Your public history does not hold</strong></p>
            <ul>${flaws.map((flaw) => html`<li>${flaw}</li>`)}</ul>
          </div>
        </div>`;
  }

  #posts(posts: readonly OwnPost[]): TemplateResult {
    if (posts.length === 0) {
      return html`<div class="empty stack-s">
        <p>You have not asked for anything yet.</p>
        <wa-button variant="brand" href=${deskPath('compose')}>Write a request</wa-button>
      </div>`;
    }
    return html`<ol class="stack" aria-labelledby="posts">
      ${repeat(
        posts,
        ({ requestId }) => requestId,
        (post) => this.#post(post),
      )}
    </ol>`;
  }

  #post(post: OwnPost): TemplateResult {
    const { request, outcome, requestId } = post;
    const title = request?.title ?? 'A request whose text is not public';
    const isPublic = outcome !== 'awaiting-review' && outcome !== 'rejected' && request !== null;
    return html`<li class="sheet stack-s" data-request=${requestId}>
      <div class="row between">
        <h3>${isPublic ? html`<a href=${requestPath(requestId)}>${title}</a>` : title}</h3>
        <span class="chip ${OUTCOME_TONE[outcome]}">${POST_OUTCOME[outcome]}</span>
      </div>
      ${request === null ? html`<p class="small quiet">Another device posted it; its text becomes public with the review.</p>` : this.#facts(post, request)}
      ${this.#became(post)}
      ${outcome === 'open' || outcome === 'awaiting-review' ? this.#tools(post) : nothing}
    </li>`;
  }

  #facts({ position }: OwnPost, request: NonNullable<OwnPost['request']>): TemplateResult {
    const { zone } = request.window;
    const window = { from: instant(request.window.from), to: instant(request.window.to) };
    return html`<p class="small quiet figures">
      Case ${request.caseNumber} · ${request.placeName} · ${dayRange(window, zone)}, ${timeRange(window, zone)}<br />
      Entry ${position}, posted ${moment(instant(request.posted), zone)}, open until ${moment(instant(request.expires), zone)}
    </p>`;
  }

  /** What ended it, or who let it through. */
  #became({ rejection, closing, reviewer, outcome, request }: OwnPost): TemplateResult | typeof nothing {
    const zone = request?.window.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (rejection !== null) {
      return html`<div class="notice bad">
        <wa-icon name="circle-xmark"></wa-icon>
        <div>
          <p><strong>${rejection.code === null ? 'Rejected' : `Rejected: ${REJECTION[rejection.code]}`}</strong></p>
          <p>${rejection.reason}</p>
          <p class="small figures">${rejection.reviewer?.name ?? 'A reviewer'}, ${moment(rejection.at, zone)}</p>
        </div>
      </div>`;
    }
    if (closing !== null) {
      return html`<p class="small">${closing.reason ?? ''} <span class="quiet figures">${POST_OUTCOME[closing.status]} ${moment(closing.at, zone)}</span></p>`;
    }
    if (outcome === 'awaiting-review')
      return html`<p class="small">No resident sees it before a reviewer has looked at it.</p>`;
    return reviewer === null ? nothing : html`<p class="small quiet">Reviewed by ${reviewer}</p>`;
  }

  #tools(post: OwnPost): TemplateResult | typeof nothing {
    const closed = this.keys?.problem !== null || (this.accepts && !this.accepts.includes('requests'));
    if (closed) return nothing;
    return html`<div class="row">
      ${
        post.outcome === 'open'
          ? html`<wa-button size="s" appearance="outlined" variant="neutral" @click=${() => (this.closing = { post, status: 'resolved' })}>Resolve…</wa-button>`
          : nothing
      }
      <wa-button size="s" appearance="plain" variant="neutral" @click=${() => (this.closing = { post, status: 'withdrawn' })}>Withdraw…</wa-button>
    </div>`;
  }

  readonly #close = async ({ post, status }: Closing, reason: string) => {
    const { roles, keys } = this;
    if (!roles || !keys) throw new Error('nothing can be closed before it is shown');
    const closed = await roles.closeRequest(keys.id, post.requestId, status, reason);
    if (closed.ok) {
      this.said = `${POST_OUTCOME[status]}.`;
      void this.reload?.();
    }
    return closed;
  };

  static override styles = [
    shared,
    deskStyles,
    css`
      :host {
        display: grid;
        gap: 0.9rem;
        grid-template-columns: minmax(0, 1fr);
        max-width: 52rem;
      }

      h3 a {
        color: inherit;
      }

      .row.between > h3 {
        flex: 1 1 14rem;
        min-width: 0;
      }

      [role='status']:empty {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-agency-posts': AgencyPosts;
  }
}
