/** Writes a request: the case, the place with its area, the time, the policy; checked live by the very rules that judge it later. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FootageRequest, HubService, PolicyName } from '../../contracts/request.ts';
import type { DeedFailure, DraftCheck, RequestDraft, Roles } from '../../contracts/roles-api.ts';
import type { Position } from '../../contracts/units.ts';
import type { AboutAgency, ActingKeys } from '../controllers/agency-controller.ts';
import { FormKeeper } from '../controllers/form-keeper.ts';
import { earlierRequests } from '../own-posts.ts';
import { emptyForm, readForm } from '../request-form.ts';
import { DEED_FAILURE } from '../role-words.ts';
import { deskPath } from '../router.ts';
import { deskStyles } from '../styles/desk.ts';
import { shared } from '../styles/shared.ts';
import { POLICY } from '../words.ts';
import './area-editor.ts';
import './case-fields.ts';
import './draft-checks.ts';
import { fieldValue } from './field-value.ts';
import type { FormChanged } from './form-changed.ts';
import './post-dialog.ts';
import './window-fields.ts';

const POLICIES: readonly PolicyName[] = ['npss', 'rfa-2021'];

@customElement('pl-request-composer')
export class RequestComposer extends LitElement {
  @property({ attribute: false }) roles: Roles | null = null;
  @property({ attribute: false }) keys: ActingKeys | null = null;
  @property({ attribute: false }) about: AboutAgency | null = null;
  /** What the hub takes; absent: everything. */
  @property({ attribute: false }) accepts: readonly HubService[] | undefined;
  /** Reads the agency's history anew. */
  @property({ attribute: false }) reload: (() => Promise<void>) | null = null;
  @state() private previewing = false;
  @state() private posting = false;
  @state() private postedTitle: string | null = null;
  @state() private problem: { readonly reason: DeedFailure; readonly detail: string } | null = null;

  readonly #kept = new FormKeeper(this, () =>
    emptyForm(this.#last()?.window.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, Date.now()),
  );

  override willUpdate(): void {
    this.#kept.follow(this.roles, this.keys?.holder.id ?? '');
  }

  #earlier(): readonly FootageRequest[] {
    const profile = this.about?.profile ?? null;
    return profile === null ? (this.about?.posted ?? []) : earlierRequests(profile, this.about?.posted ?? []);
  }

  /** The agency's newest request whose text is known: where and by which clock the next one probably is. */
  #last(): FootageRequest | null {
    return this.#earlier()[0] ?? null;
  }

  #start(): Position | null {
    return this.#last()?.incident ?? null;
  }

  override render(): TemplateResult | typeof nothing {
    const { form, problem: keepingProblem } = this.#kept;
    const { roles, keys } = this;
    if (!roles || !keys || !form) return nothing;
    if (this.postedTitle !== null) return this.#done(this.postedTitle);
    const { draft, problems } = readForm(form);
    const check = roles.checkDraft(draft, keys.holder.id, this.#earlier(), Date.now());
    const cannot = this.#cannot(keys);
    const ready = check.ready && problems.length === 0 && cannot === null;
    return html`
      ${cannot === null ? nothing : html`<div class="notice amber" role="note"><wa-icon name="info"></wa-icon><p>${cannot}</p></div>`}
      <div class="layout" @pl-form-changed=${this.#onChange}>
        <div class="form">
          <section class="sheet stack" aria-labelledby="case"><h2 id="case">The case</h2><pl-case-fields .form=${form}></pl-case-fields></section>
          <section class="sheet stack" aria-labelledby="policy">
            <h2 id="policy">Policy</h2>
            <wa-radio-group label="Which rules it keeps" .value=${form.policy} @change=${this.#onPolicy}>
              ${POLICIES.map((policy) => html`<wa-radio value=${policy}>${POLICY[policy]}</wa-radio>`)}
            </wa-radio-group>
          </section>
          <section class="sheet stack" aria-labelledby="where">
            <h2 id="where">Where</h2>
            <pl-area-editor .form=${form} .check=${check} .start=${this.#start()}></pl-area-editor>
          </section>
          <section class="sheet stack" aria-labelledby="when"><h2 id="when">When</h2><pl-window-fields .form=${form}></pl-window-fields></section>
        </div>
        <section class="checks" aria-label="Checks">
          <div class="sheet"><pl-draft-checks .check=${check} .unreadable=${problems} .policy=${form.policy}></pl-draft-checks></div>
          ${this.#failure()}
          <div class="row">
            <wa-button variant="brand" ?disabled=${!ready || this.posting} ?loading=${this.posting} @click=${() => (this.previewing = true)}>Look at it, then post…</wa-button>
            <wa-button appearance="plain" variant="neutral" ?disabled=${this.posting} @click=${() => void this.#kept.clear()}>Start over</wa-button>
          </div>
          <p class="small quiet" role="status">
            ${keepingProblem || (this.#kept.kept ? 'Kept on this device until you post it.' : 'What you type is kept on this device.')}
          </p>
        </section>
      </div>
      <pl-post-dialog
        .draft=${this.previewing ? draft : null}
        .check=${check}
        .agencyName=${keys.holder.name}
        @pl-confirmed=${() => void this.#post(draft, check)}
        @pl-dismissed=${() => (this.previewing = false)}
      ></pl-post-dialog>
    `;
  }

  /** Why nothing can be posted here whatever is typed; null when it can. */
  #cannot(keys: ActingKeys): string | null {
    if (keys.problem !== null) return `These keys may not sign, so nothing can be posted. ${keys.problem}`;
    if (this.accepts && !this.accepts.includes('requests')) {
      return 'This page comes from a host of plain files that takes no posts. You can write here; post it where your hub is.';
    }
    const broken = this.about?.profile?.problems[0];
    return broken === undefined
      ? null
      : `Your public history does not hold, and nothing is signed onto a broken chain. ${broken.detail}`;
  }

  #failure(): TemplateResult | typeof nothing {
    const { problem } = this;
    if (!problem) return nothing;
    return html`<div class="notice bad" role="alert">
      <wa-icon name="alert"></wa-icon>
      <div><p>${DEED_FAILURE[problem.reason]}</p><p class="small">${problem.detail}</p></div>
    </div>`;
  }

  #done(title: string): TemplateResult {
    return html`<section class="sheet stack done" aria-labelledby="done">
      <h2 id="done" tabindex="-1">Posted: it waits for a review</h2>
      <p>
        “${title}” is signed and in your public history. A reviewer looks at it now; residents see it once it is approved. It cannot be edited or deleted any more, only
        resolved or withdrawn.
      </p>
      <div class="row">
        <wa-button variant="brand" href=${deskPath('posts')}>To your posts</wa-button>
        <wa-button appearance="outlined" variant="neutral" @click=${() => (this.postedTitle = null)}>Write another</wa-button>
      </div>
    </section>`;
  }

  readonly #onChange = (event: FormChanged): void => {
    event.stopPropagation();
    this.problem = null;
    this.#kept.change(event.change);
  };

  readonly #onPolicy = (event: Event): void => {
    const policy = POLICIES.find((known) => known === fieldValue(event));
    if (policy) this.#kept.change({ policy });
  };

  async #post(draft: RequestDraft, check: DraftCheck): Promise<void> {
    const { roles, keys } = this;
    this.previewing = false;
    if (!roles || !keys || !check.ready || this.posting) return;
    this.posting = true;
    this.problem = null;
    const posted = await roles.postRequest(keys.id, draft);
    this.posting = false;
    if (!posted.ok) {
      this.problem = posted;
      return;
    }
    await this.#kept.clear();
    this.postedTitle = draft.title.trim();
    void this.reload?.();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2[tabindex]')?.focus();
  }

  static override styles = [
    shared,
    deskStyles,
    css`
      .layout {
        display: grid;
        gap: 1.25rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .form {
        display: grid;
        gap: 1.25rem;
        grid-template-columns: minmax(0, 1fr);
      }

      .checks {
        display: grid;
        gap: 1rem;
        align-content: start;
      }

      .notice {
        margin-block-end: 1rem;
      }

      .done {
        max-width: 40rem;
      }

      @media (min-width: 75rem) {
        .layout {
          grid-template-columns: minmax(0, 44rem) minmax(18rem, 24rem);
          column-gap: 2rem;
        }

        .checks {
          position: sticky;
          inset-block-start: 1.25rem;
          align-self: start;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-request-composer': RequestComposer;
  }
}
