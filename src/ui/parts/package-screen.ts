/** A package from its download to its custody report; the address says which of the two faces is shown. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CustodyReport, Decision, InboxItem, OpenedPackage } from '../../contracts/inbox.ts';
import type { Roles } from '../../contracts/roles-api.ts';
import type { AboutAgency, ActingKeys } from '../controllers/agency-controller.ts';
import type { PackageState } from '../controllers/inbox-controller.ts';
import { ownPosts } from '../own-posts.ts';
import { deskPath } from '../router.ts';
import { deskStyles } from '../styles/desk.ts';
import { shared } from '../styles/shared.ts';
import './custody-report.ts';
import './decision-form.ts';
import './opened-package.ts';
import './package-desk.ts';

@customElement('pl-package-screen')
export class PackageScreen extends LitElement {
  @property({ attribute: false }) roles: Roles | null = null;
  @property({ attribute: false }) keys: ActingKeys | null = null;
  @property({ attribute: false }) about: AboutAgency | null = null;
  /** Null: a file that somebody hands over. */
  @property({ attribute: false }) item: InboxItem | null = null;
  @property({ attribute: false }) package: PackageState | null = null;
  /** The custody report is asked for. */
  @property({ type: Boolean }) report = false;
  @property({ attribute: false }) download: (() => void) | null = null;
  @property({ attribute: false }) cancel: (() => void) | null = null;
  @property({ attribute: false }) openFile: ((file: File) => void) | null = null;
  /** Tells that a decision was made. */
  @property({ attribute: false }) decided: ((item: InboxItem) => void) | null = null;
  @state() private custody: CustodyReport | null = null;
  @state() private problem = '';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('item') || changed.has('package')) this.custody = null;
    if (
      this.report &&
      this.custody === null &&
      (changed.has('report') || changed.has('item') || changed.has('package'))
    ) {
      void this.#make();
    }
  }

  override render(): TemplateResult | typeof nothing {
    const state = this.package;
    if (!state) return nothing;
    if (this.report && state.opened !== null) return this.#report();
    return html`<pl-package-desk
      .keys=${this.keys}
      .item=${this.item}
      .package=${state}
      .download=${this.download}
      .cancel=${this.cancel}
      .openFile=${this.openFile}
    >
      ${state.opened === null ? (this.report ? html`<p class="quiet">The custody report is made from the opened package: open it first.</p>` : nothing) : this.#opened(state.opened)}
    </pl-package-desk>`;
  }

  #opened(opened: OpenedPackage): TemplateResult {
    const { item } = this;
    const request = this.#request(opened);
    const report = item === null ? deskPath('file', null, true) : deskPath('inbox', item.package, true);
    return html`<pl-opened-package .opened=${opened} .requestTitle=${request?.title ?? ''} .zone=${this.#zone(opened)}>
      ${
        item === null
          ? nothing
          : html`<pl-decision-form .decision=${item.decision} .sound=${opened.sound} .decide=${this.#decide}></pl-decision-form>`
      }
      <section class="sheet stack-s" aria-labelledby="custody">
        <h2 id="custody">Custody report</h2>
        <p class="small quiet">How it came in, what it says, and what every check found: to print for the case file, or to keep as JSON.</p>
        <wa-button appearance="outlined" variant="neutral" href=${report}><wa-icon slot="start" name="file"></wa-icon>See the custody report</wa-button>
      </section>
    </pl-opened-package>`;
  }

  #report(): TemplateResult {
    const back = this.item === null ? deskPath('file') : deskPath('inbox', this.item.package);
    return html`
      <p class="back"><a href=${back}><wa-icon name="chevron-left"></wa-icon> The package</a></p>
      ${this.problem === '' ? nothing : html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>`}
      ${this.custody === null ? nothing : html`<pl-custody-report .report=${this.custody} .zone=${this.#zone(this.package?.opened ?? null)}></pl-custody-report>`}
    `;
  }

  #request(opened: OpenedPackage) {
    const profile = this.about?.profile;
    const posts = profile ? ownPosts(profile, this.about?.posted ?? []) : [];
    return posts.find(({ requestId }) => requestId === opened.manifest.request.id)?.request ?? null;
  }

  /** The request's own zone: the times of a case are told by its clocks. */
  #zone(opened: OpenedPackage | null): string {
    return (opened && this.#request(opened)?.window.zone) || Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  async #make(): Promise<void> {
    const { roles, keys, item, package: state } = this;
    if (!roles || !keys || state === null || state.opened === null || state.sealed === null) return;
    const made = await roles.custodyReport(keys.id, item, state.sealed, state.opened);
    if (item !== this.item || state !== this.package) return;
    this.problem = made.ok ? '' : made.detail;
    this.custody = made.ok ? made.value : null;
  }

  readonly #decide = async (decision: Decision) => {
    const { roles, keys, item } = this;
    if (!roles || !keys || !item) throw new Error('nothing can be decided before it is shown');
    const decided = await roles.decide(keys.id, item, decision);
    if (decided.ok) this.decided?.(decided.value);
    return decided;
  };

  static override styles = [
    shared,
    deskStyles,
    css`
      .opened {
        display: grid;
        gap: 1.25rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .back {
        margin-block-end: 0.9rem;
      }

      .back a {
        display: inline-flex;
        align-items: center;
        gap: 0.3rem;
        min-height: 1.75rem;
      }

      @media print {
        .back {
          display: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-package-screen': PackageScreen;
  }
}
