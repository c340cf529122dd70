/** Every comment on every request that this page holds, newest first, for a reviewer to look through. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CommentsState } from '../../contracts/comments.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import { requestPath } from '../router.ts';
import { shared } from '../styles/shared.ts';
import './comment-card.ts';

@customElement('pl-comment-moderation')
export class CommentModeration extends LitElement {
  @property({ attribute: false }) comments: CommentsState | null = null;
  @property({ attribute: false }) requests: readonly RequestView[] = [];
  @property({ type: Boolean }) busy = false;

  override render(): TemplateResult {
    const all = [...(this.comments?.byRequest.values() ?? [])].flat().toSorted((a, b) => b.at - a.at);
    if (all.length === 0) return html`<p class="empty quiet">Nobody has commented.</p>`;
    return html`<ul>
      ${repeat(
        all,
        ({ id }) => id,
        (comment) => html`<li>
          <p class="small quiet">On <a href=${requestPath(comment.requestId)}>${this.#title(comment.requestId)}</a></p>
          <pl-comment-card writable moderator .comment=${comment} .busy=${this.busy}></pl-comment-card>
        </li>`,
      )}
    </ul>`;
  }

  #title(requestId: string): string {
    return this.requests.find(({ id }) => id === requestId)?.request.title ?? requestId;
  }

  static override styles = [
    shared,
    css`
      li {
        --pl-comment-rule: none;
        --pl-comment-room: 0;
        display: grid;
        gap: 0.4rem;
        padding-block: 0.9rem;
        border-block-start: 1px solid var(--pl-rule);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-comment-moderation': CommentModeration;
  }
}
