/** Whether an agency's history holds: checked in this page, compared with what the page saw before, and where it breaks if it does. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HistoryProblem } from '../../contracts/agency-history.ts';
import type { AgencyProfile } from '../../contracts/roles-api.ts';
import { count, moment } from '../format.ts';
import { HISTORY_PROBLEM } from '../role-words.ts';
import { shared } from '../styles/shared.ts';

@customElement('pl-history-verdict')
export class HistoryVerdict extends LitElement {
  @property({ attribute: false }) profile: AgencyProfile | null = null;

  override render(): TemplateResult | typeof nothing {
    const { profile } = this;
    if (!profile) return nothing;
    return profile.problems.length === 0 ? this.#holds(profile) : this.#broken(profile);
  }

  #holds({ history, seenBefore, added }: AgencyProfile): TemplateResult {
    const before = seenBefore === null ? null : this.#when(seenBefore.seenAt);
    return html`<div class="notice good" role="status">
      <wa-icon name="chain"></wa-icon>
      <div class="stack-s">
        <p><strong>${history.entries.length === 0 ? 'The history is empty.' : `The chain holds from entry 1 to ${history.entries.length}.`}</strong></p>
        <p class="small">
          Checked in this browser: each entry is signed by the agency, names the one before it by its hash, and was reviewed where it is public.
          ${
            before === null
              ? 'This device sees this history for the first time and remembers it: if one of its entries ever changes or goes, this page will say so.'
              : html`It continues what this device saw on <span class="figures">${before}</span>${added === null || added === 0 ? ', with nothing new' : `, with ${count(added, 'new entry', 'new entries')}`}.`
          }
        </p>
      </div>
    </div>`;
  }

  #broken({ problems, seenBefore }: AgencyProfile): TemplateResult {
    return html`<div class="notice bad" role="alert">
      <wa-icon name="alert"></wa-icon>
      <div class="stack-s">
        <p><strong>This history does not hold</strong></p>
        <ul class="stack-s">
          ${problems.map((problem) => this.#problem(problem))}
        </ul>
        <p class="small">
          ${seenBefore === null ? nothing : html`This device goes on remembering what it saw on <span class="figures">${this.#when(seenBefore.seenAt)}</span>.`}
          Either the hub or the agency shows something else than what was signed: ask both, and compare with somebody else’s copy.
        </p>
      </div>
    </div>`;
  }

  #problem({ kind, position, detail }: HistoryProblem): TemplateResult {
    const seen = this.profile?.seenBefore ?? null;
    return html`<li>
      <strong class="figures">Entry ${position}: ${HISTORY_PROBLEM[kind].toLowerCase()}.</strong>
      ${
        kind === 'not-a-continuation' && seen !== null
          ? html`${detail} The history is not a continuation of what this device saw on <span class="figures">${this.#when(seen.seenAt)}</span>.`
          : detail
      }
    </li>`;
  }

  #when(at: number): string {
    return moment(at, Intl.DateTimeFormat().resolvedOptions().timeZone);
  }

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        max-width: 48rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-history-verdict': HistoryVerdict;
  }
}
