/** Why something is rejected or removed: a code and words of the reviewer's own, both of which everybody can read. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { RejectionCodeSchema, type RejectionCode } from '../../contracts/request.ts';
import { HARMFUL_CODES } from '../../contracts/review.ts';
import { REJECTION } from '../role-words.ts';
import { Dismissed } from '../events.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';

/** What a reviewer gives as the reason. */
export class ReasonGiven extends Event {
  readonly code: RejectionCode;
  readonly reason: string;
  constructor(code: RejectionCode, reason: string) {
    super('pl-reason-given', { bubbles: true, composed: true });
    this.code = code;
    this.reason = reason;
  }
}

/** Sends `pl-reason-given`, or `pl-dismissed` when it is left. */
@customElement('pl-reason-form')
export class ReasonForm extends LitElement {
  /** The button's words. */
  @property() action = 'Reject';
  /** Where the reason will be read. */
  @property() shownIn = '';
  /** Said beside a code under which the words themselves are kept from the public; empty where nothing is. */
  @property() withheld = '';
  @property({ type: Number }) maxLength = 400;
  /** Chosen beforehand, such as by a checklist. */
  @property() suggested: RejectionCode | '' = '';
  @property({ type: Boolean }) busy = false;
  @state() private code: RejectionCode | '' = '';
  @state() private reason = '';
  @state() private problem = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('suggested') && this.suggested !== '') this.code = this.suggested;
  }

  /** Puts the focus into the first field. */
  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector('select')?.focus());
  }

  override render(): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#onSubmit}>
      <div class="field">
        <label for="code">Ground</label>
        <select id="code" .value=${this.code} @change=${this.#onCode}>
          <option value="" ?selected=${this.code === ''}>Choose a ground…</option>
          ${RejectionCodeSchema.options.map((code) => html`<option value=${code} ?selected=${code === this.code}>${REJECTION[code]}</option>`)}
        </select>
        ${this.code !== '' && this.withheld !== '' && HARMFUL_CODES.includes(this.code) ? html`<p class="hint">${this.withheld}</p>` : nothing}
      </div>
      <div class="field">
        <label for="reason">Reason, in your words</label>
        <textarea
          id="reason"
          rows="3"
          maxlength=${this.maxLength}
          aria-describedby="room"
          .value=${live(this.reason)}
          @input=${(event: Event) => (this.reason = fieldValue(event))}
        ></textarea>
        <p class="hint figures" id="room">${this.reason.length} of ${this.maxLength} characters. ${this.shownIn}</p>
      </div>
      <p class="problem small" role="alert">${this.problem}</p>
      <div class="row">
        <wa-button type="submit" variant="danger" ?loading=${this.busy}>${this.action}</wa-button>
        <wa-button appearance="plain" variant="neutral" @click=${() => this.dispatchEvent(new Dismissed())}>Leave it</wa-button>
      </div>
    </form>`;
  }

  readonly #onCode = (event: Event): void => {
    const wanted = fieldValue(event);
    this.code = RejectionCodeSchema.options.find((code) => code === wanted) ?? '';
  };

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    const reason = this.reason.trim();
    if (this.code === '') this.problem = 'Choose the ground: it is shown together with your words.';
    else if (reason === '') this.problem = 'Give the reason in your own words: everybody can read it.';
    else {
      this.problem = '';
      this.dispatchEvent(new ReasonGiven(this.code, reason));
    }
  };

  static override styles = [
    shared,
    form,
    css`
      :host {
        max-width: 36rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-reason-form': ReasonForm;
  }
  interface HTMLElementEventMap {
    'pl-reason-given': ReasonGiven;
  }
}
