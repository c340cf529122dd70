/** The custody report as a page to print and a file to keep: how a package came in, what it said, and what every check found. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CustodyReport } from '../../contracts/inbox.ts';
import type { ManifestClip } from '../../contracts/share.ts';
import type { ZoneId } from '../../contracts/units.ts';
import { coordinates, exactBytes, instant, moment } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { shared } from '../styles/shared.ts';
import './damage-notice.ts';
import { sourceWords, toldDamage } from './opened-clip.ts';
import './package-checks.ts';

@customElement('pl-custody-report')
export class CustodyReportPart extends LitElement {
  @property({ attribute: false }) report: CustodyReport | null = null;
  @property() zone: ZoneId = 'UTC';

  override render(): TemplateResult | typeof nothing {
    const { report } = this;
    if (!report) return nothing;
    return html`
      <div class="row tools">
        <wa-button variant="brand" @click=${() => print()}>Print</wa-button>
        <wa-button appearance="outlined" variant="neutral" @click=${() => this.#save(report)}>
          <wa-icon slot="start" name="export"></wa-icon>Save as JSON
        </wa-button>
      </div>
      <article class="paper stack" aria-labelledby="title">
        <header>
          <h2 id="title" tabindex="-1">Custody report</h2>
          <p class="figures">Case ${report.request.caseNumber}${report.request.title === '' ? nothing : html`: ${report.request.title}`}</p>
        </header>
        <p class="verdict ${report.sound ? '' : 'bad'}">
          ${report.sound ? `All ${report.checks.length} checks hold.` : 'This package breaks its own manifest: checks below do not hold.'}
        </p>
        ${this.#received(report)} ${this.#sender(report)} ${report.manifest.clips.map((clip) => this.#clip(report, clip))}
        <section class="stack-s">
          <h3>Checks of the package</h3>
          <pl-package-checks .checks=${report.checks.filter(({ file }) => file === null)} label="Checks of the package"></pl-package-checks>
        </section>
        ${report.receipt === null ? nothing : html`<section class="stack-s"><h3>The hub’s signed receipt</h3><pre tabindex="0">${report.receipt}</pre></section>`}
        <p class="small quiet figures">
          Made ${this.#moment(report.made)} with ${
            Object.entries(report.manifest.tools)
              .map(([name, version]) => `${name} ${version}`)
              .join(', ') || 'unknown tools'
          } (the
          sender’s).
        </p>
        <p class="signature small"><span>Date</span><span>Name</span><span>Signature</span></p>
      </article>
    `;
  }

  #moment(iso: string): string {
    return `${moment(instant(iso), this.zone, true)} (${iso})`;
  }

  #received({ agency, request, package: received, decision }: CustodyReport): TemplateResult {
    return html`<section class="stack-s">
      <h3>Reception</h3>
      <dl class="facts small figures">
        <dt>Agency</dt>
        <dd>${agency.name}<br /><code>${agency.keyId}</code></dd>
        <dt>Request</dt>
        <dd><code>${request.id}</code></dd>
        <dt>SHA-256 of its note</dt>
        <dd><code>${request.noteSha256}</code></dd>
        <dt>Received</dt>
        <dd>${received.received === null ? 'Handed over as a file' : this.#moment(received.received)}</dd>
        ${received.id === null ? nothing : html`<dt>Package</dt><dd><code>${received.id}</code></dd>`}
        <dt>Sealed size</dt>
        <dd>${exactBytes(received.bytes)}</dd>
        <dt>SHA-256, sealed</dt>
        <dd><code>${received.sha256}</code></dd>
        <dt>Decision</dt>
        <dd>
          ${
            decision === null
              ? 'None'
              : html`${decision.decision === 'accepted' ? 'Accepted' : 'Declined'}, ${this.#moment(decision.at)}${decision.reason === undefined ? nothing : html`<br />${decision.reason}`}`
          }
        </dd>
      </dl>
    </section>`;
  }

  #sender({ manifest }: CustodyReport): TemplateResult {
    const { sharedBy, consent, created } = manifest;
    return html`<section class="stack-s">
      <h3>Sender, as typed</h3>
      <dl class="facts small figures">
        <dt>Name</dt>
        <dd>${sharedBy.name}</dd>
        <dt>E-mail</dt>
        <dd>${sharedBy.email}</dd>
        <dt>Address</dt>
        <dd>${sharedBy.address}</dd>
        <dt>Consent</dt>
        <dd>${consent}</dd>
        <dt>Sealed</dt>
        <dd>${this.#moment(created)}</dd>
      </dl>
    </section>`;
  }

  #clip({ checks }: CustodyReport, clip: ManifestClip): TemplateResult {
    return html`<section class="stack-s">
      <h3>${clip.file}: ${clip.camera.name}</h3>
      <dl class="facts small figures">
        <dt>Window</dt>
        <dd>${this.#moment(clip.window.from)}<br />to ${this.#moment(clip.window.to)}</dd>
        <dt>Frames</dt>
        <dd>
          ${clip.frames.total.toLocaleString('en-US')}, from ${clip.firstFrame} to ${clip.lastFrame}; ${clip.frames.reencoded.toLocaleString('en-US')} coded anew${clip.reencodedRanges.length === 0 ? '' : ` (${clip.reencodedRanges.map(([a, b]) => `${a}–${b}`).join(', ')})`}
        </dd>
        <dt>Time from</dt>
        <dd>${sourceWords(clip.timeSource)}, clock offset ${(clip.clockOffsetMs / 1000).toLocaleString('en-US')} s</dd>
        <dt>Camera’s place</dt>
        <dd>${coordinates(clip.camera.place)}</dd>
        <dt>Size</dt>
        <dd>${exactBytes(clip.bytes)}</dd>
        <dt>SHA-256</dt>
        <dd><code>${clip.sha256}</code></dd>
        <dt>SHA-256, original</dt>
        <dd><code>${clip.originalSha256}</code></dd>
      </dl>
      <pl-damage-notice .stretches=${toldDamage(clip)} .zone=${this.zone}></pl-damage-notice>
      <pl-package-checks .checks=${checks.filter(({ file }) => file === clip.file)} label="Checks of ${clip.file}"></pl-package-checks>
    </section>`;
  }

  #save(report: CustodyReport): void {
    const name = `custody-${(report.package.id ?? report.package.sha256).slice(0, 16)}.json`;
    saveFile(name, new Blob([`${JSON.stringify(report, null, 2)}\n`], { type: 'application/json' }));
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
        max-width: 52rem;
      }

      .paper {
        padding: clamp(1rem, 4vw, 2.5rem);
        border: 1px solid var(--pl-rule);
        border-radius: var(--pl-radius);
        background: var(--pl-sheet);
      }

      .paper > section {
        padding-block-start: 1rem;
        border-block-start: 1px solid var(--pl-rule);
      }

      .verdict {
        font-weight: 600;
        color: var(--pl-good);
      }

      .verdict.bad {
        color: var(--pl-bad);
      }

      pre {
        margin: 0;
        font: 0.8125rem/1.5 var(--pl-font-code);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .signature {
        display: grid;
        grid-template-columns: 1fr 2fr 2fr;
        gap: 1.5rem;
        padding-block-start: 3rem;
      }

      .signature span {
        border-block-start: 1px solid var(--pl-ink);
        padding-block-start: 0.2rem;
      }

      @media print {
        .tools {
          display: none;
        }

        .paper {
          border: 0;
          padding: 0;
        }

        section {
          break-inside: avoid;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-custody-report': CustodyReportPart;
  }
}
