/** Every frame of a clip as a coloured strip: camera bits, re-encoded frames, and what was left out of the window. */
import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DamagedStretch } from '../../core/clip-damage.ts';
import type { AuditedFrame } from '../../contracts/inspect-api.ts';
import type { EpochMs, Seconds, ZoneId } from '../../contracts/units.ts';
import { WidthController } from '../controllers/width-controller.ts';
import { clockTimeMs, count, dayName, zoneName } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { countFrames, frameRuns } from './frame-runs.ts';

@customElement('pl-frame-strip')
export class FrameStrip extends LitElement {
  @property({ attribute: false }) frames: readonly AuditedFrame[] = [];
  /** The window that was cut, on the source's timeline. */
  @property({ type: Number }) from: Seconds = 0;
  @property({ type: Number }) to: Seconds = 1;
  /** True time of the recording's presentation time 0. */
  @property({ type: Number }) startMs: EpochMs = 0;
  @property() zone: ZoneId = 'UTC';
  /** Stretches without a picture are drawn as such, over the frame before them. */
  @property({ attribute: false }) damaged: readonly DamagedStretch[] = [];

  readonly #size = new WidthController(this);

  override render(): TemplateResult {
    const { width } = this.#size;
    const { total, original, reencoded } = countFrames(this.frames);
    const runs = frameRuns(this.frames, this.to);
    const length = Math.max(1e-6, this.to - this.from);
    const x = (at: Seconds): number => Math.min(width, Math.max(0, ((at - this.from) / length) * width));
    const missing = this.damaged.filter(({ kind }) => kind === 'missing');
    const seconds = (at: EpochMs): Seconds => (at - this.startMs) / 1000;
    const first = this.frames[0];
    const last = this.frames.at(-1);
    return html`
      <svg
        viewBox="0 0 ${width} 30"
        width=${width}
        height="30"
        role="img"
        aria-label="${total} frames: ${original} original, ${reencoded} re-encoded${missing.length > 0 ? `; ${count(missing.length, 'stretch', 'stretches')} missing` : ''}"
      >
        <rect class="left-out" width=${width} height="30"></rect>
        ${runs.map(
          (run) => svg`<rect class=${run.origin} data-frames=${run.frames} x=${x(run.from).toFixed(2)} height="30"
            width=${Math.max(1.5, x(run.to) - x(run.from)).toFixed(2)} />`,
        )}
        ${missing.map(
          ({ from, to }) => svg`<rect class="missing" data-missing x=${x(seconds(from)).toFixed(2)} height="30"
            width=${Math.max(1.5, x(seconds(to)) - x(seconds(from))).toFixed(2)} />`,
        )}
      </svg>
      <dl class="ends small figures">
        <div>
          <dt class="quiet">First frame</dt>
          <dd>${first ? this.#wallClock(first.at) : '–'}</dd>
        </div>
        <div>
          <dt class="quiet">Last frame</dt>
          <dd>${last ? this.#wallClock(last.at) : '–'}</dd>
        </div>
      </dl>
      <ul class="legend small">
        <li><i class="original"></i>${original} original: the camera's own bits</li>
        <li><i class="re-encoded"></i>${reencoded} re-encoded at the cut</li>
        <li><i class="left-out"></i>left out of the window</li>
        ${missing.length > 0 ? html`<li><i class="missing"></i>missing: damaged in the recording</li>` : nothing}
      </ul>
    `;
  }

  #wallClock(at: Seconds): TemplateResult {
    const ms = this.startMs + at * 1000;
    return html`<strong>${clockTimeMs(ms, this.zone)}</strong> ${zoneName(ms, this.zone)}<br /><span class="quiet"
        >${dayName(ms, this.zone)}</span
      >`;
  }

  static override styles = [
    shared,
    css`
      svg {
        display: block;
        width: 100%;
        height: 30px;
        border-radius: 4px;
      }

      rect.left-out,
      i.left-out {
        fill: var(--pl-sunk);
        background: var(--pl-sunk);
      }

      rect.original,
      i.original {
        fill: var(--pl-blue);
        background: var(--pl-blue);
      }

      rect.re-encoded,
      i.re-encoded {
        fill: var(--pl-amber);
        background: var(--pl-amber);
      }

      rect.missing,
      i.missing {
        fill: var(--pl-bad);
        background: var(--pl-bad);
      }

      .ends {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        margin-block-start: 0.4rem;
      }

      .ends > :last-child {
        text-align: end;
      }

      .ends strong {
        font-size: 1.05rem;
      }

      .ends dd {
        white-space: nowrap;
      }

      @media (max-width: 26rem) {
        .ends strong {
          font-size: 0.95rem;
        }
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem 1.1rem;
        margin-block-start: 0.6rem;
      }

      i {
        display: inline-block;
        width: 0.8em;
        height: 0.8em;
        margin-inline-end: 0.45em;
        border-radius: 2px;
        outline: 1px solid var(--pl-edge);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-frame-strip': FrameStrip;
  }
}
