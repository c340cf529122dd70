/** The page's frame: skip link, navigation, theme, and the screen that the address names. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey } from '../contracts/journey-api.ts';
import { ReadableController } from './controllers/readable-controller.ts';
import { navigate, routeOf, type Route } from './router.ts';
import { shellStyles } from './styles/shell.ts';
import { shared } from './styles/shared.ts';
import './views/timeline-view.ts';
import './web-awesome.ts';

/** Screens whose code is fetched when they are first shown, or when the page has nothing to do; the timeline comes with the page. */
const LAZY_SCREENS: Readonly<Partial<Record<Route['screen'], () => Promise<unknown>>>> = {
  request: () => Promise.all([import('./web-awesome-forms.ts'), import('./views/request-view.ts')]),
  'agency-profile': () => import('./views/agency-profile-view.ts'),
  review: () => Promise.all([import('./web-awesome-forms.ts'), import('./views/review-view.ts')]),
  agency: () => Promise.all([import('./web-awesome-forms.ts'), import('./views/agency-view.ts')]),
  library: () => Promise.all([import('./web-awesome-forms.ts'), import('./views/library-view.ts')]),
  share: () => Promise.all([import('./web-awesome-forms.ts'), import('./views/share-view.ts')]),
  activity: () => Promise.all([import('./web-awesome-forms.ts'), import('./views/activity-view.ts')]),
  settings: () => Promise.all([import('./web-awesome-forms.ts'), import('./views/settings-view.ts')]),
};

const PLACES = [
  { screen: 'timeline', path: '/', name: 'Timeline', icon: 'timeline' },
  { screen: 'library', path: '/library', name: 'Library', icon: 'library' },
  { screen: 'activity', path: '/activity', name: 'Activity', icon: 'activity' },
  { screen: 'settings', path: '/settings', name: 'Settings', icon: 'settings' },
] as const;

const TITLES: Readonly<Record<Route['screen'], string>> = {
  timeline: 'Timeline',
  request: 'Request',
  'agency-profile': 'Agency',
  review: 'Review',
  agency: 'For agencies',
  library: 'Library',
  share: 'Share',
  activity: 'Activity',
  settings: 'Settings',
  'not-found': 'Not found',
};

const UPDATE_WORDS = {
  waiting: 'A new version of this page is here. It is put to use when you say so.',
  elsewhere: 'This page was updated in another tab. Reload to go on with the new version.',
  stuck: 'The browser still keeps the old version. Try again, or close every tab of this page and open it anew.',
} as const;

@customElement('porchlight-app')
export class AppShell extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  /** Why the page cannot work at all, such as storage that cannot be opened; null while it can. */
  @property({ attribute: false }) problem: string | null = null;
  @state() private route: Route = routeOf(new URL(location.href));
  /** False until the code of the first screen is there. */
  @state() private ready = false;
  /** The person does not want to update now. */
  @state() private later = false;
  @state() private online = navigator.onLine;

  readonly #settings = new ReadableController(this, () => this.journey?.settings ?? null);
  readonly #shares = new ReadableController(this, () => this.journey?.shares ?? null);
  readonly #offline = new ReadableController(this, () => this.journey?.offline ?? null);
  readonly #erased = new ReadableController(this, () => this.journey?.erased ?? null);
  readonly #prefersDark = matchMedia('(prefers-color-scheme: dark)');

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#show(this.route).then(() => (this.ready = true));
    addEventListener('popstate', this.#onPopState);
    addEventListener('online', this.#onConnection);
    addEventListener('offline', this.#onConnection);
    this.#prefersDark.addEventListener('change', this.#onScheme);
    this.addEventListener('click', this.#onClick);
    // A file dropped beside the import field must not replace the page.
    addEventListener('dragover', this.#onStrayDrop);
    addEventListener('drop', this.#onStrayDrop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('popstate', this.#onPopState);
    removeEventListener('online', this.#onConnection);
    removeEventListener('offline', this.#onConnection);
    this.#prefersDark.removeEventListener('change', this.#onScheme);
    this.removeEventListener('click', this.#onClick);
    removeEventListener('dragover', this.#onStrayDrop);
    removeEventListener('drop', this.#onStrayDrop);
  }

  override updated(changed: PropertyValues): void {
    const theme = this.#settings.value?.theme ?? 'system';
    const dark = theme === 'dark' || (theme === 'system' && this.#prefersDark.matches);
    document.documentElement.classList.toggle('wa-dark', dark);
    document.documentElement.classList.toggle('wa-light', !dark);
    document.title = `${TITLES[this.route.screen]} · Porchlight`;
    if (changed.has('route') && changed.get('route') !== undefined) this.#focusScreen();
    if (changed.has('journey') && this.journey) this.#fetchScreens();
  }

  override render(): TemplateResult {
    const unfinished = (this.#shares.value ?? []).filter((share) => share.status !== 'sent').length;
    return html`
      <header class="bar">
        <a class="skip" href="#main" @click=${this.#onSkip}>Skip to the content</a>
        <a class="mark" href="/" aria-label="Porchlight, to the timeline">${this.#lamp()}<span>Porchlight</span></a>
        <nav aria-label="Main">
          ${PLACES.map((place) => {
            const here = this.#isHere(place.screen);
            return html`<a href=${place.path} aria-current=${here ? 'page' : nothing}>
              <wa-icon name=${place.icon}></wa-icon><span>${place.name}</span>
              ${
                place.screen === 'activity' && unfinished > 0
                  ? html`<span class="badge figures" aria-label="${unfinished} unfinished">${unfinished}</span>`
                  : nothing
              }
            </a>`;
          })}
        </nav>
        <p class="promise">Your recordings stay in this browser. Nothing leaves it unless you send it.</p>
        <p class="roles"><a href="/agency">For agencies</a> · <a href="/review">For reviewers</a></p>
      </header>
      <main id="main" tabindex="-1">
        ${this.online ? nothing : html`<p class="offline" role="status"><wa-icon name="info"></wa-icon>You are offline. Everything that is kept here still works; sending waits.</p>`}
        ${this.#update()}
        ${this.#erased.value === true ? this.#nothingLeft() : this.problem !== null ? this.#broken(this.problem) : this.journey && this.ready ? this.#screen(this.journey) : html`<p class="starting" role="status"><wa-spinner></wa-spinner> Opening…</p>`}
      </main>
    `;
  }

  /** A new version waits for consent: nothing changes under a person's hands. */
  #update(): TemplateResult | typeof nothing {
    const update = this.#offline.value?.update ?? 'none';
    if (update === 'none' || this.later) return nothing;
    return html`<div class="notice update" role="status">
      <wa-icon name="info"></wa-icon>
      <p>${UPDATE_WORDS[update]}</p>
      <div class="row">
        <wa-button size="s" variant="brand" @click=${() => void this.journey?.updatePage()}>${update === 'elsewhere' ? 'Reload' : 'Update now'}</wa-button>
        <wa-button size="s" appearance="plain" variant="neutral" @click=${() => (this.later = true)}>Later</wa-button>
      </div>
    </div>`;
  }

  #nothingLeft(): TemplateResult {
    return html`<div class="missing stack" role="status">
      <h1 tabindex="-1">Everything is erased</h1>
      <p>This browser keeps no recording, no request, no share, no key and no file of this page any more. Close the tab, or open the page again to begin anew.</p>
      <p class="quiet">What you sent to an agency is with that agency. What you exported or saved lies where you saved it.</p>
    </div>`;
  }

  #broken(problem: string): TemplateResult {
    return html`<div class="missing stack" role="alert">
      <h1 tabindex="-1">Porchlight cannot open its storage</h1>
      <p>${problem}</p>
      <p>Nothing was changed and nothing has left this device. Close other Porchlight tabs, or leave private browsing, then reload.</p>
    </div>`;
  }

  #screen(journey: Journey): TemplateResult {
    const { route } = this;
    switch (route.screen) {
      case 'timeline':
        return html`<pl-timeline-view .journey=${journey} .show=${route.show}></pl-timeline-view>`;
      case 'request':
        return html`<pl-request-view .journey=${journey} .requestId=${route.id}></pl-request-view>`;
      case 'agency-profile':
        return html`<pl-agency-profile-view .journey=${journey} .agencyId=${route.id}></pl-agency-profile-view>`;
      case 'review':
        return html`<pl-review-view .journey=${journey} .desk=${route.desk}></pl-review-view>`;
      case 'agency':
        return html`<pl-agency-view .journey=${journey} .desk=${route.desk} .item=${route.item} .report=${route.report}></pl-agency-view>`;
      case 'library':
        return html`<pl-library-view .journey=${journey}></pl-library-view>`;
      case 'share':
        return html`<pl-share-view .journey=${journey} .requestId=${route.requestId}></pl-share-view>`;
      case 'activity':
        return html`<pl-activity-view .journey=${journey} .shareId=${route.shareId}></pl-activity-view>`;
      case 'settings':
        return html`<pl-settings-view .journey=${journey}></pl-settings-view>`;
      case 'not-found':
        return html`<div class="missing stack">
          <h1 tabindex="-1">There is no such screen</h1>
          <p>The address may be mistyped or from another version of this page.</p>
          <wa-button href="/" variant="brand">To the timeline</wa-button>
        </div>`;
    }
  }

  #isHere(screen: (typeof PLACES)[number]['screen']): boolean {
    const now = this.route.screen;
    return now === screen || (screen === 'timeline' && ['request', 'share', 'agency-profile'].includes(now));
  }

  #lamp(): TemplateResult {
    return html`<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <circle class="glow" cx="16" cy="17" r="13" />
      <path class="iron" d="M16 3v4M9.5 13c0-3.5 2.7-6 6.5-6s6.5 2.5 6.5 6zM12 25.5h8" />
      <path class="flame" d="M11 14.5h10l-1.5 8.5h-7z" />
    </svg>`;
  }

  #focusScreen(): void {
    scrollTo(0, 0);
    requestAnimationFrame(() => {
      const screen = this.renderRoot.querySelector('main > :last-child');
      const heading = screen?.shadowRoot?.querySelector('h1') ?? screen?.querySelector('h1');
      (heading ?? this.renderRoot.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
    });
  }

  readonly #onPopState = (): void => {
    const next = routeOf(new URL(location.href));
    // A change of filter within one screen keeps the focus where it is.
    if (JSON.stringify(next) !== JSON.stringify(this.route)) void this.#show(next);
  };

  /** Shows a screen as soon as its code is there; until then the one before stays. */
  async #show(route: Route): Promise<void> {
    try {
      await LAZY_SCREENS[route.screen]?.();
    } catch {
      this.problem ??=
        'This screen could not be loaded: the page’s own server cannot be reached, or has a newer version of the page.';
      return;
    }
    // Another address may have been asked for meanwhile.
    if (JSON.stringify(routeOf(new URL(location.href))) === JSON.stringify(route)) this.route = route;
  }

  /** Fetches the other screens while nothing else is to be done, so that they open at once and offline. */
  #fetchScreens(): void {
    const fetchAll = (): void => {
      for (const load of Object.values(LAZY_SCREENS)) void load().catch(() => undefined);
    };
    // Safari has no requestIdleCallback.
    if ('requestIdleCallback' in globalThis) requestIdleCallback(fetchAll, { timeout: 10_000 });
    else setTimeout(fetchAll, 2_000);
  }

  readonly #onConnection = (): void => {
    this.online = navigator.onLine;
  };

  readonly #onScheme = (): void => {
    this.requestUpdate();
  };

  readonly #onSkip = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };

  readonly #onStrayDrop = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };

  readonly #onClick = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
    if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.protocol !== location.protocol) return;
    event.preventDefault();
    const path = `${link.pathname}${link.search}`;
    if (path !== `${location.pathname}${location.search}`) navigate(path);
  };

  static override styles = [shared, shellStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'porchlight-app': AppShell;
  }
}
