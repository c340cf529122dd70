/** The public comments on one request: everybody's to read, one's own to write and take back, a reviewer's to remove with a reason. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CommentView } from '../../contracts/comments.ts';
import type { Journey } from '../../contracts/journey-api.ts';
import type { HeldKeys } from '../../contracts/roles-api.ts';
import { hubTakes } from '../../core/hub-takes.ts';
import { CommentDeeds } from '../controllers/comment-deeds.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { RolesController } from '../controllers/roles-controller.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import './comment-card.ts';
import type { CommentModerated, CommentWithdrawn } from './comment-card.ts';
import './comment-form.ts';
import type { CommentForm, CommentWritten } from './comment-form.ts';
import './confirm-dialog.ts';

@customElement('pl-comments-panel')
export class CommentsPanel extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() requestId = '';
  /** Closed requests take no comments any more. */
  @property({ type: Boolean }) open = false;
  @state() private withdrawing: CommentView | null = null;

  readonly #comments = new ReadableController(this, () => this.journey?.comments ?? null);
  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #roles = new RolesController(this, () => this.journey);
  readonly #deeds = new CommentDeeds(this);

  override render(): TemplateResult | typeof nothing {
    const state = this.#comments.value;
    if (!state) return nothing;
    const comments = state.byRequest.get(this.requestId) ?? [];
    const standing = comments.filter(({ removed }) => removed === null).length;
    const accepted = hubTakes(this.#record.value, 'comments');
    const reviewer = this.#reviewer();
    return html`
      <section class="stack" aria-labelledby="comments">
        <h2 id="comments">Comments <span class="quiet figures">${standing}</span></h2>
        <div class="notice">
          <wa-icon name="eye"></wa-icon>
          <p>Comments are <strong>public</strong>: everybody reads them, and whoever has read one may keep it. Sharing a recording is the other way round: that goes sealed to the agency alone.</p>
        </div>
        ${state.problem === null ? nothing : html`<p class="small quiet">${state.fetched ? 'Shown as last fetched' : 'The comments could not be fetched'}: ${state.problem}</p>`}
        ${comments.length === 0 ? html`<p class="quiet">${state.fetched ? 'Nobody has commented yet.' : state.problem === null ? 'Fetching the comments…' : nothing}</p>` : nothing}
        <div @pl-comment-withdrawn=${this.#askWithdraw} @pl-comment-moderated=${this.#moderate}>
          ${repeat(
            comments,
            ({ id }) => id,
            (comment) =>
              html`<pl-comment-card
                .comment=${comment}
                .writable=${accepted}
                .moderator=${reviewer !== null}
                .busy=${this.#deeds.busy}
              ></pl-comment-card>`,
          )}
        </div>
        <p role="status" class="done">${this.#deeds.message}</p>
        <p role="alert" class="problem">${this.#deeds.problem}</p>
        ${this.#write(accepted)}
      </section>
      <pl-confirm-dialog
        heading="Remove your comment?"
        action="Remove it"
        .open=${this.withdrawing !== null}
        @pl-confirmed=${this.#withdraw}
        @pl-dismissed=${() => (this.withdrawing = null)}
      >
        <p>The hub forgets its words, and a line stays that says you removed it. Whoever has read it before may still have it.</p>
      </pl-confirm-dialog>
    `;
  }

  #write(accepted: boolean): TemplateResult {
    if (!accepted) {
      return html`<p class="quiet">This page comes from a host of plain files: comments can be read here, not written.</p>`;
    }
    if (!this.open) return html`<p class="quiet">Only open requests take comments.</p>`;
    return html`<details class="sheet" ?open=${this.#deeds.writeProblem !== ''}>
      <summary>Write a comment</summary>
      <pl-comment-form .busy=${this.#deeds.busy} .problem=${this.#deeds.writeProblem} @pl-comment-written=${this.#publish}></pl-comment-form>
    </details>`;
  }

  #reviewer(): HeldKeys | null {
    return this.#roles.keysOf('reviewer').find(({ problem }) => problem === null) ?? null;
  }

  readonly #publish = async (event: CommentWritten): Promise<void> => {
    const form = event.target as CommentForm;
    const roles = await this.journey?.roles();
    if (roles && (await this.#deeds.write(roles, this.requestId, event.name, event.text))) form.clear();
  };

  readonly #askWithdraw = (event: CommentWithdrawn): void => {
    this.withdrawing = event.comment;
  };

  readonly #withdraw = async (): Promise<void> => {
    const comment = this.withdrawing;
    this.withdrawing = null;
    const { roles } = this.#roles;
    if (comment && roles) await this.#deeds.withdraw(roles, comment);
  };

  readonly #moderate = async ({ comment, given }: CommentModerated): Promise<void> => {
    const { roles } = this.#roles;
    const keys = this.#reviewer();
    if (roles && keys) await this.#deeds.moderate(roles, keys, comment, given.code, given.reason);
  };

  static override styles = [
    shared,
    form,
    css`
      .done:empty {
        display: none;
      }

      pl-comment-form {
        margin-block-start: 0.8rem;
      }

      summary {
        align-content: center;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-comments-panel': CommentsPanel;
  }
}
