/** One clip of an opened package: plays it, says where and when it was recorded by its sender's word, and how it was checked. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { OpenedClip, PackageCheck } from '../../contracts/inbox.ts';
import type { ManifestClip } from '../../contracts/share.ts';
import type { ZoneId } from '../../contracts/units.ts';
import type { DamagedStretch } from '../../core/clip-damage.ts';
import { ObjectUrlController } from '../controllers/object-url-controller.ts';
import { coordinates, count, dayRange, duration, exactBytes, instant, timeRange } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { shared } from '../styles/shared.ts';
import { TIME_SOURCE } from '../words.ts';
import './damage-notice.ts';
import './package-checks.ts';

/** A sender may write any source; those of this page have words. */
export const sourceWords = (source: string): string =>
  Object.hasOwn(TIME_SOURCE, source) ? TIME_SOURCE[source as keyof typeof TIME_SOURCE] : source;

/** The damaged stretches that the manifest tells of, by time. */
export const toldDamage = ({ missing = [], doubtful = [] }: ManifestClip): readonly DamagedStretch[] =>
  [
    ...missing.map(({ from, to }) => ({ kind: 'missing' as const, from: instant(from), to: instant(to) })),
    ...doubtful.map(({ from, to }) => ({ kind: 'doubtful' as const, from: instant(from), to: instant(to) })),
  ].toSorted((a, b) => a.from - b.from);

@customElement('pl-opened-clip')
export class OpenedClipPart extends LitElement {
  /** What the manifest says of it. */
  @property({ attribute: false }) told: ManifestClip | null = null;
  /** The clip itself; null when the package lacks it. */
  @property({ attribute: false }) clip: OpenedClip | null = null;
  @property({ attribute: false }) checks: readonly PackageCheck[] = [];
  @property() zone: ZoneId = 'UTC';
  @state() private unplayable = false;

  readonly #url = new ObjectUrlController(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clip')) this.unplayable = false;
  }

  override render(): TemplateResult | typeof nothing {
    const { told, zone } = this;
    if (!told) return nothing;
    const window = { from: instant(told.window.from), to: instant(told.window.to) };
    const broken = this.checks.filter(({ holds }) => !holds).length;
    return html`<article class="sheet stack-s" aria-label=${told.file}>
      <div class="row between">
        <h3>${told.camera.name}</h3>
        <span class="chip ${broken === 0 ? 'good' : 'bad'}">${broken === 0 ? 'Every check holds' : `${count(broken, 'check')} broken`}</span>
      </div>
      ${this.#player(told)}
      <pl-damage-notice .stretches=${toldDamage(told)} .zone=${zone}></pl-damage-notice>
      <dl class="facts small figures">
        <dt>Recorded</dt>
        <dd>${dayRange(window, zone)}, ${timeRange(window, zone, true)} (${duration(window.to - window.from)})</dd>
        <dt>Time from</dt>
        <dd>
          ${sourceWords(told.timeSource)}${told.clockOffsetMs === 0 ? nothing : html`, the camera’s clock corrected by ${(told.clockOffsetMs / 1000).toLocaleString('en-US')} s`}
        </dd>
        <dt>Camera’s place</dt>
        <dd>${coordinates(told.camera.place)}</dd>
        <dt>Frames</dt>
        <dd>${told.frames.total.toLocaleString('en-US')}, ${told.frames.original.toLocaleString('en-US')} of them as the camera wrote them</dd>
        <dt>File</dt>
        <dd>${told.file}, ${exactBytes(told.bytes)}</dd>
        <dt>SHA-256 of the original</dt>
        <dd><code>${told.originalSha256}</code></dd>
      </dl>
      <details open>
        <summary>How it was checked</summary>
        <pl-package-checks .checks=${this.checks} label="Checks of ${told.file}"></pl-package-checks>
      </details>
      ${
        this.clip === null
          ? nothing
          : html`<wa-button size="s" appearance="outlined" variant="neutral" @click=${this.#save}>
            <wa-icon slot="start" name="export"></wa-icon>Save the clip
          </wa-button>`
      }
    </article>`;
  }

  #player(told: ManifestClip): TemplateResult {
    if (this.clip === null) return html`<p class="empty">The package does not hold this clip.</p>`;
    if (this.unplayable)
      return html`<p class="empty quiet">This browser cannot play the clip. Save it and look at it elsewhere.</p>`;
    return html`<video
      src=${this.#url.of(this.clip.video) ?? ''}
      controls
      playsinline
      preload="auto"
      aria-label="Clip of ${told.camera.name}"
      @error=${() => (this.unplayable = true)}
    ></video>`;
  }

  readonly #save = (): void => {
    const { clip, told } = this;
    if (clip && told) saveFile(told.file.replaceAll('/', '-'), clip.video);
  };

  static override styles = [
    shared,
    css`
      pl-package-checks {
        margin-block-start: 0.4rem;
      }

      .row.between > h3 {
        flex: 1 1 10rem;
        min-width: 0;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-opened-clip': OpenedClipPart;
  }
}
