/** The time that was asked about, with every recording that overlaps it: one row per camera, the overlap lit in amber. */
import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EpochMs, TimeWindow, ZoneId } from '../../contracts/units.ts';
import { WidthController } from '../controllers/width-controller.ts';
import { clockTime, count, duration, timeRange } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { layOutRuler, type RulerLayout } from './ruler-layout.ts';

export interface RulerBar {
  readonly id: string;
  /** Bars of one row share it: the camera's name. */
  readonly row: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly overlap: TimeWindow;
  readonly confirmed: boolean;
}

const ROW = 34;
const TOP = 26;

@customElement('pl-time-ruler')
export class TimeRuler extends LitElement {
  @property({ attribute: false }) window: TimeWindow = { from: 0, to: 1 };
  @property() zone: ZoneId = 'UTC';
  @property({ attribute: false }) bars: readonly RulerBar[] = [];

  /** What is said when there are no bars. */
  @property() empty = 'nothing recorded in this time';

  readonly #size = new WidthController(this);

  override render(): TemplateResult {
    const { width } = this.#size;
    const rows = [...new Set(this.bars.map((bar) => bar.row))];
    const height = TOP + Math.max(1, rows.length) * ROW + 8;
    const layout = layOutRuler(this.window, Math.max(3, Math.floor(width / 64)));
    const x = (at: EpochMs): number => Number((layout.fraction(at) * width).toFixed(1));
    const seconds = layout.ticks.some((tick) => tick % 60_000 !== 0);
    const label =
      `Time ruler, ${timeRange(this.window, this.zone)}. ` +
      (this.bars.length === 0
        ? `${this.empty}.`
        : `${count(this.bars.length, 'recording overlaps', 'recordings overlap')}.`);
    return html`
      <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${label}>
        <rect
          class="window"
          data-part="window"
          x=${x(this.window.from)}
          y="20"
          width=${x(this.window.to) - x(this.window.from)}
          height=${height - 20}
        ></rect>
        ${this.#ticks(layout, x, height, seconds)}
        ${rows.map((row, index) => this.#row(row, TOP + index * ROW, x))}
        ${rows.length === 0 ? svg`<text class="none" x=${width / 2} y=${TOP + 22} text-anchor="middle">${this.empty}</text>` : ''}
      </svg>
      ${this.bars.length > 0 ? html`<ol class="list small">${this.bars.map((bar) => this.#line(bar))}</ol>` : ''}
    `;
  }

  #ticks(layout: RulerLayout, x: (at: EpochMs) => number, height: number, seconds: boolean): TemplateResult[] {
    const width = this.#size.width;
    return layout.ticks
      .filter((at) => x(at) > 24 && x(at) < width - 24)
      .map(
        (at) => svg`<g class="tick"><path d="M${x(at)} 18V${height}" />
          <text x=${x(at)} y="12" text-anchor="middle">${clockTime(at, this.zone, seconds)}</text></g>`,
      );
  }

  #row(row: string, y: number, x: (at: EpochMs) => number): TemplateResult {
    const bars = this.bars.filter((bar) => bar.row === row);
    return svg`<g>
      <text class="row" x="4" y=${y + 11}>${row}</text>
      ${bars.map(
        (bar) => svg`
          <rect class="bar" data-recording=${bar.id} x=${x(bar.from)} y=${y + 16} rx="3" height="12"
            width=${Math.max(3, x(bar.to) - x(bar.from)).toFixed(1)} />
          <rect class=${bar.confirmed ? 'overlap' : 'overlap unsure'} data-overlap=${bar.id} x=${x(bar.overlap.from)} y=${y + 16} rx="3" height="12"
            width=${Math.max(3, x(bar.overlap.to) - x(bar.overlap.from)).toFixed(1)} />`,
      )}
    </g>`;
  }

  #line(bar: RulerBar): TemplateResult {
    return html`<li>
      <span>${bar.row}</span>
      <span class="figures">${timeRange(bar, this.zone, true)}</span>
      <span class="figures overlap-text"
        >${duration(bar.overlap.to - bar.overlap.from)} in the window${bar.confirmed ? '' : ', time not confirmed'}</span
      >
    </li>`;
  }

  static override styles = [
    shared,
    css`
      svg {
        display: block;
        width: 100%;
        height: auto;
        font: 400 11.5px var(--pl-font);
        font-variant-numeric: tabular-nums;
      }

      .window {
        fill: var(--pl-blue);
        fill-opacity: 0.1;
      }

      .tick path {
        stroke: var(--pl-rule);
      }

      text {
        fill: var(--pl-quiet);
      }

      text.row {
        font-weight: 600;
        font-size: 12px;
        fill: var(--pl-ink);
        stroke: var(--pl-sheet);
        stroke-width: 3;
        paint-order: stroke;
      }

      text.none {
        font-size: 13px;
      }

      .bar {
        fill: var(--pl-edge);
        opacity: 0.55;
      }

      .overlap {
        fill: var(--pl-amber);
        stroke: var(--pl-amber-text);
        stroke-width: 1;
      }

      .overlap.unsure {
        fill-opacity: 0.25;
        stroke-dasharray: 3 2;
      }

      .list {
        margin-block-start: 0.75rem;
        border-block-start: 1px solid var(--pl-rule);
      }

      .list li {
        display: grid;
        grid-template-columns: minmax(6rem, 1fr) auto;
        gap: 0 1rem;
        padding-block: 0.45rem;
        border-block-end: 1px solid var(--pl-rule);
      }

      .list li > :first-child {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .overlap-text {
        grid-column: 1 / -1;
        color: var(--pl-amber-text);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-time-ruler': TimeRuler;
  }
}
