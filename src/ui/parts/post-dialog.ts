/** The last look before a request is signed: what everybody will read, and that it stays. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DraftCheck, RequestDraft } from '../../contracts/roles-api.ts';
import { Confirmed, Dismissed } from '../events.ts';
import { coordinates, duration, moment } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { areaWords } from './area-editor.ts';

/** Sends `pl-confirmed` or `pl-dismissed`. */
@customElement('pl-post-dialog')
export class PostDialog extends LitElement {
  /** Null: closed. */
  @property({ attribute: false }) draft: RequestDraft | null = null;
  @property({ attribute: false }) check: DraftCheck | null = null;
  @property() agencyName = '';
  /** A dialog keeps its contents while it closes. */
  @state() private last: RequestDraft | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('draft') && this.draft) this.last = this.draft;
  }

  override render(): TemplateResult {
    return html`<wa-dialog label="Sign and post?" ?open=${this.draft !== null} @wa-hide=${this.#onHide}>
      ${this.last ? this.#preview(this.last) : nothing}
      <div slot="footer" class="row">
        <wa-button appearance="outlined" variant="neutral" data-dialog="close">Not yet</wa-button>
        <wa-button variant="brand" @click=${() => this.dispatchEvent(new Confirmed())}>Sign and post</wa-button>
      </div>
    </wa-dialog>`;
  }

  #preview(draft: RequestDraft): TemplateResult {
    const { zone, from, to, expires, investigator, incident } = draft;
    const contact = [investigator.email, investigator.telephone].filter((text) => text.trim() !== '').join(', ');
    return html`<div class="stack">
      <p>This becomes public, signed by ${this.agencyName}, and stays in its history. It cannot be edited or deleted.</p>
      <h3>${draft.title}</h3>
      <p class="description">${draft.description}</p>
      <dl class="facts small figures">
        <dt>Case</dt>
        <dd>${draft.caseNumber}</dd>
        <dt>Incident</dt>
        <dd>${draft.incidentType}${draft.suspectedCrime.trim() === '' ? nothing : html`, suspected: ${draft.suspectedCrime}`}</dd>
        <dt>Investigator</dt>
        <dd>${investigator.name}, ${contact}</dd>
        <dt>Place</dt>
        <dd>${draft.placeName}${incident === null ? nothing : html`<br />${coordinates(incident)}`}</dd>
        <dt>Area</dt>
        <dd>${this.check ? areaWords(this.check) : nothing}</dd>
        ${
          from === null || to === null
            ? nothing
            : html`<dt>Window</dt>
              <dd>${moment(from, zone, true)} to ${moment(to, zone, true)}, ${duration(to - from)}</dd>`
        }
        ${expires === null ? nothing : html`<dt>Open until</dt><dd>${moment(expires, zone)}</dd>`}
      </dl>
    </div>`;
  }

  readonly #onHide = (event: Event): void => {
    if (event.target === event.currentTarget && this.draft) this.dispatchEvent(new Dismissed());
  };

  static override styles = [
    shared,
    css`
      wa-dialog {
        --width: 38rem;
      }

      .description {
        white-space: pre-line;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-post-dialog': PostDialog;
  }
}
