/** A month of days with how many recordings each has; a day can be chosen alone. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { shared } from '../styles/shared.ts';

/** `key` is `2026-11-22`, or empty for all days. */
export class DayChosen extends Event {
  readonly key: string;
  constructor(key: string) {
    super('pl-day-chosen', { bubbles: true, composed: true });
    this.key = key;
  }
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const monthName = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });

const dayOf = (key: string): string =>
  new Date(`${key}T00:00:00Z`).toLocaleDateString('en-US', { day: 'numeric', month: 'long', timeZone: 'UTC' });

@customElement('pl-day-calendar')
export class DayCalendar extends LitElement {
  /** Recordings by day, `2026-11-22` to a number. */
  @property({ attribute: false }) counts: ReadonlyMap<string, number> = new Map();
  @property() chosen = '';
  @state() private month = '';

  override render(): TemplateResult | typeof nothing {
    const months = [...new Set([...this.counts.keys()].map((key) => key.slice(0, 7)))].sort();
    const month = months.includes(this.month) ? this.month : (months.at(-1) ?? '');
    if (month === '') return nothing;
    const at = months.indexOf(month);
    const first = new Date(`${month}-01T00:00:00Z`);
    const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
    const before = (first.getUTCDay() + 6) % 7;
    const step = (to: string | undefined, icon: string, label: string): TemplateResult => html`<wa-button
      size="s"
      appearance="plain"
      variant="neutral"
      ?disabled=${to === undefined}
      @click=${() => (this.month = to ?? month)}
    >
      <span aria-hidden="true">${icon}</span><span class="hidden">${label}</span>
    </wa-button>`;
    return html`
      <div class="row between">
        ${step(months[at - 1], '‹', 'Earlier month with recordings')}
        <p class="month" aria-live="polite">${monthName(month)}</p>
        ${step(months[at + 1], '›', 'Later month with recordings')}
      </div>
      <div class="grid" role="group" aria-label="Days of ${monthName(month)}">
        ${WEEKDAYS.map((name) => html`<span class="weekday" aria-hidden="true">${name}</span>`)}
        ${Array.from({ length: before }, () => html`<span></span>`)}
        ${Array.from({ length: days }, (_, index) => this.#day(`${month}-${String(index + 1).padStart(2, '0')}`, index + 1))}
      </div>
      ${
        this.chosen === ''
          ? nothing
          : html`<wa-button size="s" appearance="outlined" variant="neutral" @click=${() => this.#choose('')}>Show all days</wa-button>`
      }
    `;
  }

  #day(key: string, number: number): TemplateResult {
    const recordings = this.counts.get(key) ?? 0;
    if (recordings === 0) return html`<span class="day quiet figures">${number}</span>`;
    const [month = ''] = dayOf(key).split(' ');
    return html`<button
      class="day figures"
      aria-pressed=${this.chosen === key ? 'true' : 'false'}
      @click=${() => this.#choose(this.chosen === key ? '' : key)}
    >
      <span><span class="hidden">${month} </span>${number}</span>
      <span class="count">${recordings}<span class="hidden"> ${recordings === 1 ? 'recording' : 'recordings'}</span></span>
    </button>`;
  }

  #choose(key: string): void {
    this.dispatchEvent(new DayChosen(key));
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        justify-items: stretch;
        max-inline-size: 26rem;
      }

      .month {
        font-weight: 600;
      }

      .hidden {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }

      .grid {
        display: grid;
        grid-template-columns: repeat(7, minmax(0, 1fr));
        gap: 2px;
        text-align: center;
      }

      .weekday {
        font-size: 0.75rem;
        color: var(--pl-quiet);
      }

      .day {
        box-sizing: border-box;
        min-height: 2.5rem;
        padding-block: 0.2rem;
        border-radius: 6px;
        font: inherit;
        line-height: 1.1;
      }

      button.day {
        border: 1px solid var(--pl-edge);
        background: var(--pl-sheet);
        color: var(--pl-ink);
        cursor: pointer;
        display: grid;
        justify-items: center;
        font-weight: 600;
      }

      button.day:focus-visible {
        outline: 3px solid var(--wa-color-focus);
        outline-offset: 1px;
      }

      button.day[aria-pressed='true'] {
        box-shadow: inset 0 0 0 2px var(--pl-blue);
      }

      .count {
        font-size: 0.75rem;
        font-weight: 400;
        color: var(--pl-quiet);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-day-calendar': DayCalendar;
  }
  interface HTMLElementEventMap {
    'pl-day-chosen': DayChosen;
  }
}
