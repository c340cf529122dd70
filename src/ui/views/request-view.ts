/** One request in full: who asks for what, whether it keeps the rules, where and when it lies, and what it means for you. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Journey, LibraryState } from '../../contracts/journey-api.ts';
import { recordingInterval } from '../../contracts/library.ts';
import type { RequestVerdict } from '../../contracts/match-api.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import { MatchesController } from '../controllers/matches-controller.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { forYou, type ForYou } from '../for-you.ts';
import {
  clockTime,
  coordinates,
  dayRange,
  duration,
  instant,
  moment,
  needsSeconds,
  timeRange,
  zoneName,
} from '../format.ts';
import '../parts/comments-panel.ts';
import '../parts/investigator-contact.ts';
import '../parts/request-checks.ts';
import '../parts/sketch-map.ts';
import type { SketchCamera } from '../parts/sketch-labels.ts';
import '../parts/time-ruler.ts';
import '../parts/why-not.ts';
import type { RulerBar } from '../parts/time-ruler.ts';
import { agencyPath, navigate, sharePath } from '../router.ts';
import { requestStyles } from '../styles/request.ts';
import { shared } from '../styles/shared.ts';
import { AGENCY_KIND, STATUS } from '../words.ts';

@customElement('pl-request-view')
export class RequestScreen extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() requestId = '';
  @state() private contactOpen = false;

  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #matches = new ReadableController(this, () => this.journey?.matches ?? null);
  readonly #library = new ReadableController(this, () => this.journey?.library ?? null);
  readonly #overlapping = new MatchesController(this, () => this);

  override render(): TemplateResult | typeof nothing {
    const record = this.#record.value;
    if (!record) return nothing;
    const view = record.requests.find((request) => request.id === this.requestId);
    if (!view) {
      return html`<div class="stack">
        <h1 tabindex="-1">Request</h1>
        ${
          record.state === 'loading'
            ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Fetching the public record…</p>`
            : html`<p>This request is not in the public record that this page holds. ${record.state === 'off' ? 'Requests are turned off.' : ''}</p>`
        }
        <p><a href="/">Back to the timeline</a></p>
      </div>`;
    }
    return this.#request(view, this.#matches.value?.outcome?.verdictOf(view.id) ?? null);
  }

  #request(view: RequestView, verdict: RequestVerdict | null): TemplateResult {
    const { request, window } = view;
    const { zone } = request.window;
    const seconds = needsSeconds(window);
    const library = this.#library.value;
    const mine = forYou(view, verdict, library);
    return html`
      <p class="back"><a href="/"><wa-icon name="chevron-left"></wa-icon> Timeline</a></p>
      <div class="layout">
        <header class="head stack-s">
          <p class="row">
            ${view.agency ? html`<a href=${agencyPath(view.agency.id)}><strong>${view.agency.name}</strong></a>` : html`<strong>${request.agency}</strong>`}
            ${view.agency ? html`<span class="quiet">${AGENCY_KIND[view.agency.kind]}, ${view.agency.place}</span>` : nothing}
            <span class="chip ${view.status === 'open' ? 'good' : view.status === 'refused' ? 'bad' : ''}">${STATUS[view.status]}</span>
          </p>
          <h1 tabindex="-1">${request.title}</h1>
          <p class="when figures">
            <span class="times">${clockTime(window.from, zone, seconds)}–${clockTime(window.to, zone, seconds)}</span>
            <span class="zone">${zoneName(window.to, zone)}</span>
            <span class="day">${dayRange(window, zone)}<br /><span class="quiet small">a window of ${duration(window.to - window.from)}</span></span>
          </p>
        </header>
        <div class="act">${this.#act(view, mine)}</div>
        <div class="body stack">
          ${
            view.problem
              ? html`<div class="notice bad" role="note">
                <wa-icon name="alert"></wa-icon>
                <div><p><strong>This page does not accept this request</strong></p><p>${view.problem.detail}</p></div>
              </div>`
              : nothing
          }
          ${view.statusReason ? html`<div class="notice" role="note"><wa-icon name="info"></wa-icon><p>${view.statusReason}</p></div>` : nothing}
          <p class="description">${request.description}</p>
          <dl class="facts">
            <dt>Case number</dt>
            <dd class="figures">${request.caseNumber || 'not given'}</dd>
            <dt>Incident</dt>
            <dd>${request.incidentType || 'not given'}${request.suspectedCrime ? html`, suspected: ${request.suspectedCrime}` : nothing}</dd>
            <dt>Place</dt>
            <dd>${request.placeName}<br /><span class="quiet small figures">${coordinates(request.incident)}</span></dd>
            <dt>Lead investigator</dt>
            <dd>${request.investigator.name || 'not given'}</dd>
            <dt>Posted</dt>
            <dd class="figures">${moment(instant(request.posted), zone)}</dd>
            <dt>Open until</dt>
            <dd class="figures">${moment(instant(request.expires), zone)}</dd>
          </dl>
          <pl-request-checks .view=${view}></pl-request-checks>
        </div>
        <div class="where stack">
          <section class="stack-s" aria-labelledby="where">
            <h2 id="where">Where</h2>
            <pl-sketch-map .area=${request.area} .incident=${request.incident} .cameras=${this.#cameras(library)}></pl-sketch-map>
            <p class="small quiet">Drawn by this page from the request and your own cameras. No map was fetched.</p>
          </section>
          <section class="sheet stack-s" aria-labelledby="when">
            <h2 id="when">When</h2>
            <p class="small quiet figures">${dayRange(window, zone)}, ${timeRange(window, zone)}</p>
            <pl-time-ruler .window=${window} .zone=${zone} .bars=${this.#bars(library)} .empty=${this.#nothingToShow(mine)}></pl-time-ruler>
          </section>
          <pl-comments-panel .journey=${this.journey} .requestId=${view.id} .open=${view.status === 'open'}></pl-comments-panel>
        </div>
      </div>
      <pl-investigator-contact
        .request=${request}
        .open=${this.contactOpen}
        @pl-dismissed=${() => (this.contactOpen = false)}
      ></pl-investigator-contact>
    `;
  }

  #act(view: RequestView, mine: ForYou): TemplateResult {
    const lit = mine.kind === 'match' || mine.kind === 'unconfirmed';
    return html`<section class=${lit ? 'panel lit stack' : 'panel stack'} aria-label="For you">
      <p class="line"><wa-icon name=${lit ? 'lamp' : 'info'}></wa-icon><span>${mine.whyNot ?? mine.line}</span></p>
      <div class="row">
        ${
          mine.whyNot === null
            ? html`<wa-button variant="warning" size="l" @click=${() => navigate(sharePath(view.id))}>Tap here to help</wa-button>`
            : nothing
        }
        ${
          mine.kind === 'unconfirmed' || mine.kind === 'no-camera' || mine.kind === 'no-place'
            ? html`<wa-button variant="brand" href="/library">Go to the Library</wa-button>`
            : nothing
        }
        <wa-button appearance="outlined" variant="neutral" @click=${() => (this.contactOpen = true)}>Contact the investigator instead</wa-button>
      </div>
      ${
        mine.kind === 'outside' || mine.kind === 'nothing-then'
          ? html`<pl-why-not .journey=${this.journey} .library=${this.#library.value} .window=${view.window} .requestId=${view.id}></pl-why-not>`
          : nothing
      }
      ${
        mine.whyNot === null
          ? html`<p class="small">You choose what to share and see every byte first. Looking or declining is not reported to anyone.</p>`
          : nothing
      }
    </section>`;
  }

  #nothingToShow(mine: ForYou): string {
    if (mine.kind === 'closed' || mine.kind === 'refused') return 'not compared with your recordings';
    return mine.kind === 'nothing-then' ? 'nothing recorded in this time' : 'no recording inside the area';
  }

  #cameras(library: LibraryState | null): readonly SketchCamera[] {
    return (library?.cameras ?? []).flatMap(({ id, name, place }) => (place ? [{ id, name, place }] : []));
  }

  #bars(library: LibraryState | null): readonly RulerBar[] {
    return this.#overlapping.value.flatMap((match): readonly RulerBar[] => {
      const camera = library?.cameras.find(({ id }) => id === match.cameraId);
      const recording = library?.recordings.find(({ id }) => id === match.recordingId);
      if (!camera || !recording) return [];
      const interval = recordingInterval(recording, camera) ?? match.overlap;
      return [
        {
          id: recording.id,
          row: camera.name,
          from: interval.from,
          to: interval.to,
          overlap: match.overlap,
          confirmed: match.timeConfirmed,
        },
      ];
    });
  }

  static override styles = [shared, requestStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-request-view': RequestScreen;
  }
}
