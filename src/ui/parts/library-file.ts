/** The whole library as a file, out and in, and the button that erases everything. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../../contracts/journey-api.ts';
import type { LibraryFileProgress, LibraryImported } from '../../contracts/library-file.ts';
import { count } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { shared } from '../styles/shared.ts';
import './confirm-dialog.ts';
import { fieldValue } from './field-value.ts';

@customElement('pl-library-file')
export class LibraryFile extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @state() private working: 'export' | 'import' | null = null;
  @state() private progress: LibraryFileProgress | null = null;
  @state() private imported: LibraryImported | null = null;
  @state() private problem = '';
  @state() private erasing = false;
  /** A file that turned out to be sealed: it waits for its passphrase. */
  @state() private sealed: File | null = null;

  #passphrase = '';
  #stop: AbortController | null = null;

  override render(): TemplateResult {
    const { working } = this;
    return html`
      <section class="sheet stack-s" aria-labelledby="file">
        <h2 id="file">The whole library as a file</h2>
        <p class="small quiet">
          Cameras, recordings, shares with their packages and keys, and who you are, in one tar file: for another browser, or for safe keeping.
          With a passphrase it is sealed, and <code>age -d</code> opens it, too.
        </p>
        <div class="row end">
          <wa-input type="password" label="Passphrase (if it is or should be sealed)" autocomplete="off" @input=${(event: Event) => (this.#passphrase = fieldValue(event))}></wa-input>
          <wa-button appearance="outlined" variant="neutral" ?disabled=${working !== null} @click=${this.#export}>
            <wa-icon slot="start" name="export"></wa-icon>${working === 'export' ? 'Putting it together…' : 'Export the library'}
          </wa-button>
          <wa-button appearance="outlined" variant="neutral" ?disabled=${working !== null} @click=${() => this.renderRoot.querySelector('input')?.click()}>
            <wa-icon slot="start" name="import"></wa-icon>Import a library
          </wa-button>
          ${working === 'import' ? html`<wa-button appearance="plain" variant="neutral" @click=${() => this.#stop?.abort()}>Stop</wa-button>` : nothing}
        </div>
        <input class="hidden-visually" type="file" tabindex="-1" aria-label="Library file" @change=${this.#chosen} />
        ${
          this.sealed
            ? html`<p class="small">“${this.sealed.name}” is sealed: type its passphrase above, then
                <wa-button size="s" variant="brand" @click=${() => this.sealed && this.#import(this.sealed)}>Open it</wa-button></p>`
            : nothing
        }
        <div role="status" class="small">
          ${this.progress && working === 'import' ? `${this.progress.done} of ${this.progress.total} read…` : ''}
          ${this.imported ? this.#outcome(this.imported) : nothing}
        </div>
        ${this.problem ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>` : nothing}
      </section>
      <section class="sheet stack-s" aria-labelledby="erase">
        <h2 id="erase">Erase everything</h2>
        <p class="small quiet">Recordings, requests, shares, keys, the ledger, and the page’s own files: nothing stays in this browser.</p>
        <wa-button appearance="outlined" variant="danger" @click=${() => (this.erasing = true)}>
          <wa-icon slot="start" name="trash"></wa-icon>Erase everything…
        </wa-button>
      </section>
      <pl-confirm-dialog
        heading="Erase everything?"
        action="Erase"
        .open=${this.erasing}
        @pl-confirmed=${this.#erase}
        @pl-dismissed=${() => (this.erasing = false)}
      >
        <p>This cannot be undone. Export the library first if you may want it again.</p>
      </pl-confirm-dialog>
    `;
  }

  #outcome({ cameras, recordings, shares, alreadyThere, leftOut }: LibraryImported): TemplateResult {
    return html`<p class="figures">
        Imported: ${count(cameras, 'camera')}, ${count(recordings, 'recording')}, ${count(shares, 'share')}${alreadyThere > 0 ? `; ${alreadyThere} were here already` : ''}.
      </p>
      ${leftOut.length > 0 ? html`<ul>${leftOut.map((line) => html`<li>${line}</li>`)}</ul>` : nothing}`;
  }

  get #typed(): string | null {
    return this.#passphrase === '' ? null : this.#passphrase;
  }

  readonly #export = async (): Promise<void> => {
    if (!this.journey) return;
    this.#begin('export');
    try {
      const file = await this.journey.exportLibrary(this.#typed);
      const day = new Date().toISOString().slice(0, 10);
      saveFile(`porchlight-library-${day}.tar${this.#typed === null ? '' : '.age'}`, file);
    } catch (error) {
      this.problem = `The library could not be put together (${error instanceof Error ? error.message : String(error)}).`;
    }
    this.working = null;
  };

  readonly #chosen = (event: Event): void => {
    const input = event.target;
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
    if (file) void this.#import(file);
    if (input instanceof HTMLInputElement) input.value = '';
  };

  async #import(file: File): Promise<void> {
    if (!this.journey) return;
    this.#begin('import');
    this.#stop = new AbortController();
    const result = await this.journey.importLibrary(file, {
      passphrase: this.#typed,
      signal: this.#stop.signal,
      onProgress: (progress) => (this.progress = progress),
    });
    this.working = null;
    this.sealed = !result.ok && result.reason === 'passphrase-needed' ? file : null;
    if (result.ok) this.imported = result.value;
    else if (this.sealed === null) this.problem = result.detail;
  }

  #begin(working: 'export' | 'import'): void {
    this.working = working;
    this.progress = null;
    this.imported = null;
    this.problem = '';
  }

  readonly #erase = async (): Promise<void> => {
    this.erasing = false;
    const erased = await this.journey?.eraseEverything();
    this.problem = erased && !erased.ok ? erased.detail : '';
  };

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 1.25rem;
        margin-block-start: 1.25rem;
        max-width: 57.25rem;
      }

      .end {
        align-items: end;
      }

      section > wa-button {
        justify-self: start;
      }

      wa-input {
        flex: 1 1 14rem;
        max-width: 24rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-library-file': LibraryFile;
  }
}
