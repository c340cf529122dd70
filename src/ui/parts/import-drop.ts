/** Where recordings come in: drop, file picker, folder picker. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FilesChosen } from '../events.ts';
import type { ImportFile } from '../../contracts/journey-api.ts';
import { shared } from '../styles/shared.ts';
import { directoryFiles, droppedFiles, pickDirectory, pickedFiles } from './dropped-files.ts';

@customElement('pl-import-drop')
export class ImportDrop extends LitElement {
  /** The camera that the files will belong to, as shown. */
  @property() cameraName = '';
  @state() private over = false;

  override render(): TemplateResult {
    return html`
      <div
        class=${this.over ? 'zone over' : 'zone'}
        @dragover=${this.#onOver}
        @dragleave=${this.#onLeave}
        @drop=${this.#onDrop}
      >
        <wa-icon name="import"></wa-icon>
        <p><strong>Drop recordings or a folder here</strong>${this.cameraName ? html`, for <strong>${this.cameraName}</strong>` : nothing}</p>
        <div class="row">
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.#open('files')}>
            <wa-icon slot="start" name="file"></wa-icon>Choose files
          </wa-button>
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => void this.#openFolder()}>
            <wa-icon slot="start" name="folder"></wa-icon>Choose a folder
          </wa-button>
        </div>
        <p class="small quiet">They are copied into this browser's storage. Nothing is uploaded.</p>
        <input id="files" type="file" multiple hidden aria-label="Recordings" @change=${this.#onPicked} />
        <input id="folder" type="file" webkitdirectory hidden aria-label="Folder of recordings" @change=${this.#onPicked} />
      </div>
    `;
  }

  #open(id: 'files' | 'folder'): void {
    this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)?.click();
  }

  async #openFolder(): Promise<void> {
    const directory = await pickDirectory();
    if (directory === undefined) this.#open('folder');
    else if (directory) this.#send((await directoryFiles(directory)) ?? [], directory);
  }

  #send(files: readonly ImportFile[], directory: FileSystemDirectoryHandle | null = null): void {
    if (files.length > 0) this.dispatchEvent(new FilesChosen(files, directory));
  }

  readonly #onPicked = (event: Event): void => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.files) return;
    this.#send(pickedFiles(input.files));
    input.value = '';
  };

  readonly #onOver = (event: DragEvent): void => {
    event.preventDefault();
    this.over = true;
  };

  readonly #onLeave = (): void => {
    this.over = false;
  };

  readonly #onDrop = (event: DragEvent): void => {
    event.preventDefault();
    this.over = false;
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((files) => this.#send(files));
  };

  static override styles = [
    shared,
    css`
      .zone {
        display: grid;
        justify-items: center;
        gap: 0.6rem;
        text-align: center;
        padding: 1.4rem 1rem;
        border: 2px dashed var(--pl-edge);
        border-radius: var(--pl-radius);
      }

      .zone > wa-icon {
        font-size: 1.7rem;
        color: var(--pl-blue);
      }

      .over {
        border-color: var(--pl-amber-edge);
        background: var(--pl-amber-quiet);
      }

      .row {
        justify-content: center;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-import-drop': ImportDrop;
  }
}
