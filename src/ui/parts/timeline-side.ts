/** Beside the timeline: requests on or off, a request from a file, and how the library stands. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../../contracts/journey-api.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { count, duration } from '../format.ts';
import { navigate, requestPath } from '../router.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldChecked } from './field-value.ts';

@customElement('pl-timeline-side')
export class TimelineSide extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property({ attribute: false }) turn: (on: boolean) => Promise<void> = async () => undefined;
  @property() turnProblem = '';
  @state() private fileProblem = '';

  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #matches = new ReadableController(this, () => this.journey?.matches ?? null);
  readonly #library = new ReadableController(this, () => this.journey?.library ?? null);
  readonly #settings = new ReadableController(this, () => this.journey?.settings ?? null);

  override render(): TemplateResult | typeof nothing {
    const record = this.#record.value;
    if (!record) return nothing;
    const on = this.#settings.value?.requestsOn ?? record.state !== 'off';
    const library = this.#library.value;
    const unconfirmed =
      library?.recordings.filter((recording) => recording.time.confidence === 'unconfirmed').length ?? 0;
    const outcome = this.#matches.value?.outcome;
    return html`
      <section class="sheet stack-s" aria-labelledby="requests">
        <h2 id="requests">Requests</h2>
        <wa-switch .checked=${on} @change=${(event: Event) => this.turn(fieldChecked(event))}>Receive requests</wa-switch>
        <p class="small quiet">Off means that none is fetched. On means that all are fetched, whoever you are: nobody learns which ones you read.</p>
        <p class="problem small" role="alert">${this.turnProblem}</p>
        <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.renderRoot.querySelector<HTMLInputElement>('#request-file')?.click()}>
          <wa-icon slot="start" name="import"></wa-icon>Import request file…
        </wa-button>
        <input id="request-file" type="file" hidden aria-label="Request file" @change=${this.#onFile} />
        <p class="problem small" role="alert">${this.fileProblem}</p>
      </section>
      ${
        library?.loaded && library.cameras.length > 0
          ? html`<section class="sheet stack-s" aria-labelledby="household">
            <h2 id="household">Your library</h2>
            <p class="figures">${count(library.cameras.length, 'camera')}, ${count(library.recordings.length, 'recording')}</p>
            ${unconfirmed > 0 ? html`<p class="chip amber">${count(unconfirmed, 'time')} to confirm</p>` : nothing}
            ${outcome ? html`<p class="small quiet figures">Compared on this device in ${duration(outcome.tookMs)}.</p>` : nothing}
            <p><a href="/library">Open the library</a></p>
          </section>`
          : nothing
      }
    `;
  }

  readonly #onFile = async (event: Event): Promise<void> => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const file = input.files?.[0];
    input.value = '';
    if (!file || !this.journey) return;
    const result = await this.journey.importRequestFile(file);
    this.fileProblem = result.ok ? '' : `${file.name} was not taken. ${result.detail}`;
    if (result.ok) navigate(requestPath(result.value.requestId));
  };

  static override styles = [
    shared,
    form,
    css`
      :host {
        display: grid;
        gap: 1rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-timeline-side': TimelineSide;
  }
}
