/** How far a sealed package has got, and what stopped it, in bytes and words. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SendProgress } from '../../contracts/journey-api.ts';
import type { SendFailure } from '../../contracts/share.ts';
import { byteSize } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { SEND_FAILURE } from '../words.ts';

@customElement('pl-send-progress')
export class SendProgressPart extends LitElement {
  @property({ attribute: false }) progress: SendProgress = { bytesSent: 0, bytesTotal: 1 };
  @property({ type: Boolean }) running = false;
  @property({ attribute: false }) problem: { readonly reason: SendFailure; readonly detail: string } | null = null;
  /** What stopped it the last time, from storage. */
  @property({ attribute: false }) lastProblem: string | null = null;

  override render(): TemplateResult {
    const { bytesSent, bytesTotal } = this.progress;
    const percent = Math.floor((bytesSent / Math.max(1, bytesTotal)) * 100);
    return html`<div class="stack-s">
      <wa-progress-bar label="Sent" value=${percent}></wa-progress-bar>
      <p class="figures" role="status">${byteSize(bytesSent)} of ${byteSize(bytesTotal)} sent${this.running ? `, ${percent} %` : ''}</p>
      ${
        this.problem
          ? html`<div class="notice ${this.problem.reason === 'paused' ? '' : 'bad'}" role="alert">
            <wa-icon name=${this.problem.reason === 'paused' ? 'pause' : 'alert'}></wa-icon>
            <div>
              <p>${SEND_FAILURE[this.problem.reason]}</p>
              ${this.problem.reason === 'paused' ? nothing : html`<p class="small quiet">${this.problem.detail}</p>`}
            </div>
          </div>`
          : this.lastProblem && !this.running
            ? html`<p class="small quiet">Last time: ${this.lastProblem}</p>`
            : nothing
      }
    </div>`;
  }

  static override styles = [shared];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-send-progress': SendProgressPart;
  }
}
