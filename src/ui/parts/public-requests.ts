/** Requests that are public and open, for a reviewer who has to take one back. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RequestView } from '../../contracts/public-record.ts';
import { moment, instant } from '../format.ts';
import { requestPath } from '../router.ts';
import { shared } from '../styles/shared.ts';
import './reason-form.ts';
import type { ReasonForm, ReasonGiven } from './reason-form.ts';

/** A reviewer takes a public request back. */
export class RequestTakenBack extends Event {
  readonly view: RequestView;
  readonly given: ReasonGiven;
  constructor(view: RequestView, given: ReasonGiven) {
    super('pl-request-taken-back', { bubbles: true, composed: true });
    this.view = view;
    this.given = given;
  }
}

@customElement('pl-public-requests')
export class PublicRequests extends LitElement {
  /** Open ones that came from the hub. */
  @property({ attribute: false }) views: readonly RequestView[] = [];
  /** Id of the one that is being decided. */
  @property() busy = '';
  @state() private rejecting = '';

  override render(): TemplateResult {
    if (this.views.length === 0) return html`<p class="empty quiet">No request is open.</p>`;
    return html`<ul>
      ${repeat(
        this.views,
        ({ id }) => id,
        (view) => this.#request(view),
      )}
    </ul>`;
  }

  #request(view: RequestView): TemplateResult {
    const { request, agency, reviewer, id } = view;
    return html`<li class="stack-s">
      <div class="row between">
        <h3><a href=${requestPath(id)}>${request.title}</a></h3>
        ${
          this.rejecting === id
            ? nothing
            : html`<wa-button size="s" appearance="outlined" variant="danger" ?disabled=${this.busy !== ''} @click=${() => this.#reject(id)}
              >Reject…<span class="hidden-visually"> ${request.title}</span></wa-button>`
        }
      </div>
      <p class="small quiet figures">
        ${agency?.name ?? request.agency} · posted ${moment(instant(request.posted), request.window.zone)}${reviewer ? ` · approved by ${reviewer.name}` : ''}
      </p>
      ${
        this.rejecting === id
          ? html`<pl-reason-form
            action="Reject and close it"
            shownIn="It stands beside the request and in the agency’s public history for good."
            withheld="Under this ground the request’s own text is taken back, too: from now on it is shown nowhere."
            .busy=${this.busy === id}
            @pl-reason-given=${(event: ReasonGiven) => this.dispatchEvent(new RequestTakenBack(view, event))}
            @pl-dismissed=${() => (this.rejecting = '')}
          ></pl-reason-form>`
          : nothing
      }
    </li>`;
  }

  async #reject(id: string): Promise<void> {
    this.rejecting = id;
    await this.updateComplete;
    this.renderRoot.querySelector<ReasonForm>('pl-reason-form')?.focus();
  }

  static override styles = [
    shared,
    css`
      li {
        padding-block: 0.9rem;
        border-block-start: 1px solid var(--pl-rule);
      }

      h3 {
        font: 600 1rem/1.3 var(--pl-font);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-public-requests': PublicRequests;
  }
  interface HTMLElementEventMap {
    'pl-request-taken-back': RequestTakenBack;
  }
}
