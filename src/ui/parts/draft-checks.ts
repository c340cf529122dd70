/** The live checks beside the composer: every rule of the policy with its figure, what is missing, and whether it could be posted. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PolicyRule } from '../../contracts/public-record.ts';
import type { PolicyName } from '../../contracts/request.ts';
import type { DraftCheck } from '../../contracts/roles-api.ts';
import { count } from '../format.ts';
import { shared } from '../styles/shared.ts';
import { POLICY, RULE } from '../words.ts';
import { areaWords } from './area-editor.ts';

/** The rules that will be judged, for as long as none can be. */
const RULES_OF: Readonly<Record<PolicyName, readonly PolicyRule[]>> = {
  npss: ['case-number', 'crime-or-incident', 'investigator-contact', 'window-length', 'area-near-incident'],
  'rfa-2021': [
    'case-number',
    'crime-or-incident',
    'investigator-contact',
    'window-length',
    'area-size',
    'area-near-incident',
    'posts-per-case',
  ],
};

/** Nobody wants to be read to while typing. */
const QUIET_MS = 900;

@customElement('pl-draft-checks')
export class DraftChecks extends LitElement {
  @property({ attribute: false }) check: DraftCheck | null = null;
  /** What was typed and cannot be read. */
  @property({ attribute: false }) unreadable: readonly string[] = [];
  @property() policy: PolicyName = 'npss';
  @state() private said = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('check') && !changed.has('unreadable')) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.said = this.check ? `${this.#summary(this.check)} ${areaWords(this.check)}.` : '';
    }, QUIET_MS);
  }

  #problems({ problems }: DraftCheck): readonly string[] {
    return [...this.unreadable, ...problems];
  }

  #summary(check: DraftCheck): string {
    const broken = check.rules.filter(({ holds }) => !holds).length;
    const open = this.#problems(check).length;
    if (check.ready && open === 0) return 'Every rule holds: it can be posted.';
    const parts = [
      ...(broken > 0 ? [`${count(broken, 'rule is', 'rules are')} broken`] : []),
      ...(open > 0 ? [`${count(open, 'thing is', 'things are')} still to do`] : []),
    ];
    return `${parts.join(', ')}.`;
  }

  override render(): TemplateResult | typeof nothing {
    const { check } = this;
    if (!check) return nothing;
    const problems = this.#problems(check);
    const ready = check.ready && problems.length === 0;
    return html`
      <h2 id="rules">Checks</h2>
      <p class="small quiet">The same rules that the reviewer, the hub and every resident’s page apply: ${POLICY[this.policy]}.</p>
      <p class="chip ${ready ? 'good' : 'amber'}"><wa-icon name=${ready ? 'check' : 'info'}></wa-icon>${this.#summary(check)}</p>
      <ul aria-label="Rules">
        ${RULES_OF[this.policy].map((rule) => {
          const outcome = check.rules.find((one) => one.rule === rule);
          if (outcome === undefined) return this.#line('later', RULE[rule], 'Judged as soon as it is there.');
          return this.#line(outcome.holds ? 'holds' : 'breaks', RULE[rule], outcome.detail);
        })}
      </ul>
      ${
        problems.length === 0
          ? nothing
          : html`<h3>Still to do</h3>
            <ul class="todo" aria-label="Still to do">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`
      }
      <p class="hidden-visually" role="status">${this.said}</p>
    `;
  }

  #line(state: 'holds' | 'breaks' | 'later', name: string, detail: string): TemplateResult {
    const icon = { holds: 'check', breaks: 'circle-xmark', later: 'minus' }[state];
    const label = { holds: 'holds', breaks: 'broken', later: 'not judged yet' }[state];
    return html`<li class="rule ${state}">
      <wa-icon name=${icon} label=${label}></wa-icon>
      <div><strong>${name}</strong><p class="small figures">${detail}</p></div>
    </li>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 0.6rem;
        justify-items: start;
        grid-template-columns: minmax(0, 1fr);
      }

      .chip {
        white-space: normal;
      }

      ul {
        width: 100%;
      }

      .rule {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.7rem;
        padding-block: 0.4rem;
        border-block-start: 1px solid var(--pl-rule);
        overflow-wrap: anywhere;
      }

      .rule wa-icon {
        font-size: 1.15rem;
        margin-block-start: 0.15em;
      }

      .holds wa-icon {
        color: var(--pl-good);
      }

      .breaks wa-icon,
      .breaks p {
        color: var(--pl-bad);
      }

      .later {
        color: var(--pl-quiet);
      }

      .todo {
        list-style: disc;
        padding-inline-start: 1.2rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-draft-checks': DraftChecks;
  }
}
