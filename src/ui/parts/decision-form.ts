/** Accept or decline a package, with words if wanted. It is said once, for good; the sender is not told. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Decision, InboxItem } from '../../contracts/inbox.ts';
import type { Result } from '../../contracts/result.ts';
import type { DeedFailure } from '../../contracts/roles-api.ts';
import { instant, moment } from '../format.ts';
import { DEED_FAILURE } from '../role-words.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';

@customElement('pl-decision-form')
export class DecisionForm extends LitElement {
  @property({ attribute: false }) decision: InboxItem['decision'] = null;
  /** False: the package broke a check, so accepting it is not offered first. */
  @property({ type: Boolean }) sound = true;
  @property({ attribute: false }) decide: ((decision: Decision) => Promise<Result<InboxItem, DeedFailure>>) | null =
    null;
  @state() private reason = '';
  @state() private busy: Decision['decision'] | null = null;
  @state() private problem = '';

  override render(): TemplateResult {
    return html`<section class="sheet stack-s" aria-labelledby="decision">
      <h2 id="decision">Decision</h2>
      <div role="status">${this.decision === null ? '' : this.#said(this.decision)}</div>
      ${this.decision === null ? this.#choose() : ''}
    </section>`;
  }

  #said({ decision, reason, at }: NonNullable<InboxItem['decision']>): TemplateResult {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return html`<p>
        <span class="chip ${decision === 'accepted' ? 'good' : ''}">${decision === 'accepted' ? 'Accepted' : 'Declined'}</span>
        <span class="small quiet figures">${moment(instant(at), zone, true)}</span>
      </p>
      ${reason === undefined ? '' : html`<p class="words">${reason}</p>`}`;
  }

  #choose(): TemplateResult {
    return html`<p class="small quiet">It is said once and cannot be changed; it stands in the custody report. The person who sent the package is not told.</p>
      <div class="field">
        <label for="words">Words for the record (may stay empty)</label>
        <textarea id="words" maxlength="400" rows="2" .value=${this.reason} @input=${(event: Event) => (this.reason = fieldValue(event))}></textarea>
      </div>
      <p class="problem" role="alert">${this.problem}</p>
      <div class="row">
        <wa-button variant=${this.sound ? 'brand' : 'neutral'} appearance=${this.sound ? 'accent' : 'outlined'} ?disabled=${this.busy !== null} ?loading=${this.busy === 'accepted'} @click=${() => void this.#decide('accepted')}>
          ${this.sound ? 'Accept' : 'Accept all the same'}
        </wa-button>
        <wa-button appearance="outlined" variant="neutral" ?disabled=${this.busy !== null} ?loading=${this.busy === 'declined'} @click=${() => void this.#decide('declined')}>Decline</wa-button>
      </div>`;
  }

  async #decide(decision: Decision['decision']): Promise<void> {
    if (!this.decide || this.busy !== null) return;
    this.busy = decision;
    this.problem = '';
    const reason = this.reason.trim();
    const decided = await this.decide({ decision, ...(reason === '' ? {} : { reason }) });
    this.busy = null;
    if (!decided.ok) this.problem = `${DEED_FAILURE[decided.reason]} ${decided.detail}`;
  }

  static override styles = [
    shared,
    form,
    css`
      .words {
        white-space: pre-line;
      }

      [role='status']:empty {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-decision-form': DecisionForm;
  }
}
