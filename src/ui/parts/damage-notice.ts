/** Tells which seconds of a clip are missing or doubtful because the recording is damaged. Takes no room when none are. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DamagedStretch } from '../../core/clip-damage.ts';
import type { ZoneId } from '../../contracts/units.ts';
import { damageSentence } from '../damage-words.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-damage-notice')
export class DamageNotice extends LitElement {
  @property({ attribute: false }) stretches: readonly DamagedStretch[] = [];
  @property() zone: ZoneId = 'UTC';

  override render(): TemplateResult | typeof nothing {
    if (this.stretches.length === 0) return nothing;
    return html`<div class="notice amber" role="note" aria-label="Damage in the recording">
      <wa-icon name="alert"></wa-icon>
      <ul class="figures">
        ${this.stretches.map((stretch) => html`<li>${damageSentence(stretch, this.zone)}</li>`)}
      </ul>
    </div>`;
  }

  static override styles = [
    shared,
    css`
      li + li {
        margin-block-start: 0.35rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-damage-notice': DamageNotice;
  }
}
