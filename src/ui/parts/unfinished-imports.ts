/** Imports that stopped before their last file: go on, or give up. A folder that the browser cannot open again is picked again. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ImportFile, UnfinishedImport } from '../../contracts/journey-api.ts';
import { count } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { directoryFiles, pickedFiles } from './dropped-files.ts';

@customElement('pl-unfinished-imports')
export class UnfinishedImports extends LitElement {
  @property({ attribute: false }) imports: readonly UnfinishedImport[] = [];
  /** Answers how many of the waiting files were found. */
  @property({ attribute: false }) resume: ((id: string, files: readonly ImportFile[] | null) => number) | null = null;
  @property({ attribute: false }) forget: ((id: string) => Promise<void>) | null = null;
  @state() private problem = '';
  #asked = '';

  override render(): TemplateResult | typeof nothing {
    if (this.imports.length === 0) return nothing;
    return html`
      <section class="sheet stack-s" aria-labelledby="title">
        <h2 id="title">Not finished</h2>
        ${this.imports.map((unfinished) => this.#one(unfinished))}
        <p class="problem small" role="alert">${this.problem}</p>
        <input id="files" type="file" multiple hidden aria-label="The same files again" @change=${this.#onPicked} />
        <input id="folder" type="file" webkitdirectory hidden aria-label="The same folder again" @change=${this.#onPicked} />
      </section>
    `;
  }

  #one(unfinished: UnfinishedImport): TemplateResult {
    const { id, folder, left, files, directory, atHand } = unfinished;
    const from = folder === null ? 'the files you picked' : `the folder “${folder}”`;
    const again = atHand || directory !== null ? '' : ` Pick ${folder === null ? 'them' : 'it'} again to go on.`;
    return html`<div class="one row between">
      <p><strong class="figures">${count(left, 'file')}</strong> of ${files.toLocaleString('en-US')} from ${from} are still to be read.${again}</p>
      <div class="row">
        <wa-button size="s" variant="brand" @click=${() => void this.#continue(unfinished)}>Continue</wa-button>
        <wa-button size="s" appearance="plain" variant="neutral" @click=${() => void this.forget?.(id)}>Leave them out</wa-button>
      </div>
    </div>`;
  }

  async #continue({ id, atHand, directory, folder }: UnfinishedImport): Promise<void> {
    this.problem = '';
    if (atHand) return this.#go(id, null);
    if (directory) {
      const files = await directoryFiles(directory);
      if (files) return this.#go(id, files);
      this.problem = 'The browser did not open the folder. Allow it, or put the card back in.';
      return undefined;
    }
    this.#asked = id;
    this.renderRoot.querySelector<HTMLInputElement>(folder === null ? '#files' : '#folder')?.click();
    return undefined;
  }

  #go(id: string, files: readonly ImportFile[] | null): void {
    if (this.resume?.(id, files) === 0) {
      this.problem =
        'None of the files that are still to be read was found there. Pick the same folder or files as before.';
    }
  }

  readonly #onPicked = (event: Event): void => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.files) return;
    this.#go(this.#asked, pickedFiles(input.files));
    input.value = '';
  };

  static override styles = [
    shared,
    css`
      .one {
        gap: 0.6rem 1.2rem;
      }

      .problem {
        color: var(--pl-bad);
      }

      .problem:empty {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-unfinished-imports': UnfinishedImports;
  }
}
