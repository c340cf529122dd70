/** What the agency said of a package, in one chip. */
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { InboxItem } from '../../contracts/inbox.ts';
import { shared } from '../styles/shared.ts';

const SAID = { accepted: 'Accepted', declined: 'Declined' } as const;

@customElement('pl-decision-chip')
export class DecisionChip extends LitElement {
  @property({ attribute: false }) decision: InboxItem['decision'] = null;

  override render(): TemplateResult {
    const { decision } = this;
    return decision === null
      ? html`<span class="chip amber">No decision yet</span>`
      : html`<span class="chip ${decision.decision === 'accepted' ? 'good' : ''}">${SAID[decision.decision]}</span>`;
  }

  static override styles = [shared];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-decision-chip': DecisionChip;
  }
}
