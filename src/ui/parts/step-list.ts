/** Where one is on the way from choosing to the receipt. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shared } from '../styles/shared.ts';

@customElement('pl-step-list')
export class StepList extends LitElement {
  @property({ attribute: false }) steps: readonly string[] = [];
  @property({ type: Number }) current = 0;

  override render(): TemplateResult {
    return html`<ol aria-label="Steps">
      ${this.steps.map(
        (
          step,
          index,
        ) => html`<li class=${index < this.current ? 'done' : ''} aria-current=${index === this.current ? 'step' : nothing}>
          <span class="number figures">${index < this.current ? html`<wa-icon name="check" label="done"></wa-icon>` : index + 1}</span>
          <span class="name">${step}</span>
        </li>`,
      )}
    </ol>`;
  }

  static override styles = [
    shared,
    css`
      ol {
        display: flex;
        gap: 0.3rem;
      }

      li {
        flex: 1;
        display: grid;
        gap: 0.25rem;
        padding-block-start: 0.5rem;
        border-block-start: 3px solid var(--pl-rule);
        color: var(--pl-quiet);
        font-size: 0.875rem;
      }

      li.done {
        border-color: var(--pl-blue);
      }

      li[aria-current] {
        border-color: var(--pl-amber);
        color: var(--pl-ink);
        font-weight: 600;
        flex: 2.5;
      }

      .number {
        display: none;
      }

      @media (max-width: 47.99rem) {
        li:not([aria-current]) .name {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-step-list': StepList;
  }
}
