/** An agency's keys as the directory lists them: which are good, and from when until when the others were. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Agency, KeyTerm } from '../../contracts/request.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { instant, moment } from '../format.ts';
import { shared } from '../styles/shared.ts';

/** `name+hash+base64`: what stands before the key itself, which may have plus signs of its own. */
const nameOf = (key: string): string => key.split('+').slice(0, 2).join('+');

const standing = ({ from, until, ended }: KeyTerm, now: EpochMs): { readonly word: string; readonly tone: string } => {
  if (ended === 'revoked') return { word: 'Revoked', tone: 'bad' };
  if (ended === 'rotated') return { word: 'Rotated', tone: '' };
  if (until !== undefined && instant(until) <= now) return { word: 'Ended', tone: '' };
  if (from !== undefined && instant(from) > now) return { word: 'Not yet good', tone: 'amber' };
  return { word: 'Good', tone: 'good' };
};

@customElement('pl-agency-keys')
export class AgencyKeys extends LitElement {
  @property({ attribute: false }) agency: Agency | null = null;

  override render(): TemplateResult | typeof nothing {
    const { agency } = this;
    if (!agency) return nothing;
    const terms = agency.keys.map((key): KeyTerm => (typeof key === 'string' ? { key } : key));
    return html`<section class="stack-s" aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <p class="small quiet">With which the agency signs. The directory lists them and says when each is good; the page believes no other.</p>
      <ul>
        ${terms.map((term) => this.#key(term))}
      </ul>
    </section>`;
  }

  #key(term: KeyTerm): TemplateResult {
    const { word, tone } = standing(term, Date.now());
    return html`<li class="stack-s">
      <p class="row between"><code>${nameOf(term.key)}</code> <span class="chip ${tone}">${word}</span></p>
      <p class="small quiet figures">${this.#term(term)}</p>
    </li>`;
  }

  #term({ from, until, ended, lastSeq }: KeyTerm): string {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (from === undefined && until === undefined && lastSeq === undefined) return 'Good at any time.';
    const since = from === undefined ? '' : ` from ${moment(instant(from), zone)}`;
    const to = until === undefined ? '' : ` until ${moment(instant(until), zone)}`;
    const why =
      ended === 'revoked' ? ', when it was revoked' : ended === 'rotated' ? ', when another took its place' : '';
    const last = lastSeq === undefined ? '' : ` Nothing after entry ${lastSeq} of the history counts with it.`;
    return `Good${since}${to}${why}.${last}`;
  }

  static override styles = [
    shared,
    css`
      li {
        padding-block: 0.6rem;
        border-block-start: 1px solid var(--pl-rule);
      }

      li .row {
        align-items: baseline;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-agency-keys': AgencyKeys;
  }
}
