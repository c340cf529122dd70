/** A day from midnight to midnight by the cameras' own clocks, every recording on it: chosen with a click or the arrow keys, it plays. */
import { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Camera, Recording } from '../../contracts/library.ts';
import type { EpochMs, TimeWindow } from '../../contracts/units.ts';
import { localHours } from '../../core/local-day.ts';
import { WidthController } from '../controllers/width-controller.ts';
import { RecordingAction } from '../events.ts';
import { clockTime, count, duration, timeRange, zoneName } from '../format.ts';
import { dayRulerStyles } from '../styles/day-ruler.ts';
import { shared } from '../styles/shared.ts';
import { nearestBar, zoneDays, type DayBar, type DayRow, type ZoneDay } from './day-rows.ts';

const HOURS_MS = 3_600_000;
const AXIS = 22;
const ROW = 54;
const BAR = { y: 22, height: 24 } as const;
/** Narrower ones could not be seen, nor hit with a finger. */
const LEAST_WIDTH = 4;
const REACH = 12;
const STEPS = [1, 2, 3, 4, 6, 12] as const;
/** Room that an hour's label needs. */
const LABEL = 58;

/** Sends `pl-recording-action` `play`. */
@customElement('pl-day-ruler')
export class DayRuler extends LitElement {
  /** `2026-11-22` */
  @property() day = '';
  @property({ attribute: false }) recordings: readonly Recording[] = [];
  @property({ attribute: false }) cameras: readonly Camera[] = [];
  /** The recording under the pointer or the focus. */
  @state() private pointed = '';
  /** By camera: the recording that Tab reaches. */
  readonly #current = new Map<string, string>();
  readonly #size = new WidthController(this);

  #days: readonly ZoneDay[] = [];

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('day') || changed.has('recordings') || changed.has('cameras'))
      this.#days = zoneDays(this.day, this.recordings, this.cameras);
  }

  override render(): TemplateResult | typeof nothing {
    const days = this.#days;
    if (days.length === 0) return nothing;
    return html`
      ${repeat(
        days,
        ({ zone }) => zone,
        (zoneDay) => this.#zone(zoneDay),
      )}
      <p class="readout figures">${this.#readout(days)}</p>
    `;
  }

  #zone({ zone, day, rows }: ZoneDay): TemplateResult {
    const { width } = this.#size;
    const height = AXIS + rows.length * ROW;
    const x = (at: EpochMs): number =>
      Number((Math.min(1, Math.max(0, (at - day.from) / (day.to - day.from))) * width).toFixed(1));
    const hours = (day.to - day.from) / HOURS_MS;
    const every = STEPS.find((step) => (width / hours) * step >= LABEL) ?? 12;
    const [before, after] = [zoneName(day.from, zone), zoneName(day.to - 1, zone)];
    return html`
      <p class="small quiet figures zone">
        ${before === after ? before : `${before}, then ${after}: the clocks change, this day has ${hours} hours`}
      </p>
      <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="group" aria-label="Recordings of the day, ${zone}">
        ${localHours(day, zone, every).map(
          (at) => svg`<g class="tick"><path d="M${x(at)} ${AXIS - 6}V${height}" />
            <text x=${x(at)} y="11" text-anchor=${x(at) < 18 ? 'start' : x(at) > width - 18 ? 'end' : 'middle'}>${clockTime(at, zone)}</text></g>`,
        )}
        ${rows.map((row, index) => this.#row(row, AXIS + index * ROW, day, x))}
      </svg>
    `;
  }

  #row(row: DayRow, y: number, day: TimeWindow, x: (at: EpochMs) => number): TemplateResult {
    const { camera, bars } = row;
    const { width } = this.#size;
    const dayMs = day.to - day.from;
    const current = bars.some(({ recording }) => recording.id === this.#current.get(camera.id))
      ? this.#current.get(camera.id)
      : bars[0]?.recording.id;
    const at = (event: MouseEvent): DayBar | null => {
      if (!(event.currentTarget instanceof SVGElement)) return null;
      const box = event.currentTarget.querySelector('.strip')?.getBoundingClientRect();
      if (!box) return null;
      const instant = day.from + ((event.clientX - box.left) / box.width) * dayMs;
      return nearestBar(bars, instant, (REACH / width) * dayMs);
    };
    return svg`<g
      role="toolbar"
      aria-label="${camera.name}, ${count(bars.length, 'recording')}: arrow keys move between them"
      transform="translate(0 ${y})"
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, row)}
      @click=${(event: MouseEvent) => this.#play(at(event))}
      @pointermove=${(event: PointerEvent) => (this.pointed = at(event)?.recording.id ?? '')}
      @pointerleave=${() => (this.pointed = '')}
    >
      <text class="name" x="2" y="14">${camera.name}</text>
      <rect class="strip" y=${BAR.y} width=${width} height=${BAR.height} rx="4" />
      ${bars.map((bar) => this.#bar(bar, camera, x, bar.recording.id === current))}
    </g>`;
  }

  #bar(
    { recording, from, to }: DayBar,
    camera: Camera,
    x: (at: EpochMs) => number,
    isCurrent: boolean,
  ): TemplateResult {
    const wide = Math.max(LEAST_WIDTH, x(to) - x(from));
    const unsure = recording.time.confidence === 'unconfirmed';
    return svg`<g
      role="button"
      data-recording=${recording.id}
      tabindex=${isCurrent ? '0' : '-1'}
      class="bar ${unsure ? 'unsure' : ''} ${this.pointed === recording.id ? 'pointed' : ''}"
      aria-label="On the ruler: ${timeRange({ from, to }, camera.zone, true)}, ${duration(recording.durationMs)}${unsure ? ', time not confirmed' : ''}"
      @focus=${() => this.#focused(recording.id, camera.id)}
      @blur=${() => (this.pointed = '')}
    ><rect x=${Math.min(x(from), this.#size.width - LEAST_WIDTH)} y=${BAR.y} width=${wide.toFixed(1)} height=${BAR.height} rx="2" /></g>`;
  }

  #readout(days: readonly ZoneDay[]): TemplateResult | string {
    for (const { zone, rows } of days) {
      for (const { camera, bars } of rows) {
        const bar = bars.find(({ recording }) => recording.id === this.pointed);
        if (bar)
          return html`<strong>${timeRange(bar, zone, true)}</strong> ${duration(bar.recording.durationMs)}, ${camera.name}`;
      }
    }
    return 'Point at a recording, or move with the arrow keys; Enter plays it.';
  }

  #focused(recordingId: string, cameraId: string): void {
    this.#current.set(cameraId, recordingId);
    this.pointed = recordingId;
  }

  #play(bar: DayBar | null): void {
    if (bar) this.dispatchEvent(new RecordingAction(bar.recording.id, 'play'));
  }

  #onKey(event: KeyboardEvent, { bars, camera }: DayRow): void {
    const focused = event.target instanceof SVGElement ? event.target.dataset['recording'] : undefined;
    const at = bars.findIndex(({ recording }) => recording.id === focused);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#play(bars[at] ?? null);
      return;
    }
    const last = bars.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    const next = to === undefined ? undefined : bars[Math.min(last, Math.max(0, to))];
    if (!next) return;
    event.preventDefault();
    this.#focused(next.recording.id, camera.id);
    this.renderRoot.querySelector<SVGElement>(`[data-recording="${CSS.escape(next.recording.id)}"]`)?.focus();
  }

  static override styles = [shared, dayRulerStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-day-ruler': DayRuler;
  }
}
