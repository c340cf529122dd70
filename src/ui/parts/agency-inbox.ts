/** What people sent, request by request, newest first: when, how large, and what was said of it. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { InboxItem } from '../../contracts/inbox.ts';
import type { HubService } from '../../contracts/request.ts';
import type { AboutAgency, ActingKeys } from '../controllers/agency-controller.ts';
import type { InboxController } from '../controllers/inbox-controller.ts';
import { byteSize, count, instant, moment } from '../format.ts';
import { ownPosts, type OwnPost } from '../own-posts.ts';
import { DEED_FAILURE } from '../role-words.ts';
import { deskPath } from '../router.ts';
import { deskStyles } from '../styles/desk.ts';
import { shared } from '../styles/shared.ts';
import './decision-chip.ts';

@customElement('pl-agency-inbox')
export class AgencyInbox extends LitElement {
  @property({ attribute: false }) keys: ActingKeys | null = null;
  @property({ attribute: false }) about: AboutAgency | null = null;
  @property({ attribute: false }) accepts: readonly HubService[] | undefined;
  @property({ attribute: false }) items: InboxController['items'] = null;
  @property({ attribute: false }) problem: InboxController['problem'] = null;
  @property({ type: Boolean }) loading = false;
  /** Which packages were opened since the page was loaded. */
  @property({ attribute: false }) isOpened: ((id: string) => boolean) | null = null;
  @property({ attribute: false }) reload: (() => void) | null = null;

  override render(): TemplateResult {
    const { items, loading } = this;
    const served = !this.accepts || this.accepts.includes('inbox');
    return html`
      <div class="row between top">
        <h2>Inbox</h2>
        ${
          served
            ? html`<wa-button size="s" appearance="outlined" variant="neutral" ?loading=${loading} @click=${() => this.reload?.()}>
              <wa-icon slot="start" name="refresh"></wa-icon>Look again
            </wa-button>`
            : nothing
        }
      </div>
      ${
        served
          ? nothing
          : html`<div class="notice" role="note">
            <wa-icon name="info"></wa-icon>
            <p>This page comes from a host of plain files, which has no inbox. People hand you their sealed files: <a href=${deskPath('file')}>open one</a>.</p>
          </div>`
      }
      ${
        this.problem
          ? html`<div class="notice bad" role="alert">
            <wa-icon name="alert"></wa-icon>
            <div><p>${DEED_FAILURE[this.problem.reason]}</p><p class="small">${this.problem.detail}</p></div>
          </div>`
          : nothing
      }
      <p class="small quiet" role="status">${this.#summary()}</p>
      ${items === null ? nothing : items.length === 0 ? this.#empty() : this.#groups(items)}
    `;
  }

  #summary(): string {
    const { items } = this;
    if (items === null) return this.loading ? 'Asking the hub…' : '';
    const open = items.filter(({ decision }) => decision === null).length;
    return items.length === 0 ? '' : `${count(items.length, 'package')}, ${open} without a decision.`;
  }

  #empty(): TemplateResult {
    return html`<div class="empty stack-s">
      <p><strong>Nothing has been sent to you yet.</strong></p>
      <p class="quiet">
        Who looked and who declined is told to nobody. A sealed file that somebody brings on a stick or sends some other way is opened under
        <a href=${deskPath('file')}>Open a file</a>.
      </p>
    </div>`;
  }

  #groups(items: readonly InboxItem[]): TemplateResult[] {
    const requests = [...new Set(items.map(({ request }) => request))];
    const posts = this.about?.profile ? ownPosts(this.about.profile, this.about.posted) : [];
    return requests.map((id) => {
      const sent = items.filter(({ request }) => request === id);
      return this.#group(
        id,
        posts.find(({ requestId }) => requestId === id),
        sent,
      );
    });
  }

  #group(id: string, post: OwnPost | undefined, items: readonly InboxItem[]): TemplateResult {
    const request = post?.request;
    return html`<section class="sheet stack-s" aria-label=${request?.title ?? id}>
      <div>
        <h3>${request?.title ?? id}</h3>
        <p class="small quiet figures">${request ? `Case ${request.caseNumber} · ` : ''}${count(items.length, 'package')}</p>
      </div>
      <ul>
        ${items.map((item) => this.#item(item))}
      </ul>
    </section>`;
  }

  #item(item: InboxItem): TemplateResult {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return html`<li>
      <div class="what">
        <p class="figures"><strong>${moment(instant(item.received), zone)}</strong></p>
        <p class="small quiet figures">${byteSize(item.bytes)} · <code>${item.package.slice(0, 8)}</code></p>
      </div>
      <pl-decision-chip .decision=${item.decision}></pl-decision-chip>
      <wa-button size="s" appearance="outlined" variant="neutral" href=${deskPath('inbox', item.package)}>
        ${this.isOpened?.(item.package) ? 'Look at it' : 'Open'}<span class="hidden-visually"> the package of ${moment(instant(item.received), zone, true)}</span>
      </wa-button>
    </li>`;
  }

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

      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 1rem;
        padding-block: 0.7rem;
        border-block-start: 1px solid var(--pl-rule);
      }

      .what {
        flex: 1 1 12rem;
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
    'pl-agency-inbox': AgencyInbox;
  }
}
