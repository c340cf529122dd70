/** One public comment as plain text, or what stands in its place once it was removed: by whom, when and why. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CommentView } from '../../contracts/comments.ts';
import { moment } from '../format.ts';
import { REJECTION } from '../role-words.ts';
import { shared } from '../styles/shared.ts';
import type { ReasonForm, ReasonGiven } from './reason-form.ts';
import './reason-form.ts';

/** Of `RejectionCode`s and reasons: what the schema of a removal allows. */
const REASON_LENGTH = 200;

/** The writer wants to take this comment back. */
export class CommentWithdrawn extends Event {
  readonly comment: CommentView;
  constructor(comment: CommentView) {
    super('pl-comment-withdrawn', { bubbles: true, composed: true });
    this.comment = comment;
  }
}

/** A reviewer removes this comment. */
export class CommentModerated extends Event {
  readonly comment: CommentView;
  readonly given: ReasonGiven;
  constructor(comment: CommentView, given: ReasonGiven) {
    super('pl-comment-moderated', { bubbles: true, composed: true });
    this.comment = comment;
    this.given = given;
  }
}

@customElement('pl-comment-card')
export class CommentCard extends LitElement {
  @property({ attribute: false }) comment: CommentView | null = null;
  /** False where nothing can be sent, as on a host of plain files. */
  @property({ type: Boolean }) writable = false;
  /** Whether this device holds a reviewer's keys. */
  @property({ type: Boolean }) moderator = false;
  @property({ type: Boolean }) busy = false;
  @state() private moderating = false;

  override render(): TemplateResult | typeof nothing {
    const { comment } = this;
    if (!comment) return nothing;
    return comment.removed === null ? this.#standing(comment) : this.#removed(comment, comment.removed);
  }

  #standing(comment: CommentView): TemplateResult {
    const { writable, moderator } = this;
    return html`<article class="stack-s">
      <p class="who"><strong>${comment.name}</strong>${comment.mine ? html` <span class="chip">Yours</span>` : nothing}
        <span class="small quiet figures">${this.#time(comment.at)}</span></p>
      <p class="text">${comment.text}</p>
      ${
        writable && !this.moderating && (comment.mine || moderator)
          ? html`<div class="row">
            ${comment.mine ? html`<wa-button size="s" appearance="outlined" variant="neutral" ?disabled=${this.busy} @click=${() => this.dispatchEvent(new CommentWithdrawn(comment))}>Remove</wa-button>` : nothing}
            ${moderator && !comment.mine ? html`<wa-button size="s" appearance="outlined" variant="neutral" ?disabled=${this.busy} @click=${this.#moderate}>Remove as reviewer…</wa-button>` : nothing}
          </div>`
          : nothing
      }
      ${
        this.moderating
          ? html`<pl-reason-form
            action="Remove the comment"
            shownIn="Everybody can read it in the comment’s place; the comment’s own words go."
            .maxLength=${REASON_LENGTH}
            .busy=${this.busy}
            @pl-reason-given=${(event: ReasonGiven) => this.dispatchEvent(new CommentModerated(comment, event))}
            @pl-dismissed=${this.#leave}
          ></pl-reason-form>`
          : nothing
      }
    </article>`;
  }

  #removed(comment: CommentView, removed: NonNullable<CommentView['removed']>): TemplateResult {
    const by = removed.by === 'writer' ? 'its writer' : (removed.reviewer?.name ?? 'a reviewer');
    const why = removed.code === null ? '' : `${REJECTION[removed.code]}: `;
    return html`<article class="gone">
      <p class="small quiet">Removed by ${by}${comment.mine ? ' (you)' : ''} · <span class="figures">${this.#time(removed.at)}</span></p>
      ${removed.reason === null ? nothing : html`<p class="small">${why}${removed.reason}</p>`}
    </article>`;
  }

  /** In the reader's own zone, which it names. */
  #time(at: number): string {
    return moment(at, Intl.DateTimeFormat().resolvedOptions().timeZone);
  }

  readonly #moderate = async (): Promise<void> => {
    this.moderating = true;
    await this.updateComplete;
    this.renderRoot.querySelector<ReasonForm>('pl-reason-form')?.focus();
  };

  readonly #leave = async (event: Event): Promise<void> => {
    event.stopPropagation();
    this.moderating = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('wa-button:last-of-type')?.focus();
  };

  static override styles = [
    shared,
    css`
      article {
        padding-block: var(--pl-comment-room, 0.9rem);
        border-block-start: var(--pl-comment-rule, 1px solid var(--pl-rule));
      }

      .who {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.6rem;
      }

      .text {
        white-space: pre-line;
        max-width: 42rem;
      }

      .gone {
        padding-inline-start: 0.8rem;
        border-inline-start: 3px solid var(--pl-rule);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-comment-card': CommentCard;
  }
  interface HTMLElementEventMap {
    'pl-comment-withdrawn': CommentWithdrawn;
    'pl-comment-moderated': CommentModerated;
  }
}
