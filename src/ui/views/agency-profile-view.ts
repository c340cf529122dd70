/** An agency's public profile: who it is, its keys, and its whole history, newest first, verified in this browser. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PostOutcome, VerifiedEntry } from '../../contracts/agency-history.ts';
import type { Journey } from '../../contracts/journey-api.ts';
import type { Agency } from '../../contracts/request.ts';
import type { AgencyProfile } from '../../contracts/roles-api.ts';
import { ProfileController } from '../controllers/profile-controller.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { count } from '../format.ts';
import '../parts/agency-keys.ts';
import '../parts/history-entry.ts';
import '../parts/history-verdict.ts';
import { POST_OUTCOME, sayFailure } from '../role-words.ts';
import { shared } from '../styles/shared.ts';
import { AGENCY_KIND } from '../words.ts';

/** Entries shown at first; an agency may have thousands. */
const PAGE = 50;

/** One place of the history: an entry, or the gap where one is missing. Two entries may claim one place. */
interface Place {
  readonly key: string;
  readonly position: number;
  readonly entry: VerifiedEntry | null;
}

/** Every place, newest first. */
const placesOf = ({ history, problems }: AgencyProfile): readonly Place[] => {
  const missing = problems.filter(({ kind }) => kind === 'dropped').map(({ position }) => position);
  const gaps = missing.map((position): Place => ({ key: `gap ${position}`, position, entry: null }));
  const entries = history.entries.map((entry, index): Place => ({
    key: `entry ${index}`,
    position: entry.position,
    entry,
  }));
  return [...entries, ...gaps].toSorted((a, b) => b.position - a.position);
};

@customElement('pl-agency-profile-view')
export class AgencyProfileView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() agencyId = '';
  @state() private shown = PAGE;

  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #profile = new ProfileController(this, () => this);

  override render(): TemplateResult | typeof nothing {
    const record = this.#record.value;
    if (!record) return nothing;
    const { profile } = this.#profile;
    const agency =
      profile?.history.agency ??
      record.requests.find(({ request, agency: known }) => known !== null && request.agency === this.agencyId)?.agency;
    return html`
      <p class="back"><a href="/"><wa-icon name="chevron-left"></wa-icon> Timeline</a></p>
      <header class="stack-s">
        <h1 tabindex="-1">${agency?.name ?? this.agencyId}</h1>
        ${agency ? this.#who(agency) : nothing}
      </header>
      ${record.state === 'off' ? this.#off() : profile ? this.#whole(profile) : this.#without()}
    `;
  }

  #who(agency: Agency): TemplateResult {
    return html`<p class="row">
        <span class="quiet">${AGENCY_KIND[agency.kind]}, ${agency.place}</span>
        ${agency.status === 'suspended' ? html`<span class="chip bad">Suspended by the directory</span>` : nothing}
      </p>
      <p class="small quiet">${agency.contact}</p>`;
  }

  #off(): TemplateResult {
    return html`<div class="empty stack">
      <wa-icon name="lamp"></wa-icon>
      <h2>Requests are off</h2>
      <p>So this page asks the hub for nothing, an agency’s history included.</p>
      <p><wa-button href="/settings" variant="brand">Go to the Settings</wa-button></p>
    </div>`;
  }

  #without(): TemplateResult {
    const { failed } = this.#profile;
    const record = this.#record.value;
    if (failed) {
      return html`<div class="notice bad" role="alert">
        <wa-icon name="alert"></wa-icon>
        <div class="stack-s">
          <p><strong>The history cannot be shown</strong></p>
          <p>${sayFailure(failed)}</p>
          <wa-button size="s" appearance="outlined" variant="neutral" @click=${() => void this.#profile.again()}>Try again</wa-button>
        </div>
      </div>`;
    }
    if (record?.state === 'unavailable' && record.message !== null) {
      return html`<div class="notice" role="status"><wa-icon name="info"></wa-icon><p>${record.message}</p></div>`;
    }
    return html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Fetching and checking the whole history…</p>`;
  }

  #whole(profile: AgencyProfile): TemplateResult {
    const places = placesOf(profile);
    const rest = places.length - this.shown;
    return html`
      <pl-history-verdict .profile=${profile}></pl-history-verdict>
      <div class="layout">
        <section class="stack" aria-labelledby="history">
          <div class="row between">
            <h2 id="history">History <span class="quiet figures">${profile.history.entries.length}</span></h2>
            <p class="small quiet figures">${this.#sums(profile)}</p>
          </div>
          ${places.length === 0 ? html`<p class="empty quiet">This agency has not posted anything.</p>` : nothing}
          <ol class="stack-s" reversed>
            ${repeat(
              places.slice(0, this.shown),
              ({ key }) => key,
              (place) => html`<li>${this.#place(profile, place)}</li>`,
            )}
          </ol>
          ${
            rest > 0
              ? html`<p><wa-button appearance="outlined" variant="neutral" @click=${() => (this.shown += PAGE)}>Show older entries (${rest} more)</wa-button></p>`
              : nothing
          }
        </section>
        <aside class="stack" aria-label="About the agency">
          <pl-agency-keys class="sheet" .agency=${profile.history.agency}></pl-agency-keys>
        </aside>
      </div>
    `;
  }

  #place(profile: AgencyProfile, { entry, position }: Place): TemplateResult {
    const view =
      entry === null || entry.kind !== 'post'
        ? undefined
        : this.#record.value?.requests.find(({ id }) => id === entry.requestId);
    return html`<pl-history-entry
      .entry=${entry}
      .position=${position}
      .problem=${profile.problems.find((problem) => problem.position === position) ?? null}
      .closes=${entry?.kind === 'closing' ? this.#titleOf(profile, entry.requestId) : ''}
      .linked=${view !== undefined}
      .refusal=${view?.problem?.detail ?? ''}
    ></pl-history-entry>`;
  }

  #titleOf({ history }: AgencyProfile, requestId: string): string {
    for (const entry of history.entries) {
      if (entry.kind === 'post' && entry.requestId === requestId) return entry.request?.title ?? '';
    }
    return '';
  }

  /** `7 posts: 3 open, 1 rejected by review` */
  #sums({ history }: AgencyProfile): string {
    const outcomes = new Map<PostOutcome, number>();
    for (const entry of history.entries) {
      if (entry.kind === 'post') outcomes.set(entry.outcome, (outcomes.get(entry.outcome) ?? 0) + 1);
    }
    const posts = [...outcomes.values()].reduce((sum, n) => sum + n, 0);
    const parts = [...outcomes].map(([outcome, n]) => `${n} ${POST_OUTCOME[outcome].toLowerCase()}`);
    return posts === 0 ? '' : `${count(posts, 'post')}: ${parts.join(', ')}`;
  }

  static override styles = [
    shared,
    css`
      .back {
        margin-block-end: 0.75rem;
      }

      .back a {
        display: inline-flex;
        align-items: center;
        gap: 0.3rem;
        min-height: 1.75rem;
      }

      header {
        margin-block-end: 1.5rem;
      }

      .layout {
        display: grid;
        gap: 2rem;
        margin-block-start: 2rem;
      }

      .layout > * {
        min-width: 0;
      }

      @media (min-width: 60rem) {
        .layout {
          grid-template-columns: minmax(0, 48rem) minmax(15rem, 21rem);
          column-gap: 2.5rem;
          align-items: start;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-agency-profile-view': AgencyProfileView;
  }
}
