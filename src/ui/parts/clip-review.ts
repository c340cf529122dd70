/** One clip before it may leave: the very bytes to play, how it is cut, and handles that only go inward, as numbers. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClipChoice } from '../../contracts/journey-api.ts';
import { damagedStretches } from '../../core/clip-damage.ts';
import type { TrimMode } from '../../contracts/trim-api.ts';
import type { TimeWindow, ZoneId } from '../../contracts/units.ts';
import type { PreparedClip } from '../controllers/clip-preparer.ts';
import { ChoiceChanged } from '../events.ts';
import { byteSize, count, duration, timeRange } from '../format.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import './clip-player.ts';
import './damage-notice.ts';
import { fieldChecked, fieldValue } from './field-value.ts';
import './frame-strip.ts';

const PHASE = {
  waiting: 'Waiting',
  reading: 'Reading the recording',
  encoding: 'Re-encoding the frames at the cut',
  writing: 'Writing the clip',
  auditing: 'Checking the finished clip against the recording',
  done: 'Done',
} as const;

/** Fires `pl-choice-changed` when the clip must be cut anew, and a plain `pl-leave-out` when it should not be shared. */
@customElement('pl-clip-review')
export class ClipReview extends LitElement {
  @property({ attribute: false }) choice: ClipChoice | null = null;
  @property({ attribute: false }) prepared: PreparedClip = { state: 'waiting' };
  /** The whole overlap, in true time: the widest that may leave. */
  @property({ attribute: false }) overlap: TimeWindow = { from: 0, to: 1 };
  @property() zone: ZoneId = 'UTC';
  @property() cameraName = '';
  @property({ type: Boolean }) hasSound = false;

  @state() private mode: TrimMode = 'exact';
  @state() private mute = false;
  @state() private cutStart = '0';
  @state() private cutEnd = '0';
  @state() private problem = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('choice') || !this.choice) return;
    this.mode = this.choice.mode;
    this.mute = this.choice.mute;
    const kept = this.choice.narrowed ?? this.overlap;
    this.cutStart = String((kept.from - this.overlap.from) / 1000);
    this.cutEnd = String((this.overlap.to - kept.to) / 1000);
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.choice) return nothing;
    const kept = this.choice.narrowed ?? this.overlap;
    return html`
      <section class="sheet" aria-labelledby="title">
        <header>
          <h3 id="title">${this.cameraName}, <span class="figures">${timeRange(kept, this.zone, true)}</span></h3>
          <p class="quiet small figures">${duration(kept.to - kept.from)}${kept === this.overlap ? '' : `, narrowed from ${duration(this.overlap.to - this.overlap.from)}`}</p>
        </header>
        <div class="columns">
          <div class="stack-s">${this.#result()}</div>
          ${this.#controls()}
        </div>
      </section>
    `;
  }

  #result(): TemplateResult {
    const { prepared } = this;
    switch (prepared.state) {
      case 'waiting':
        return html`<div class="working stack-s"><p>Waiting for its turn</p>${this.#cancel()}</div>`;
      case 'working': {
        const percent = Math.round(prepared.fraction * 100);
        return html`<div class="working stack-s">
          <p role="status">${PHASE[prepared.phase]}…</p>
          <wa-progress-bar label="Cutting ${this.cameraName}" value=${percent}></wa-progress-bar>
          <p class="small quiet figures">${prepared.remainingMs === null ? nothing : `about ${duration(Math.max(1_000, prepared.remainingMs))} left`}</p>
          ${this.#cancel()}
        </div>`;
      }
      case 'refused':
        return html`<div class="notice bad" role="alert">
          <wa-icon name="circle-xmark"></wa-icon>
          <div>
            <p><strong>${prepared.reason === 'cancelled' ? 'The cut was cancelled' : 'This clip cannot be shared'}</strong></p>
            <p>${prepared.detail}</p>
          </div>
        </div>`;
      case 'ready': {
        const { clip } = prepared;
        const damaged = damagedStretches(clip);
        return html`
          <pl-clip-player .bytes=${clip.bytes} label="Clip from ${this.cameraName}"></pl-clip-player>
          <pl-damage-notice .stretches=${damaged} .zone=${this.zone}></pl-damage-notice>
          <p class="small quiet figures">
            These are the bytes that would leave: ${byteSize(clip.bytes.byteLength)}, ${count(clip.report.frames.length, 'frame')},
            ${clip.report.audio ? 'with sound' : 'no sound'}.
            ${
              clip.facts.leftOutStart + clip.facts.leftOutEnd > 0
                ? html`To keep camera bits only, ${duration(clip.facts.leftOutStart * 1000)} at the start and ${duration(clip.facts.leftOutEnd * 1000)} at the end are left out.`
                : nothing
            }
          </p>
          <pl-frame-strip
            .frames=${clip.report.frames}
            .from=${clip.job.from}
            .to=${clip.job.to}
            .startMs=${clip.recordingStartMs}
            .zone=${this.zone}
            .damaged=${damaged}
          ></pl-frame-strip>
        `;
      }
    }
  }

  #cancel(): TemplateResult {
    const cancel = (): boolean => this.dispatchEvent(new Event('pl-cancel-cut'));
    return html`<wa-button size="s" appearance="outlined" variant="neutral" @click=${cancel}>Cancel</wa-button>`;
  }

  #controls(): TemplateResult {
    return html`
      <form class="stack" novalidate @submit=${this.#apply}>
        <wa-radio-group label="How to cut" .value=${this.mode} @change=${(event: Event) => (this.mode = fieldValue(event) === 'original' ? 'original' : 'exact')}>
          <wa-radio value="exact">Exact: every frame of the window; a few at the cut are re-encoded</wa-radio>
          <wa-radio value="original">Original: the camera's own bits only; may start a little later</wa-radio>
        </wa-radio-group>
        ${
          this.hasSound
            ? html`<wa-checkbox .checked=${this.mute} @change=${(event: Event) => (this.mute = fieldChecked(event))}>Leave the sound out</wa-checkbox>`
            : html`<p class="small quiet">This recording has no sound.</p>`
        }
        <div class="pair">
          <wa-input
            label="Leave out at the start (seconds)"
            inputmode="decimal"
            .value=${this.cutStart}
            @input=${(event: Event) => (this.cutStart = fieldValue(event))}
          ></wa-input>
          <wa-input
            label="Leave out at the end (seconds)"
            inputmode="decimal"
            .value=${this.cutEnd}
            @input=${(event: Event) => (this.cutEnd = fieldValue(event))}
          ></wa-input>
        </div>
        <p class="problem small" role="alert">${this.problem}</p>
        <div class="row">
          <wa-button type="submit" size="s" appearance="outlined" variant="neutral">Cut again</wa-button>
          <wa-button size="s" appearance="plain" variant="neutral" @click=${() => this.dispatchEvent(new Event('pl-leave-out'))}>Leave this clip out</wa-button>
        </div>
      </form>
    `;
  }

  readonly #apply = (event: Event): void => {
    event.preventDefault();
    if (!this.choice) return;
    const [start, end] = [Number(this.cutStart.replace(',', '.')), Number(this.cutEnd.replace(',', '.'))];
    const length = (this.overlap.to - this.overlap.from) / 1000;
    if (!(start >= 0 && end >= 0))
      this.problem = 'Enter seconds of 0 or more. A clip can be made shorter, never longer than what was asked for.';
    else if (start + end >= length)
      this.problem = `Nothing would be left: the overlap is ${duration(length * 1000)} long.`;
    else {
      this.problem = '';
      const narrowed =
        start + end > 0 ? { from: this.overlap.from + start * 1000, to: this.overlap.to - end * 1000 } : null;
      this.dispatchEvent(new ChoiceChanged({ ...this.choice, mode: this.mode, mute: this.mute, narrowed }));
    }
  };

  static override styles = [
    shared,
    form,
    css`
      :host {
        container-type: inline-size;
      }

      .columns {
        display: grid;
        gap: 1.25rem;
        margin-block-start: 0.9rem;
      }

      .columns > * {
        min-width: 0;
      }

      @container (min-width: 46rem) {
        .columns {
          grid-template-columns: 3fr 2fr;
          gap: 1.75rem;
        }
      }

      .working {
        aspect-ratio: 16 / 9;
        display: grid;
        align-content: center;
        padding: 1.5rem;
        text-align: center;
        background: var(--pl-sunk);
        border-radius: var(--pl-radius);
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: 0.8rem;
        align-items: end;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-clip-review': ClipReview;
  }
}
