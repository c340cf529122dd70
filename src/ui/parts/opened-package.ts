/** What an opened package holds: whether it keeps its own word, who sent it, the clips, and every check. What is done with it is slotted in. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { OpenedPackage } from '../../contracts/inbox.ts';
import type { ZoneId } from '../../contracts/units.ts';
import { count, instant, moment } from '../format.ts';
import { saveFile } from '../save-file.ts';
import { shared } from '../styles/shared.ts';
import './opened-clip.ts';
import './package-checks.ts';

@customElement('pl-opened-package')
export class OpenedPackagePart extends LitElement {
  @property({ attribute: false }) opened: OpenedPackage | null = null;
  /** The request's title, where it is known. */
  @property() requestTitle = '';
  @property() zone: ZoneId = 'UTC';

  override render(): TemplateResult | typeof nothing {
    const { opened } = this;
    if (!opened) return nothing;
    const { manifest } = opened;
    const general = opened.checks.filter(({ file }) => file === null);
    return html`
      ${this.#verdict(opened)}
      <div class="layout">
        <div class="stack">
        <section class="stack" aria-labelledby="clips">
          <h2 id="clips">${count(manifest.clips.length, 'clip')}</h2>
          ${manifest.clips.map(
            (told) => html`<pl-opened-clip
              .told=${told}
              .clip=${opened.clips.find(({ file }) => file === told.file) ?? null}
              .checks=${opened.checks.filter(({ file }) => file === told.file)}
              .zone=${this.zone}
            ></pl-opened-clip>`,
          )}
        </section>
          <section class="sheet stack-s" aria-labelledby="checks">
            <h2 id="checks">Checks of the package</h2>
            <pl-package-checks .checks=${general} label="Checks of the package"></pl-package-checks>
            <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => saveFile(`package-${opened.packageId || 'handed-over'}.zip`, opened.zip)}>
              <wa-icon slot="start" name="export"></wa-icon>Save the opened ZIP
            </wa-button>
          </section>
        </div>
        <div class="side">
          <section class="sheet stack-s" aria-labelledby="sender">
            <h2 id="sender">Who sent it</h2>
            <dl class="facts">
              <dt>Name</dt>
              <dd>${manifest.sharedBy.name}</dd>
              <dt>E-mail</dt>
              <dd>${manifest.sharedBy.email}</dd>
              <dt>Address</dt>
              <dd>${manifest.sharedBy.address}</dd>
            </dl>
            <p class="small quiet">As they typed it; nobody checked it. What they agreed to: “${manifest.consent}”</p>
          </section>
          <section class="sheet stack-s" aria-labelledby="answers">
            <h2 id="answers">What it answers</h2>
            <dl class="facts">
              <dt>Request</dt>
              <dd>${this.requestTitle || manifest.request.id}</dd>
              <dt>Case</dt>
              <dd class="figures">${manifest.request.caseNumber}</dd>
              <dt>Sealed</dt>
              <dd class="figures">${moment(instant(manifest.created), this.zone, true)}</dd>
            </dl>
          </section>
          <slot></slot>
        </div>
      </div>
    `;
  }

  #verdict({ sound, checks }: OpenedPackage): TemplateResult {
    const broken = checks.filter(({ holds }) => !holds);
    return html`<div class="notice ${sound ? 'good' : 'bad'}" role=${sound ? 'status' : 'alert'}>
      <wa-icon name=${sound ? 'check' : 'circle-xmark'}></wa-icon>
      ${
        sound
          ? html`<div>
            <p><strong>It is what it says it is</strong></p>
            <p class="small">All ${checks.length} checks hold. They say that the package keeps its own word, not that its sender tells the truth.</p>
          </div>`
          : html`<div>
            <p><strong>This package breaks its own manifest</strong></p>
            <p>
              ${count(broken.length, 'check')} of ${checks.length} ${broken.length === 1 ? 'does' : 'do'} not hold: what is inside is not what it says. Do not rely on it as it stands; ask the
              sender for it again.
            </p>
          </div>`
      }
    </div>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 1.25rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .layout {
        display: grid;
        gap: 1.25rem 2rem;
        grid-template-columns: minmax(0, 1fr);
        align-items: start;
      }

      /* A grid, so that what is slotted keeps its distance as well. */
      .side {
        display: grid;
        gap: 1.25rem;
        grid-template-columns: minmax(0, 1fr);
      }

      @media (min-width: 64rem) {
        .layout {
          grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-opened-package': OpenedPackagePart;
  }
}
