/** When: the window that is asked about, in the clocks of one zone, and until when people can answer. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RequestForm } from '../../contracts/request-form.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { duration, moment } from '../format.ts';
import { readForm } from '../request-form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';
import { FormChanged } from './form-changed.ts';

const ZONES: readonly string[] = Intl.supportedValuesOf('timeZone');

/** Sends `pl-form-changed`. */
@customElement('pl-window-fields')
export class WindowFields extends LitElement {
  @property({ attribute: false }) form: RequestForm | null = null;

  override render(): TemplateResult | typeof nothing {
    const typed = this.form;
    if (!typed) return nothing;
    const { draft, fromReadings, toReadings } = readForm(typed);
    const length = draft.from !== null && draft.to !== null ? draft.to - draft.from : null;
    return html`
      <div class="pair">
        ${this.#time('from', 'From', 1)} ${this.#time('to', 'To', 1)}
      </div>
      <div class="field">
        <label for="zone">Time zone of the place</label>
        <select id="zone" @change=${(event: Event) => this.#send({ zone: fieldValue(event) })}>
          ${[...new Set([typed.zone, ...ZONES])].map((zone) => html`<option value=${zone} ?selected=${zone === typed.zone}>${zone}</option>`)}
        </select>
      </div>
      ${this.#twice('fromLater', 'The beginning', fromReadings, typed)} ${this.#twice('toLater', 'The end', toReadings, typed)}
      <p class="figures small" role="status">
        ${
          length !== null && length > 0 && draft.from !== null && draft.to !== null
            ? html`<strong>${duration(length)}</strong>, ${moment(draft.from, typed.zone, true)} to ${moment(draft.to, typed.zone, true)}`
            : ''
        }
      </p>
      <div class="pair">
        ${this.#time('until', 'People can answer until', 60)}
        <p class="small quiet figures below">${draft.expires === null ? '' : `${moment(draft.expires, typed.zone)}. At most 90 days from now.`}</p>
      </div>
    `;
  }

  #time(name: 'from' | 'to' | 'until', label: string, step: number): TemplateResult {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} type="datetime-local" step=${step} class="figures" .value=${this.form?.[name] ?? ''} @input=${(event: Event) => this.#send({ [name]: fieldValue(event) })} />
    </div>`;
  }

  /** The clocks were set back over this time: which of the two is meant? */
  #twice(
    name: 'fromLater' | 'toLater',
    what: string,
    readings: readonly EpochMs[],
    typed: RequestForm,
  ): TemplateResult | typeof nothing {
    if (readings.length < 2) return nothing;
    return html`<wa-radio-group
      label="${what} came twice, because the clocks were set back. Which one is meant?"
      .value=${typed[name] ? 'later' : 'first'}
      @change=${(event: Event) => this.#send({ [name]: fieldValue(event) === 'later' })}
    >
      ${readings.map((at, index) => html`<wa-radio value=${index === 0 ? 'first' : 'later'}>${moment(at, typed.zone, true)}</wa-radio>`)}
    </wa-radio-group>`;
  }

  #send(change: Partial<RequestForm>): void {
    this.dispatchEvent(new FormChanged(change));
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 0.8rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 17.5rem), 1fr));
        gap: 0.8rem 1rem;
        align-items: end;
      }

      .pair .field > * {
        width: 100%;
      }

      [role='status']:empty {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-window-fields': WindowFields;
  }
}
