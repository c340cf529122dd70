/** The page's own files as the browser counted them: what was loaded past the ledger, because the browser loads it and not the door. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { byteSize, count, exactBytes } from '../format.ts';
import { shared } from '../styles/shared.ts';

interface LoadedFile {
  readonly path: string;
  /** Bytes over the network, heads included; 0 for what was on this device already. */
  readonly bytes: number;
  readonly from: 'network' | 'service worker' | 'browser’s cache';
}

/** How an answer came (https://www.w3.org/TR/resource-timing/): through the service worker, from a cache, or over the network. */
const fileOf = ({ name, workerStart, transferSize }: PerformanceResourceTiming): LoadedFile => {
  const from = workerStart > 0 ? 'service worker' : transferSize === 0 ? 'browser’s cache' : 'network';
  const { origin, pathname, search } = new URL(name);
  return {
    path: `${origin === location.origin ? '' : origin}${pathname}${search}`,
    bytes: from === 'network' ? transferSize : 0,
    from,
  };
};

/** Everything that the browser has fetched for this page since it was opened, without what the ledger has. */
const loadedFiles = (written: ReadonlySet<string>): readonly LoadedFile[] =>
  [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter((entry) => entry instanceof PerformanceResourceTiming)
    .filter(({ name }) => /^https?:/.test(name) && !written.has(name))
    .map(fileOf);

@customElement('pl-page-files')
export class PageFiles extends LitElement {
  /** Addresses that are in the ledger. */
  @property({ attribute: false }) written: ReadonlySet<string> = new Set();

  override render(): TemplateResult {
    const files = loadedFiles(this.written);
    const fetched = files.filter(({ from }) => from === 'network');
    const bytes = fetched.reduce((sum, file) => sum + file.bytes, 0);
    return html`<details>
      <summary class="figures">
        The page’s own files: ${count(files.length, 'file')} since this page was opened, ${fetched.length} of them over the network (${byteSize(bytes)})
      </summary>
      <p class="small quiet">
        As the browser counts them; the ledger does not have them. A request for one says which file, and what a browser always says of itself; no cookie and no referrer.
        Workers and the service worker fetch the page’s own files, too, and their lists are not here.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="List of the page’s own files">
        <ul class="small figures">
        ${files.map(
          ({ path, bytes: own, from }) => html`<li><code>${path}</code>
            <span class="quiet">${from === 'network' ? `${exactBytes(own)} over the network` : `from the ${from}, on this device`}</span></li>`,
        )}
        </ul>
      </div>
    </details>`;
  }

  static override styles = [
    shared,
    css`
      details > p {
        margin-block: 0.5rem;
      }

      .scroll {
        overflow: auto;
        max-height: 20rem;
      }

      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 1rem;
        justify-content: space-between;
        padding-block: 0.25rem;
        border-block-end: 1px solid var(--pl-rule);
        overflow-wrap: anywhere;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-page-files': PageFiles;
  }
}
