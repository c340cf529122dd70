/** One line per file being imported: what became of it, or why it was not taken. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ImportLine, ImportRefusal, ImportState } from '../../contracts/journey-api.ts';
import type { Ms } from '../../contracts/units.ts';
import { byteSize, count, duration } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { IMPORT_REFUSAL } from '../words.ts';

const STATE: Readonly<
  Record<ImportLine['state'], { readonly icon: string; readonly text: string; readonly chip: string }>
> = {
  waiting: { icon: 'clock', text: 'Waiting', chip: '' },
  reading: { icon: 'eye', text: 'Reading', chip: '' },
  storing: { icon: 'import', text: 'Storing', chip: '' },
  kept: { icon: 'check', text: 'Kept', chip: 'good' },
  'already-kept': { icon: 'check', text: 'Already here', chip: '' },
  refused: { icon: 'circle-xmark', text: 'Not taken', chip: 'bad' },
  cancelled: { icon: 'minus', text: 'Stopped', chip: '' },
};

const GENERAL_SAYS_ALL: ReadonlySet<ImportRefusal> = new Set(['empty-file', 'no-video-track', 'cancelled']);
const DETAIL_SAYS_ALL: ReadonlySet<ImportRefusal> = new Set([
  ...(['damaged', 'encrypted', 'recorder-block', 'unsupported-codec', 'unreadable'] as const),
]);

/** So many lines are drawn before the person asks for more. */
const PAGE = 60;

/** A pace is believed after this long and so many files. */
const PACE_MS: Ms = 1_500;
const PACE_FILES = 5;

/** Fires `pl-import-cancel` and `pl-import-clear`, plain events of this element's own. */
@customElement('pl-import-list')
export class ImportList extends LitElement {
  @property({ attribute: false }) imports: ImportState = { running: false, done: 0, lines: [], unfinished: [] };
  @state() private limit = PAGE;
  /** Where the pace of what is running is measured from. */
  #start: { readonly at: number; readonly done: number } | null = null;

  override willUpdate(): void {
    const { running, done } = this.imports;
    if (!running) this.#start = null;
    else this.#start ??= { at: performance.now(), done };
  }

  /** At the pace so far; null while there is none to go by. */
  #remaining(): Ms | null {
    const { done, lines } = this.imports;
    if (!this.#start) return null;
    const [elapsed, read] = [performance.now() - this.#start.at, done - this.#start.done];
    return elapsed < PACE_MS || read < PACE_FILES ? null : (elapsed / read) * (lines.length - done);
  }

  override render(): TemplateResult | typeof nothing {
    const { lines, done, running } = this.imports;
    if (lines.length === 0) return nothing;
    const refused = lines.filter((line) => line.state === 'refused').length;
    const remaining = this.#remaining();
    const summary = running
      ? `Importing: ${done} of ${count(lines.length, 'file')} done`
      : `Import finished: ${count(lines.filter((line) => line.state === 'kept').length, 'recording')} kept${refused > 0 ? `, ${refused} not taken` : ''}`;
    return html`
      <section aria-labelledby="title" class="sheet stack-s">
        <div class="row between">
          <h2 id="title">Import</h2>
          ${
            running
              ? html`<wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.dispatchEvent(new Event('pl-import-cancel'))}
                >Stop import</wa-button
              >`
              : html`<wa-button size="s" appearance="plain" variant="neutral" @click=${() => this.dispatchEvent(new Event('pl-import-clear'))}
                >Clear list</wa-button
              >`
          }
        </div>
        <p role="status" class="figures">${summary}</p>
        ${
          running
            ? html`<p class="small quiet figures">${remaining === null ? nothing : `about ${duration(Math.max(1_000, remaining))} left`}</p>
              <wa-progress-bar label="Import" value=${Math.round((done / Math.max(1, lines.length)) * 100)}></wa-progress-bar>`
            : nothing
        }
        <ul tabindex="0" aria-label="Files">
          ${repeat(
            this.#shown(lines),
            ({ index }) => index,
            ({ line }) => this.#line(line),
          )}
        </ul>
        ${
          lines.length > this.limit
            ? html`<wa-button size="s" appearance="plain" variant="neutral" @click=${() => (this.limit += PAGE)}>
              Show ${Math.min(PAGE, lines.length - this.limit)} more of ${(lines.length - this.limit).toLocaleString('en-US')} files
            </wa-button>`
            : nothing
        }
      </section>
    `;
  }

  /** Of a long list first what is being read, and what was not taken. */
  #shown(lines: readonly ImportLine[]): readonly { readonly line: ImportLine; readonly index: number }[] {
    const numbered = lines.map((line, index) => ({ line, index }));
    if (lines.length <= this.limit) return numbered;
    const urgency = ({ line: { state } }: { readonly line: ImportLine }): number =>
      state === 'reading' || state === 'storing' ? 0 : state === 'refused' ? 1 : 2;
    return numbered.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, this.limit);
  }

  #line(line: ImportLine): TemplateResult {
    const { icon, text, chip } = STATE[line.state];
    return html`<li>
      <span class="name">${line.name}</span>
      <span class="quiet small figures">${byteSize(line.bytes)}</span>
      <span class="chip ${chip}"><wa-icon name=${icon}></wa-icon>${text}</span>
      ${line.refusal ? html`<p class="small why">${this.#why(line.refusal)}</p>` : nothing}
    </li>`;
  }

  /** What is wrong and what to do, once: the reader's own sentence where it says more than the general one. */
  #why({ reason, detail }: NonNullable<ImportLine['refusal']>): TemplateResult | string {
    if (GENERAL_SAYS_ALL.has(reason)) return IMPORT_REFUSAL[reason];
    if (DETAIL_SAYS_ALL.has(reason) && detail !== '') return detail;
    return html`${IMPORT_REFUSAL[reason]} <span class="quiet">${detail}</span>`;
  }

  static override styles = [
    shared,
    css`
      ul {
        container-type: inline-size;
        max-height: 22rem;
        overflow: auto;
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        justify-items: start;
        gap: 0.2rem 0.7rem;
        padding-block: 0.45rem;
        border-block-start: 1px solid var(--pl-rule);
      }

      .name {
        overflow-wrap: anywhere;
        min-width: 0;
      }

      .why {
        grid-column: 1 / -1;
      }

      /* Name, size and what became of it in one line where there is room. */
      @container (min-width: 32rem) {
        li {
          grid-template-columns: minmax(0, 1fr) auto 8.5rem;
        }

        li > .chip {
          justify-self: end;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-import-list': ImportList;
  }
}
