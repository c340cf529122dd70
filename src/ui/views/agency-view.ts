/** The agency's console: whose keys are in use, and its desks: inbox, posts, new request, a file handed over, keys. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { InboxItem } from '../../contracts/inbox.ts';
import type { Journey } from '../../contracts/journey-api.ts';
import type { Roles } from '../../contracts/roles-api.ts';
import { AgencyController, keysInUse, type ActingKeys } from '../controllers/agency-controller.ts';
import { FILE, InboxController } from '../controllers/inbox-controller.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { RolesController } from '../controllers/roles-controller.ts';
import '../parts/agency-inbox.ts';
import '../parts/agency-posts.ts';
import type { KeysChosen } from '../parts/keys-chosen.ts';
import '../parts/package-screen.ts';
import '../parts/request-composer.ts';
import '../parts/role-keys.ts';
import { deskPath, type AgencyDesk } from '../router.ts';
import { deskStyles } from '../styles/desk.ts';
import { shared } from '../styles/shared.ts';

const DESKS: readonly { readonly desk: Exclude<AgencyDesk, 'home'>; readonly name: string }[] = [
  { desk: 'inbox', name: 'Inbox' },
  { desk: 'posts', name: 'Posts' },
  { desk: 'compose', name: 'New request' },
  { desk: 'file', name: 'Open a file' },
  { desk: 'keys', name: 'Keys' },
];

@customElement('pl-agency-view')
export class AgencyView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() desk: AgencyDesk = 'home';
  /** The package of the inbox that the address names. */
  @property() item: string | null = null;
  /** Its custody report is asked for. */
  @property({ type: Boolean }) report = false;
  @state() private chosen = '';

  readonly #roles = new RolesController(this, () => this.journey);
  readonly #agency = new AgencyController(this);
  readonly #inbox = new InboxController(this);
  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);

  override willUpdate(changed: PropertyValues<this>): void {
    const keys = this.#keys();
    const { roles } = this.#roles;
    this.#agency.follow(roles, keys);
    this.#inbox.follow(keys);
    const wanted = this.#desk(keys) === 'inbox' && (this.#record.value?.accepts?.includes('inbox') ?? true);
    // Whoever comes to the list wants to see what is new.
    const entered = this.item === null && (changed.has('desk') || changed.has('item'));
    const unread = this.#inbox.items === null && this.#inbox.problem === null;
    if (roles && keys && wanted && (unread || entered)) void this.#inbox.load(roles, keys);
  }

  #keys(): ActingKeys | null {
    return keysInUse(this.#roles.keysOf('agency'), this.chosen);
  }

  override render(): TemplateResult {
    const { roles, problem } = this.#roles;
    const keys = this.#keys();
    const desk = this.#desk(keys);
    return html`
      <header class="head">
        <h1 tabindex="-1">Agency</h1>
        ${
          keys === null
            ? html`<p class="lede">
              For police, sheriffs, fire departments and other public-safety agencies of the directory: ask a neighbourhood for recordings, and open what people
              choose to send.
            </p>`
            : html`<p>
              You act for <strong>${keys.holder.name}</strong>
              ${keys.problem === null ? nothing : html`<span class="chip bad">May not sign</span> <span class="small">${keys.problem}</span>`}
            </p>`
        }
      </header>
      ${
        keys === null
          ? nothing
          : html`<nav class="desks" aria-label="Agency">
            ${DESKS.map(
              (place) =>
                html`<a href=${deskPath(place.desk)} aria-current=${place.desk === desk ? 'page' : nothing}>${place.name}</a>`,
            )}
          </nav>`
      }
      ${
        problem === null
          ? roles === null
            ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Opening…</p>`
            : this.#screen(roles, keys, desk)
          : html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${problem}</p></div>`
      }
    `;
  }

  /** Without keys there is nothing to do but get some. */
  #desk(keys: ActingKeys | null): Exclude<AgencyDesk, 'home'> {
    if (keys === null) return 'keys';
    return this.desk === 'home' ? 'inbox' : this.desk;
  }

  #screen(roles: Roles, keys: ActingKeys | null, desk: Exclude<AgencyDesk, 'home'>): TemplateResult {
    const { profile, posted, problem, loading } = this.#agency;
    const accepts = this.#record.value?.accepts;
    const reload = () => this.#agency.reload(roles);
    if (keys === null || desk === 'keys') {
      return html`<pl-role-keys
        .journey=${this.journey}
        .roles=${roles}
        .keys=${this.#roles.keysOf('agency')}
        .who=${'agency' as const}
        .chosen=${keys?.id ?? ''}
        @pl-keys-chosen=${(event: KeysChosen) => (this.chosen = event.keysId)}
      ></pl-role-keys>`;
    }
    const about = { profile, posted, problem, loading };
    if (desk === 'compose') {
      return html`<pl-request-composer
        .roles=${roles}
        .keys=${keys}
        .about=${about}
        .accepts=${accepts}
        .reload=${reload}
      ></pl-request-composer>`;
    }
    if (desk === 'posts') {
      return html`<pl-agency-posts .roles=${roles} .keys=${keys} .about=${about} .accepts=${accepts} .reload=${reload}></pl-agency-posts>`;
    }
    if (desk === 'inbox' && this.item === null) {
      return html`<pl-agency-inbox
        .keys=${keys}
        .about=${about}
        .accepts=${accepts}
        .items=${this.#inbox.items}
        .problem=${this.#inbox.problem}
        .loading=${this.#inbox.loading}
        .isOpened=${(id: string) => this.#inbox.of(id).opened !== null}
        .reload=${() => void this.#inbox.load(roles, keys)}
      ></pl-agency-inbox>`;
    }
    return this.#package(roles, keys, desk === 'inbox' ? this.item : null);
  }

  #package(roles: Roles, keys: ActingKeys, id: string | null): TemplateResult {
    const { items, loading, problem } = this.#inbox;
    const item = items?.find((one) => one.package === id) ?? null;
    if (id !== null && item === null) {
      return html`<h2>Package</h2>
        ${
          loading
            ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Asking the hub…</p>`
            : html`<p>${problem?.detail ?? 'There is no such package in this inbox.'} <a href=${deskPath('inbox')}>To the inbox</a></p>`
        }`;
    }
    const { profile, posted } = this.#agency;
    return html`<pl-package-screen
      .roles=${roles}
      .keys=${keys}
      .about=${{ profile, posted, problem: null, loading: false }}
      .item=${item}
      .package=${this.#inbox.of(id ?? FILE)}
      .report=${this.report}
      .download=${() => item && void this.#inbox.fetch(roles, keys, item)}
      .cancel=${() => this.#inbox.cancel(id ?? FILE)}
      .openFile=${(file: File) => void this.#inbox.openFile(roles, keys, file)}
      .decided=${(decided: InboxItem) => this.#inbox.replace(decided)}
    ></pl-package-screen>`;
  }

  static override styles = [
    shared,
    deskStyles,
    css`
      .lede {
        max-width: 44rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-agency-view': AgencyView;
  }
}
