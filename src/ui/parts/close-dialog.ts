/** Ends a request before its time: resolved, because it is no longer needed, or withdrawn, because it should not stand. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Result } from '../../contracts/result.ts';
import type { DeedFailure } from '../../contracts/roles-api.ts';
import { Dismissed } from '../events.ts';
import type { OwnPost } from '../own-posts.ts';
import { DEED_FAILURE } from '../role-words.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';

export interface Closing {
  readonly post: OwnPost;
  readonly status: 'resolved' | 'withdrawn';
}

const HEADING = { resolved: 'Resolve this request?', withdrawn: 'Withdraw this request?' } as const;
const ACTION = { resolved: 'Sign and resolve', withdrawn: 'Sign and withdraw' } as const;
const MEANING = {
  resolved: 'It is no longer needed: residents are told that it is resolved, and nothing can be sent for it any more.',
  withdrawn: 'It should not stand: residents are told that you took it back, and nothing can be sent for it any more.',
} as const;

/** Sends `pl-dismissed` when it is over. */
@customElement('pl-close-dialog')
export class CloseDialog extends LitElement {
  /** Null: closed. */
  @property({ attribute: false }) closing: Closing | null = null;
  @property({ attribute: false }) close:
    | ((closing: Closing, reason: string) => Promise<Result<void, DeedFailure>>)
    | null = null;
  @state() private last: Closing | null = null;
  @state() private reason = '';
  @state() private problem = '';
  @state() private busy = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('closing') || !this.closing) return;
    this.last = this.closing;
    this.reason = '';
    this.problem = '';
  }

  override render(): TemplateResult {
    const status = this.last?.status ?? 'resolved';
    return html`<wa-dialog label=${HEADING[status]} ?open=${this.closing !== null} @wa-hide=${this.#onHide}>
      <form class="stack" novalidate @submit=${this.#submit}>
        <p><strong>${this.last?.post.request?.title ?? this.last?.post.requestId ?? ''}</strong></p>
        <p>${MEANING[status]} The note is signed and stays in your public history.</p>
        <div class="field">
          <label for="reason">Reason, in words that everybody reads</label>
          <textarea id="reason" maxlength="400" rows="3" .value=${this.reason} @input=${(event: Event) => (this.reason = fieldValue(event))}></textarea>
        </div>
        <p class="problem" role="alert">${this.problem}</p>
        <div class="row">
          <wa-button type="submit" variant="brand" ?loading=${this.busy}>${ACTION[status]}</wa-button>
          <wa-button appearance="outlined" variant="neutral" data-dialog="close">Leave it open</wa-button>
        </div>
      </form>
    </wa-dialog>`;
  }

  readonly #onHide = (event: Event): void => {
    if (event.target === event.currentTarget && this.closing) this.dispatchEvent(new Dismissed());
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { closing } = this;
    if (!closing || !this.close || this.busy) return;
    if (this.reason.trim() === '') {
      this.problem = 'Give a reason, however short: people who kept a recording for you want to know.';
      return;
    }
    this.busy = true;
    this.problem = '';
    const closed = await this.close(closing, this.reason);
    this.busy = false;
    if (closed.ok) this.dispatchEvent(new Dismissed());
    else this.problem = `${DEED_FAILURE[closed.reason]} ${closed.detail}`;
  };

  static override styles = [
    shared,
    form,
    css`
      wa-dialog {
        --width: 32rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-close-dialog': CloseDialog;
  }
}
