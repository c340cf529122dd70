/** The least that a page of Vite and Lit can be: one element with a heading and a button. */
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

@customElement('floor-app')
export class FloorApp extends LitElement {
  @state() private pressed = 0;

  override render(): TemplateResult {
    return html`<h1>Floor</h1>
      <button @click=${() => (this.pressed += 1)}>Pressed ${this.pressed} times</button>`;
  }
}
