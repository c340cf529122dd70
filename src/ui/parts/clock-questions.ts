/** Asks once for each camera and naming rule whether its doubtful times are right; one answer settles all recordings of that rule. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey, LibraryState } from '../../contracts/journey-api.ts';
import { clockQuestions, type ClockQuestion } from '../../core/clock-questions.ts';
import { RecordingAction } from '../events.ts';
import { count } from '../format.ts';
import { form } from '../styles/form.ts';
import { shared } from '../styles/shared.ts';
import { TIME_SOURCE } from '../words.ts';

/** Sends `pl-recording-action` `confirm-rule` with the recording to look at. */
@customElement('pl-clock-questions')
export class ClockQuestions extends LitElement {
  @property({ attribute: false }) library: LibraryState | null = null;
  @property({ attribute: false }) askEach: Journey['askEach'] | null = null;
  @state() private problem = '';

  override render(): TemplateResult | typeof nothing {
    const { library } = this;
    const questions = library ? clockQuestions(library.cameras, library.recordings) : [];
    if (questions.length === 0) return nothing;
    return html`<section class="notice amber" aria-labelledby="title">
      <wa-icon name="clock"></wa-icon>
      <div>
        <h2 id="title">Are these times right?</h2>
        <p class="small">
          Not every camera's file says for certain when it was recorded. Look at one recording, and the others of the same kind follow, also
          those that you import later.
        </p>
        <ul>
          ${questions.map((question) => this.#one(question))}
        </ul>
        <p class="problem small" role="alert">${this.problem}</p>
      </div>
    </section>`;
  }

  #one(question: ClockQuestion): TemplateResult {
    const { camera, source, recordings, example } = question;
    const check = (): boolean => this.dispatchEvent(new RecordingAction(example.id, 'confirm-rule'));
    return html`<li class="row between" data-rule=${source}>
      <p>
        <strong>${camera.name}</strong>, <span class="figures">${count(recordings, 'recording')}</span><br />
        <span class="small">Time from: ${TIME_SOURCE[source]}</span>
      </p>
      <div class="row">
        <wa-button size="s" variant="warning" @click=${check}>${recordings === 1 ? 'Check it' : 'Check one'}</wa-button>
        <wa-button size="s" appearance="plain" variant="neutral" @click=${() => this.#each(question)}>I check each myself</wa-button>
      </div>
    </li>`;
  }

  async #each({ camera, source }: ClockQuestion): Promise<void> {
    const answer = await this.askEach?.(camera.id, source);
    this.problem = answer && !answer.ok ? answer.detail : '';
  }

  static override styles = [
    shared,
    form,
    css`
      h2 {
        font-size: 1.06rem;
      }

      li {
        gap: 0.4rem 1.2rem;
        padding-block: 0.6rem;
        border-block-start: 1px solid var(--pl-amber-edge);
      }

      ul {
        margin-block-start: 0.6rem;
      }

      li:last-child {
        padding-block-end: 0;
      }

      @media (max-width: 40rem) {
        .notice {
          grid-template-columns: minmax(0, 1fr);
        }

        .notice > wa-icon {
          display: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-clock-questions': ClockQuestions;
  }
}
