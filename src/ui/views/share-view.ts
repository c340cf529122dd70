/** Sharing, step by step: choose, review the very bytes, say who you are, see what leaves, send, keep the receipt. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClipChoice, Journey } from '../../contracts/journey-api.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import type { SealedPackage, ShareRecord } from '../../contracts/share.ts';
import { type CameraClips, chosenMs, clipsByCamera, sharedWith } from '../../core/clip-selection.ts';
import { hubTakes } from '../../core/hub-takes.ts';
import { ClipChoices } from '../controllers/clip-choices.ts';
import { MatchesController } from '../controllers/matches-controller.ts';
import { ReadableController } from '../controllers/readable-controller.ts';
import { SendController } from '../controllers/send-controller.ts';
import type { ChoiceChanged, IdentityGiven } from '../events.ts';
import { forYou } from '../for-you.ts';
import { count, dayRange, duration, timeRange } from '../format.ts';
import '../parts/clip-review.ts';
import '../parts/identity-form.ts';
import '../parts/share-choose.ts';
import type { SelectionChanged } from '../parts/share-choose.ts';
import '../parts/step-list.ts';
import { receiptPath, requestPath } from '../router.ts';
import { shareStyles } from '../styles/share.ts';
import { shared } from '../styles/shared.ts';
import { leavesStep, receiptStep, sendingStep } from './share-last-steps.ts';

const STEPS = ['choose', 'review', 'identity', 'leaves', 'send'] as const;
type Step = (typeof STEPS)[number];
const STEP_NAMES = ['Choose', 'Review', 'Who you are', 'What leaves', 'Send'];
/** The same where nothing can be sent. */
const HANDED_OVER = ['Choose', 'Review', 'Who you are', 'Hand over'];

@customElement('pl-share-view')
export class ShareView extends LitElement {
  @property({ attribute: false }) journey: Journey | null = null;
  @property() requestId = '';
  @state() private step: Step = 'choose';
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
  readonly #choices = new ClipChoices(this, () => ({
    journey: this.journey,
    requestId: this.requestId,
    cameras: this.#cameras(),
  }));
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
        <pl-step-list .steps=${this.#taken ? STEP_NAMES : HANDED_OVER} .current=${STEPS.indexOf(this.step)}></pl-step-list>
      </header>
      ${this.problem ? html`<div class="notice bad" role="alert"><wa-icon name="alert"></wa-icon><p>${this.problem}</p></div>` : nothing}
      ${this.#step(view)}
    `;
  }

  #step(view: RequestView): TemplateResult | typeof nothing {
    if (this.step === 'choose') return this.#choose(view);
    if (this.step === 'review') return this.#review(view);
    if (this.step === 'identity') return this.#identity(view);
    const { journey, sealed, sent } = this;
    if (!journey || !sealed) return nothing;
    if (this.step === 'leaves') return this.#leaves(journey, view, sealed);
    return sent
      ? receiptStep(journey, sent)
      : sendingStep(sealed, this.#send, { onStart: this.#start, onPause: () => this.#send.pause() });
  }

  #leaves(journey: Journey, view: RequestView, sealed: SealedPackage): TemplateResult {
    const cameras = this.#library.value?.cameras ?? [];
    return leavesStep(
      { journey, view, sealed, clips: this.#choices.ready, cameras, taken: this.#taken },
      { onSend: this.#start, onDiscard: this.#unseal },
    );
  }

  /** False on a host of plain files: then the sealed file is saved and handed over. */
  get #taken(): boolean {
    return hubTakes(this.#record.value, 'packages');
  }

  #cameras(): readonly CameraClips[] {
    return clipsByCamera(this.#overlapping.value, sharedWith(this.requestId, this.#shares.value ?? []));
  }

  #choose(view: RequestView): TemplateResult {
    const verdict = this.#matches.value?.outcome?.verdictOf(view.id) ?? null;
    const mine = forYou(view, verdict, this.#library.value);
    const cameras = this.#cameras();
    const { chosen } = this.#choices;
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
        @pl-selection-changed=${({ recordingId, chosen: wanted }: SelectionChanged) => this.#choices.choose(recordingId, wanted)}
      ></pl-share-choose>
      <footer class="row between">
        <p class="figures" role="status">${count(chosen.size, 'recording')} chosen, ${duration(lengthMs)}</p>
        <wa-button variant="brand" ?disabled=${chosen.size === 0 || mine.kind !== 'match'} @click=${this.#startReview}>Review the clips</wa-button>
      </footer>
    </section>`;
  }

  #earlier(view: RequestView): TemplateResult | typeof nothing {
    const earlier = (this.#shares.value ?? []).filter((share) => share.requestId === view.id);
    const unfinished = earlier.find((share) => share.status !== 'sent');
    const done = earlier.find((share) => share.status === 'sent');
    if (unfinished) {
      return html`<div class="notice amber"><wa-icon name="info"></wa-icon>
        <p>A package for this request is sealed but not sent. <a href="/activity">${this.#taken ? 'Send or discard it' : 'Save or delete it'} in Activity</a></p></div>`;
    }
    if (done) {
      return html`<div class="notice good"><wa-icon name="check"></wa-icon>
        <p>You have already shared with this request. <a href=${receiptPath(done.id)}>See the receipt</a></p></div>`;
    }
    return nothing;
  }

  readonly #startReview = (): void => {
    this.#choices.cutAll();
    this.step = 'review';
  };

  #leaveOut(recordingId: string): void {
    this.#choices.choose(recordingId, false);
    if (this.#choices.chosen.size === 0) this.step = 'choose';
  }

  #review(view: RequestView): TemplateResult {
    const chosen = [...this.#choices.chosen.values()];
    const { ready } = this.#choices;
    const refused = chosen.filter(({ recordingId }) => this.#choices.of(recordingId).state === 'refused').length;
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
    const match = this.#overlapping.value.find(({ recordingId }) => recordingId === choice.recordingId);
    const library = this.#library.value;
    const recording = library?.recordings.find(({ id }) => id === choice.recordingId);
    return html`<pl-clip-review
      .choice=${choice}
      .prepared=${this.#choices.of(choice.recordingId)}
      .overlap=${match?.overlap ?? view.window}
      .zone=${view.request.window.zone}
      .cameraName=${library?.cameras.find(({ id }) => id === recording?.cameraId)?.name ?? 'Camera'}
      .hasSound=${recording?.audio !== null}
      @pl-choice-changed=${(event: ChoiceChanged) => this.#choices.recut(event.choice)}
      @pl-cancel-cut=${() => this.#choices.cancel(choice.recordingId)}
      @pl-leave-out=${() => this.#leaveOut(choice.recordingId)}
    ></pl-clip-review>`;
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
    const result = await this.journey.sealPackage(view.id, this.#choices.ready, identity);
    this.sealing = false;
    if (!result.ok) {
      this.problem = `The package could not be sealed. ${result.detail}`;
      return;
    }
    this.sealed = result.value;
    this.step = 'leaves';
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
