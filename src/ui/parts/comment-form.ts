/** Writing a public comment: a chosen name, plain text, how much room is left. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { COMMENT_NAME_LENGTH, COMMENT_TEXT_LENGTH } from '../../contracts/comments.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';

/** What somebody wants everybody to read. */
export class CommentWritten extends Event {
  readonly name: string;
  readonly text: string;
  constructor(name: string, text: string) {
    super('pl-comment-written', { bubbles: true, composed: true });
    this.name = name;
    this.text = text;
  }
}

@customElement('pl-comment-form')
export class CommentForm extends LitElement {
  @property({ type: Boolean }) busy = false;
  /** What went wrong with the last one. */
  @property() problem = '';
  @state() private name = '';
  @state() private text = '';
  @state() private missing = '';

  /** Once a comment was taken: the name stays, for the next one. */
  clear(): void {
    this.text = '';
  }

  override render(): TemplateResult {
    return html`<form class="stack" novalidate @submit=${this.#onSubmit}>
      <wa-input
        label="Name to show"
        hint="Any name you like. It need not be yours."
        autocomplete="off"
        maxlength=${COMMENT_NAME_LENGTH}
        .value=${this.name}
        @input=${(event: Event) => (this.name = fieldValue(event))}
      ></wa-input>
      <div class="field">
        <label for="text">Comment</label>
        <textarea
          id="text"
          rows="4"
          maxlength=${COMMENT_TEXT_LENGTH}
          aria-describedby="room"
          .value=${live(this.text)}
          @input=${(event: Event) => (this.text = fieldValue(event))}
        ></textarea>
        <p class="hint figures" id="room">${this.text.length} of ${COMMENT_TEXT_LENGTH} characters, plain text</p>
      </div>
      <p class="problem" role="alert">${this.missing === '' ? this.problem : this.missing}</p>
      <div class="row">
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>Publish the comment</wa-button>
        <span class="small quiet">Everybody will be able to read it.</span>
      </div>
    </form>`;
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault();
    if (this.busy) return;
    const [name, text] = [this.name.trim(), this.text.trim()];
    if (name === '') this.missing = 'Choose a name to show beside the comment.';
    else if (text === '') this.missing = 'The comment is empty.';
    else {
      this.missing = '';
      this.dispatchEvent(new CommentWritten(name, text));
    }
  };

  static override styles = [
    shared,
    form,
    css`
      /* As Web Awesome writes its labels. */
      .field > label {
        font-weight: 400;
        font-size: 1rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-comment-form': CommentForm;
  }
  interface HTMLElementEventMap {
    'pl-comment-written': CommentWritten;
  }
}
