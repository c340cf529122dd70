/** Sharing, step by step: choose, review the very bytes, say who you are, see what leaves, send, keep the receipt. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClipChoice, Journey } from '../../contracts/journey-api.ts';
import type { Match } from '../../contracts/match-api.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import type { SealedPackage, ShareRecord, VerifiedClip } from '../../contracts/share.ts';
import { type CameraClips, chosenMs, clipsByCamera, preselected, sharedWith } from '../../core/clip-selection.ts';
import { ClipPreparer } from '../controllers/clip-preparer.ts';
import { MatchesController } from '../controllers/matches-controller.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { SendController } from '../controllers/send-controller.ts';
import type { ChoiceChanged, IdentityGiven } from '../events.ts';
import { forYou } from '../for-you.ts';
import { byteSize, count, dayRange, duration, timeRange } from '../format.ts';
import '../parts/clip-review.ts';
import '../parts/dry-run.ts';
import '../parts/identity-form.ts';
import '../parts/leaves-report.ts';
import '../parts/send-progress.ts';
import '../parts/share-choose.ts';
import type { SelectionChanged } from '../parts/share-choose.ts';
import '../parts/share-receipt.ts';
import '../parts/step-list.ts';
import { receiptPath, requestPath } from '../router.ts';
import { shareStyles } from '../styles/share.ts';
import { shared } from '../styles/shared.ts';

const STEPS = ['choose', 'review', 'identity', 'leaves', 'send'] as const;
type Step = (typeof STEPS)[number];
const STEP_NAMES = ['Choose', 'Review', 'Who you are', 'What leaves', 'Send'];

@customElement('pl-share-view')
export class ShareView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() requestId = '';
  @state() private step: Step = 'choose';
  @state() private choices: ReadonlyMap<string, ClipChoice> | null = null;
  @state() private sealed: SealedPackage | null = null;
  @state() private sealing = false;
  @state() private sent: ShareRecord | null = null;
  @state() private problem = '';

  readonly #record = new ReadableController(this, () => this.journey?.record ?? null);
  readonly #matches = new ReadableController(this, () => this.journey?.matches ?? null);
  readonly #library = new ReadableController(this, () => this.journey?.library ?? null);
  readonly #settings = new ReadableController(this, () => this.journey?.settings ?? null);
  readonly #shares = new ReadableController(this, () => this.journey?.shares ?? null);
  readonly #overlapping = new MatchesController(this, () => this);
  readonly #clips = new ClipPreparer(this);
  readonly #send = new SendController(this);

  override updated(changed: PropertyValues): void {
    if (!changed.has('step') || changed.get('step') === undefined) return;
    scrollTo(0, 0);
    this.renderRoot.querySelector<HTMLElement>('h2[tabindex]')?.focus({ preventScroll: true });
  }

  override firstUpdated(): void {
    this.journey?.warmTrimmer();
  }

  override render(): TemplateResult | typeof nothing {
    const view = this.#record.value?.requests.find(({ id }) => id === this.requestId);
    const title = html`<p class="back"><a href=${requestPath(this.requestId)}><wa-icon name="chevron-left"></wa-icon> The request</a></p>`;
    if (!view) {
      return html`<h1 tabindex="-1">Share</h1>
        ${
          this.#record.value?.state === 'loading'
            ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Fetching the public record…</p>`
            : html`<p>This request is not in the public record that this page holds. <a href="/">Back to the timeline</a></p>`
        }`;
    }
    return html`
      ${title}
      <header class="stack-s head">
        <h1 tabindex="-1">Share</h1>
        <p>
          With <strong>${view.agency?.name ?? view.request.agency}</strong>, for
          <strong>${view.request.title}</strong>, <span class="figures">${dayRange(view.window, view.request.window.zone)}, ${timeRange(view.window, view.request.window.zone)}</span>
        </p>
        <pl-step-list .steps=${STEP_NAMES} .current=${STEPS.indexOf(this.step)}></pl-step-list>
      </header>
      ${this.problem ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>` : nothing}
      ${this.#step(view)}
    `;
  }

  #step(view: RequestView): TemplateResult | typeof nothing {
    if (this.step === 'choose') return this.#choose(view);
    if (this.step === 'review') return this.#review(view);
    if (this.step === 'identity') return this.#identity(view);
    if (this.step === 'leaves') return this.#leaves(view);
    return this.sent ? this.#receipt(this.sent) : this.#sending();
  }

  #matchesOf(view: RequestView): readonly Match[] {
    return this.requestId === view.id ? this.#overlapping.value : [];
  }

  #cameras(view: RequestView): readonly CameraClips[] {
    return clipsByCamera(this.#matchesOf(view), sharedWith(view.id, this.#shares.value ?? []));
  }

  /** All that match with a certain time and were not shared before are chosen until the person says otherwise. */
  #chosen(view: RequestView): ReadonlyMap<string, ClipChoice> {
    if (this.choices) return this.choices;
    return new Map(
      preselected(this.#cameras(view)).map(({ recordingId }) => [
        recordingId,
        { recordingId, mode: 'exact', mute: false, boxes: [], narrowed: null } satisfies ClipChoice,
      ]),
    );
  }

  #choose(view: RequestView): TemplateResult {
    const verdict = this.#matches.value?.outcome?.verdictOf(view.id) ?? null;
    const mine = forYou(view, verdict, this.#library.value);
    const cameras = this.#cameras(view);
    const chosen = this.#chosen(view);
    const lengthMs = chosenMs(cameras, new Set(chosen.keys()));
    return html`<section class="stack" aria-labelledby="step">
      <h2 id="step" tabindex="-1">Choose recordings</h2>
      ${this.#earlier(view)}
      ${
        mine.whyNot !== null && mine.kind !== 'unconfirmed'
          ? html`<div class="notice"><wa-icon name="info"></wa-icon><p>${mine.whyNot}</p></div>`
          : html`<p>Only the part inside the window is cut out. The recordings themselves stay where they are.</p>`
      }
      ${this.#overlapping.problem === null ? nothing : html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.#overlapping.problem}</p></div>`}
      <pl-share-choose
        .cameras=${mine.kind === 'match' || mine.kind === 'unconfirmed' ? cameras : []}
        .library=${this.#library.value}
        .chosen=${new Set(chosen.keys())}
        .zone=${view.request.window.zone}
        .thumbnailOf=${this.journey?.thumbnailOf ?? null}
        @pl-selection-changed=${(event: SelectionChanged) => this.#select(view, event)}
      ></pl-share-choose>
      <footer class="row between">
        <p class="figures" role="status">${count(chosen.size, 'recording')} chosen, ${duration(lengthMs)}</p>
        <wa-button variant="brand" ?disabled=${chosen.size === 0 || mine.kind !== 'match'} @click=${() => this.#startReview(view)}>Review the clips</wa-button>
      </footer>
    </section>`;
  }

  #earlier(view: RequestView): TemplateResult | typeof nothing {
    const earlier = (this.#shares.value ?? []).filter((share) => share.requestId === view.id);
    const unfinished = earlier.find((share) => share.status !== 'sent');
    const done = earlier.find((share) => share.status === 'sent');
    if (unfinished) {
      return html`<div class="notice amber"><wa-icon name="info"></wa-icon>
        <p>A package for this request is sealed but not sent. <a href="/activity">Send or discard it in Activity</a></p></div>`;
    }
    if (done) {
      return html`<div class="notice good"><wa-icon name="check"></wa-icon>
        <p>You have already shared with this request. <a href=${receiptPath(done.id)}>See the receipt</a></p></div>`;
    }
    return nothing;
  }

  #select(view: RequestView, { recordingId, chosen }: SelectionChanged): void {
    const next = new Map(this.#chosen(view));
    if (chosen) next.set(recordingId, { recordingId, mode: 'exact', mute: false, boxes: [], narrowed: null });
    else next.delete(recordingId);
    this.choices = next;
    this.#clips.forget(recordingId);
  }

  #startReview(view: RequestView): void {
    this.choices = this.#chosen(view);
    this.step = 'review';
    if (!this.journey) return;
    for (const choice of this.choices.values()) {
      if (this.#clips.of(choice.recordingId).state !== 'ready') this.#clips.prepare(this.journey, view.id, choice);
    }
  }

  #review(view: RequestView): TemplateResult {
    const chosen = [...this.#chosen(view).values()];
    const ready = this.#ready();
    const refused = chosen.filter(({ recordingId }) => this.#clips.of(recordingId).state === 'refused').length;
    const complete = chosen.length > 0 && ready.length === chosen.length;
    return html`<section class="stack" aria-labelledby="step">
      <h2 id="step" tabindex="-1">Review each clip</h2>
      <p>What you play here is byte for byte what would leave. Each clip was checked against its recording after it was cut.</p>
      ${chosen.map((choice) => this.#reviewOne(view, choice))}
      <footer class="row between">
        <wa-button appearance="outlined" variant="neutral" @click=${() => this.#go('choose')}>Back</wa-button>
        <p class="figures" role="status">
          ${refused > 0 ? `${count(refused, 'clip')} not ready: leave it out or cut it again.` : `${ready.length} of ${count(chosen.length, 'clip')} ready`}
        </p>
        <wa-button variant="brand" ?disabled=${!complete} @click=${() => this.#go('identity')}>Continue</wa-button>
      </footer>
    </section>`;
  }

  #reviewOne(view: RequestView, choice: ClipChoice): TemplateResult {
    const match = this.#matchesOf(view).find(({ recordingId }) => recordingId === choice.recordingId);
    const library = this.#library.value;
    const recording = library?.recordings.find(({ id }) => id === choice.recordingId);
    return html`<pl-clip-review
      .choice=${choice}
      .prepared=${this.#clips.of(choice.recordingId)}
      .overlap=${match?.overlap ?? view.window}
      .zone=${view.request.window.zone}
      .cameraName=${library?.cameras.find(({ id }) => id === recording?.cameraId)?.name ?? 'Camera'}
      .hasSound=${recording?.audio !== null}
      @pl-choice-changed=${(event: ChoiceChanged) => this.#recut(view, event.choice)}
      @pl-cancel-cut=${() => this.#clips.cancel(choice.recordingId)}
      @pl-leave-out=${() => this.#leaveOut(view, choice.recordingId)}
    ></pl-clip-review>`;
  }

  #recut(view: RequestView, choice: ClipChoice): void {
    this.choices = new Map(this.#chosen(view)).set(choice.recordingId, choice);
    if (this.journey) this.#clips.prepare(this.journey, view.id, choice);
  }

  #leaveOut(view: RequestView, recordingId: string): void {
    const next = new Map(this.#chosen(view));
    next.delete(recordingId);
    this.choices = next;
    this.#clips.forget(recordingId);
    if (next.size === 0) this.step = 'choose';
  }

  #ready(): readonly VerifiedClip[] {
    return [...(this.choices?.keys() ?? [])].flatMap((id) => {
      const prepared = this.#clips.of(id);
      return prepared.state === 'ready' ? [prepared.clip] : [];
    });
  }

  #identity(view: RequestView): TemplateResult {
    const agency = view.agency?.name ?? 'the agency';
    return html`<section class="stack narrow" aria-labelledby="step">
      <h2 id="step" tabindex="-1">Who you are</h2>
      <p>
        ${agency} learns these three things, and nobody else: they are sealed into the package. If you would rather stay anonymous,
        <a href=${requestPath(view.id)}>go back and contact the investigator instead</a>.
      </p>
      <pl-identity-form
        asksToKeep
        .identity=${this.#settings.value?.identity ?? null}
        action="See what leaves this device"
        @pl-identity-given=${(event: IdentityGiven) => this.#seal(view, event)}
      >
        <wa-button slot="before" appearance="outlined" variant="neutral" @click=${() => this.#go('review')}>Back</wa-button>
      </pl-identity-form>
      ${this.sealing ? html`<p role="status" class="row quiet"><wa-spinner></wa-spinner> Sealing…</p>` : nothing}
    </section>`;
  }

  async #seal(view: RequestView, { identity, keep }: IdentityGiven): Promise<void> {
    if (!this.journey || this.sealing) return;
    this.sealing = true;
    this.problem = '';
    if (keep) await this.journey.saveSettings({ identity });
    const result = await this.journey.sealPackage(view.id, this.#ready(), identity);
    this.sealing = false;
    if (!result.ok) {
      this.problem = `The package could not be sealed. ${result.detail}`;
      return;
    }
    this.sealed = result.value;
    this.step = 'leaves';
  }

  #leaves(view: RequestView): TemplateResult | typeof nothing {
    const { sealed, journey } = this;
    if (!sealed || !journey) return nothing;
    const agency = view.agency?.name ?? 'the agency';
    const clips = this.#ready();
    return html`<section class="stack" aria-labelledby="step">
      <h2 id="step" tabindex="-1">What leaves this device</h2>
      <p>Nothing has left yet. This is all that will, if you press Send at the end of this page.</p>
      <pl-leaves-report
        .sealed=${sealed}
        .clips=${clips}
        .cameraNames=${new Map((this.#library.value?.cameras ?? []).map(({ id, name }) => [id, name]))}
        .exchanges=${journey.plannedExchanges(sealed)}
        .agencyName=${agency}
        .zone=${view.request.window.zone}
      ></pl-leaves-report>
      <pl-dry-run .journey=${journey} .sealed=${sealed}></pl-dry-run>
      <section class="confirm stack-s" aria-labelledby="confirm">
        <h3 id="confirm">Send to ${agency}?</h3>
        <p class="figures">
          ${count(clips.length, 'clip')}, ${duration(clips.reduce((sum, { window }) => sum + window.to - window.from, 0))}, ${byteSize(sealed.bytes.byteLength)} sealed,
          with your name, e-mail and home address.
        </p>
        <footer class="row between">
          <wa-button appearance="outlined" variant="neutral" @click=${this.#unseal}>Back, and discard this package</wa-button>
          <wa-button variant="warning" size="l" @click=${this.#start}>Send</wa-button>
        </footer>
      </section>
    </section>`;
  }

  #sending(): TemplateResult | typeof nothing {
    const { sealed } = this;
    if (!sealed) return nothing;
    const { running, problem, progress } = this.#send;
    return html`<section class="stack narrow" aria-labelledby="step">
      <h2 id="step" tabindex="-1">${running ? 'Sending' : 'Not sent yet'}</h2>
      <div class="sheet stack">
        <pl-send-progress .progress=${progress ?? { bytesSent: 0, bytesTotal: sealed.bytes.byteLength }} .running=${running} .problem=${problem}></pl-send-progress>
        <div class="row">
          ${
            running
              ? html`<wa-button variant="brand" @click=${() => this.#send.pause()}>Pause</wa-button>`
              : html`<wa-button variant="warning" @click=${this.#start}>Resume</wa-button>
                <wa-button appearance="plain" variant="neutral" href="/activity">Do it later</wa-button>`
          }
        </div>
        <p class="small quiet">You may close this page: the same sealed bytes wait in Activity, and sending goes on from where it stopped.</p>
      </div>
    </section>`;
  }

  #receipt(share: ShareRecord): TemplateResult {
    return html`<section class="stack narrow" aria-labelledby="step">
      <h2 id="step" tabindex="-1">Receipt</h2>
      <div class="notice good" role="status">
        <wa-icon name="check"></wa-icon>
        <p>Your package has arrived, and the hub signed for exactly these bytes. Only ${share.agencyName} and you can open it.</p>
      </div>
      <div class="sheet"><pl-share-receipt .share=${share} .journey=${this.journey}></pl-share-receipt></div>
      <p><a href="/activity">All shares and the network ledger</a></p>
    </section>`;
  }

  #go(step: Step): void {
    this.problem = '';
    this.step = step;
  }

  readonly #unseal = async (): Promise<void> => {
    const { sealed } = this;
    this.sealed = null;
    this.#go('identity');
    if (sealed) await this.journey?.discardShare(sealed.shareId);
  };

  readonly #start = async (): Promise<void> => {
    if (!this.journey || !this.sealed) return;
    this.step = 'send';
    const share = await this.#send.send(this.journey, this.sealed.shareId);
    if (!share) return;
    this.sent = share;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2[tabindex]')?.focus();
  };

  static override styles = [shared, shareStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'pl-share-view': ShareView;
  }
}
