/** The reviewer's checklist: one question for each ground of rejection, each to be answered before anything is approved. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { RejectionCode } from '../../contracts/request.ts';
import { REVIEW_QUESTIONS } from '../../contracts/review.ts';
import { shared } from '../styles/shared.ts';
import { fieldValue } from './field-value.ts';

/** After every answer: whether all are answered with no, and the first ground that was found. */
export class QuestionsAnswered extends Event {
  readonly clear: boolean;
  readonly found: RejectionCode | null;
  constructor(clear: boolean, found: RejectionCode | null) {
    super('pl-questions-answered', { bubbles: true, composed: true });
    this.clear = clear;
    this.found = found;
  }
}

type Answer = 'yes' | 'no';

@customElement('pl-review-questions')
export class ReviewQuestions extends LitElement {
  @state() private answers: ReadonlyMap<RejectionCode, Answer> = new Map();

  override render(): TemplateResult {
    return html`<ol>
      ${REVIEW_QUESTIONS.map(
        ({ code, question }) => html`<li>
          <wa-radio-group
            label=${question}
            orientation="horizontal"
            size="s"
            .value=${this.answers.get(code) ?? ''}
            @change=${(event: Event) => this.#answer(code, fieldValue(event))}
          >
            <wa-radio value="no">No</wa-radio>
            <wa-radio value="yes">Yes</wa-radio>
          </wa-radio-group>
        </li>`,
      )}
    </ol>`;
  }

  #answer(code: RejectionCode, value: string): void {
    this.answers = new Map(this.answers).set(code, value === 'yes' ? 'yes' : 'no');
    const found = REVIEW_QUESTIONS.find((question) => this.answers.get(question.code) === 'yes')?.code ?? null;
    const clear = REVIEW_QUESTIONS.every((question) => this.answers.get(question.code) === 'no');
    this.dispatchEvent(new QuestionsAnswered(clear, found));
  }

  static override styles = [
    shared,
    css`
      li {
        padding-block: 0.7rem;
        border-block-start: 1px solid var(--pl-rule);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-review-questions': ReviewQuestions;
  }
  interface HTMLElementEventMap {
    'pl-questions-answered': QuestionsAnswered;
  }
}
