/** Settings: who you are (kept here only), requests on or off, theme, and what the browser promises about storage. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { Settings } from '../../contracts/storage.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import type { IdentityGiven } from '../events.ts';
import { fieldChecked, fieldValue } from '../parts/field-value.ts';
import '../parts/identity-form.ts';
import '../parts/library-file.ts';
import '../parts/offline-panel.ts';
import '../parts/storage-meter.ts';
import { shared } from '../styles/shared.ts';

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark'];

@customElement('pl-settings-view')
export class SettingsView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @state() private message = '';
  @state() private problem = '';

  readonly #settings = new ReadableController(this, () => this.journey?.settings ?? null);
  readonly #library = new ReadableController(this, () => this.journey?.library ?? null);

  override render(): TemplateResult | typeof nothing {
    const settings = this.#settings.value;
    const { journey } = this;
    if (!settings || !journey) return nothing;
    const meter = this.#library.value?.meter;
    return html`
      <h1 tabindex="-1">Settings</h1>
      <p class="quiet" role="status">${this.message}</p>
      ${this.problem ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>` : nothing}
      <div class="layout">
        <div class="stack">
          <section class="sheet stack" aria-labelledby="you" @pl-identity-given=${this.#onIdentity}>
            <h2 id="you">Who you are</h2>
            <p class="small quiet">Kept in this browser only. It goes to an agency inside a sealed package when you send one, and you see it before.</p>
            <pl-identity-form .identity=${settings.identity}></pl-identity-form>
            ${
              settings.identity
                ? html`<wa-button class="flush" size="s" appearance="plain" variant="neutral" @click=${() => this.#save({ identity: null }, 'Forgotten.')}>
                  Forget who I am
                </wa-button>`
                : nothing
            }
          </section>
          <section class="sheet stack-s" aria-labelledby="theme">
            <h2 id="theme">Appearance</h2>
            <wa-radio-group label="Theme" .value=${settings.theme} @change=${this.#onTheme}>
              <wa-radio value="system">As the device</wa-radio>
              <wa-radio value="light">Light</wa-radio>
              <wa-radio value="dark">Dark</wa-radio>
            </wa-radio-group>
          </section>
        </div>
        <div class="stack">
          <section class="sheet stack-s" aria-labelledby="requests">
            <h2 id="requests">Requests</h2>
            <wa-switch
              .checked=${settings.requestsOn}
              @change=${(event: Event) => this.#save({ requestsOn: fieldChecked(event) }, fieldChecked(event) ? 'Requests are on.' : 'Requests are off.')}
              >Receive requests</wa-switch
            >
            <p class="small quiet">When off, this page fetches no requests at all.</p>
          </section>
          <section class="sheet stack-s" aria-labelledby="offline">
            <h2 id="offline">With the network off</h2>
            <pl-offline-panel .journey=${journey}></pl-offline-panel>
          </section>
          <section class="sheet stack-s" aria-labelledby="storage">
            <h2 id="storage">Storage</h2>
            ${
              meter
                ? html`<pl-storage-meter .meter=${meter} .requestPersistence=${() => journey.requestPersistence()}></pl-storage-meter>`
                : nothing
            }
          </section>
        </div>
      </div>
      <pl-library-file .journey=${journey}></pl-library-file>
      <section class="roles stack-s" aria-labelledby="roles">
        <h2 id="roles">Agencies and reviewers</h2>
        <p class="small quiet">For those who ask and those who check what is asked, with keys of their own. Residents need nothing of it.</p>
        <p class="row"><a href="/agency">For agencies</a> <a href="/review">For reviewers</a></p>
      </section>
    `;
  }

  async #save(change: Partial<Settings>, done: string): Promise<void> {
    const result = await this.journey?.saveSettings(change);
    this.problem = result && !result.ok ? `That could not be saved. ${result.detail}` : '';
    this.message = result?.ok ? done : '';
  }

  readonly #onIdentity = (event: IdentityGiven): void => {
    void this.#save({ identity: event.identity }, 'Saved in this browser.');
  };

  readonly #onTheme = (event: Event): void => {
    const theme = THEMES.find((known) => known === fieldValue(event));
    if (theme) void this.#save({ theme }, '');
  };

  static override styles = [
    shared,
    css`
      .layout {
        display: grid;
        gap: 1.25rem;
        align-items: start;
      }

      h1 {
        margin-block-end: 0.5rem;
      }

      [role='status'] {
        min-height: 1.5em;
        margin-block-end: 0.5rem;
      }

      .flush {
        margin-inline-start: -0.75rem;
      }

      .roles {
        margin-block-start: 1.75rem;
      }

      .roles a {
        padding-block: 0.2rem;
        margin-inline-end: 1rem;
      }

      @media (min-width: 56rem) {
        .layout {
          grid-template-columns: minmax(0, 32rem) minmax(16rem, 24rem);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-settings-view': SettingsView;
  }
}
