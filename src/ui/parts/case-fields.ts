/** What it is about: case, incident, words for the neighbourhood, and who leads the investigation. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RequestForm } from '../../contracts/request-form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';
import { FormChanged } from './form-changed.ts';

type TextField = { [K in keyof RequestForm]: RequestForm[K] extends string ? K : never }[keyof RequestForm];

interface FieldSketch {
  readonly hint?: string;
  readonly most: number;
  readonly type?: 'email' | 'tel';
}

/** Sends `pl-form-changed`. */
@customElement('pl-case-fields')
export class CaseFields extends LitElement {
  @property({ attribute: false }) form: RequestForm | null = null;

  override render(): TemplateResult | typeof nothing {
    if (!this.form) return nothing;
    return html`
      <div class="pair">
        ${this.#field('caseNumber', 'Case number', { most: 80 })}
        ${this.#field('incidentType', 'Incident type', { most: 80, hint: 'Such as burglary, missing person, fire.' })}
      </div>
      ${this.#field('suspectedCrime', 'Suspected crime', { most: 200, hint: 'As specific as it is known; may stay empty for a fire.' })}
      ${this.#field('title', 'Title', { most: 140, hint: 'One line that a neighbour understands: “Parcels taken from porches”.' })}
      <div class="field">
        <label for="description">Description</label>
        <textarea
          id="description"
          maxlength="4000"
          rows="4"
          aria-describedby="description-hint"
          .value=${this.form.description}
          @input=${(event: Event) => this.#send('description', event)}
        ></textarea>
        <p class="hint" id="description-hint">
          What happened and what to look for. It is public: no victim’s name, nobody described by race alone, no pressure to share.
        </p>
      </div>
      ${this.#field('placeName', 'Place in words', { most: 160, hint: 'Such as a street corner: “Alder Street at Second”.' })}
      <fieldset>
        <legend>Lead investigator</legend>
        <p class="small quiet">Public, so that people can call instead of sending. A name, and an e-mail address or a telephone number.</p>
        ${this.#field('investigatorName', 'Name', { most: 120 })}
        <div class="pair">
          ${this.#field('investigatorEmail', 'E-mail', { most: 200, type: 'email' })} ${this.#field('investigatorTelephone', 'Telephone', { most: 60, type: 'tel' })}
        </div>
      </fieldset>
    `;
  }

  #field(name: TextField, label: string, { hint = '', most, type }: FieldSketch): TemplateResult {
    return html`<wa-input
      data-field=${name}
      label=${label}
      hint=${hint}
      type=${type ?? 'text'}
      maxlength=${most}
      autocomplete="off"
      .value=${this.form?.[name] ?? ''}
      @input=${(event: Event) => this.#send(name, event)}
    ></wa-input>`;
  }

  #send(name: TextField, event: Event): void {
    this.dispatchEvent(new FormChanged({ [name]: fieldValue(event) }));
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
        gap: 0.8rem 1rem;
        align-items: start;
      }

      fieldset {
        border: 0;
        padding: 0;
        margin: 0;
        min-width: 0;
        display: grid;
        gap: 0.5rem;
      }

      legend {
        font-weight: 600;
        padding: 0;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-case-fields': CaseFields;
  }
}
