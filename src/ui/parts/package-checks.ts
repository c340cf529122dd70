/** The result of every check of a package, one by one; what does not hold comes first and says so plainly. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PackageCheck } from '../../contracts/inbox.ts';
import { PACKAGE_RULE } from '../role-words.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-package-checks')
export class PackageChecks extends LitElement {
  @property({ attribute: false }) checks: readonly PackageCheck[] = [];
  /** What the list is about, for readers. */
  @property() label = 'Checks';

  override render(): TemplateResult | typeof nothing {
    if (this.checks.length === 0) return nothing;
    const ordered = [...this.checks.filter(({ holds }) => !holds), ...this.checks.filter(({ holds }) => holds)];
    return html`<ul aria-label=${this.label}>
      ${ordered.map(
        ({ rule, holds, detail }) => html`<li class=${holds ? 'holds' : 'breaks'}>
          <wa-icon name=${holds ? 'check' : 'circle-xmark'} label=${holds ? 'holds' : 'broken'}></wa-icon>
          <div><strong>${PACKAGE_RULE[rule]}</strong><p class="small figures">${detail}</p></div>
        </li>`,
      )}
    </ul>`;
  }

  static override styles = [
    shared,
    css`
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.7rem;
        padding-block: 0.4rem;
        border-block-start: 1px solid var(--pl-rule);
        overflow-wrap: anywhere;
        break-inside: avoid;
      }

      li wa-icon {
        font-size: 1.15rem;
        margin-block-start: 0.15em;
      }

      .holds wa-icon {
        color: var(--pl-good);
      }

      .breaks wa-icon,
      .breaks p {
        color: var(--pl-bad);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-package-checks': PackageChecks;
  }
}
