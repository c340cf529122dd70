/** The share screen's last steps: What leaves this device, sending, and the receipt. */
import { html, type TemplateResult } from 'lit';
import type { Journey } from '../../contracts/journey-api.ts';
import type { Camera } from '../../contracts/library.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import type { SealedPackage, ShareRecord, VerifiedClip } from '../../contracts/share.ts';
import type { SendController } from '../controllers/send-controller.ts';
import { byteSize, count, duration } from '../format.ts';
import '../parts/hand-over.ts';
import '../parts/dry-run.ts';
import '../parts/leaves-report.ts';
import '../parts/send-progress.ts';
import '../parts/share-receipt.ts';

export interface Leaving {
  readonly journey: Journey;
  readonly view: RequestView;
  readonly sealed: SealedPackage;
  /** What is in the package, in its order. */
  readonly clips: readonly VerifiedClip[];
  readonly cameras: readonly Camera[];
  /** False on a host of plain files: then the person hands the sealed file over. */
  readonly taken: boolean;
}

interface LastDeeds {
  readonly onSend: () => Promise<void>;
  readonly onDiscard: () => Promise<void>;
}

/** The dry run, and the one button that sends. */
const confirmSending = (
  { journey, sealed, clips }: Leaving,
  agency: string,
  { onSend, onDiscard }: LastDeeds,
): TemplateResult => {
  const lengthMs = clips.reduce((sum, { window }) => sum + window.to - window.from, 0);
  return html`<pl-dry-run .journey=${journey} .sealed=${sealed}></pl-dry-run>
    <section class="confirm stack-s" aria-labelledby="confirm">
      <h3 id="confirm">Send to ${agency}?</h3>
      <p class="figures">
        ${count(clips.length, 'clip')}, ${duration(lengthMs)}, ${byteSize(sealed.bytes.byteLength)} sealed, with your name, e-mail and
        home address.
      </p>
      <footer class="row between">
        <wa-button appearance="outlined" variant="neutral" @click=${onDiscard}>Back, and discard this package</wa-button>
        <wa-button variant="warning" size="l" @click=${onSend}>Send</wa-button>
      </footer>
    </section>`;
};

/** Everything that will leave, and how: sent from here, or where nothing is taken, saved to be handed over. */
export const leavesStep = (leaving: Leaving, deeds: LastDeeds): TemplateResult => {
  const { journey, view, sealed, clips, cameras, taken } = leaving;
  const agency = view.agency?.name ?? 'the agency';
  return html`<section class="stack" aria-labelledby="step">
    <h2 id="step" tabindex="-1">What leaves this device</h2>
    <p>
      ${
        taken
          ? 'Nothing has left yet. This is all that will, if you press Send at the end of this page.'
          : 'Nothing leaves from here: this page comes from a host of plain files, which takes nothing. This is all that is in the sealed file, should you hand it over.'
      }
    </p>
    <pl-leaves-report
      .sealed=${sealed}
      .clips=${clips}
      .cameraNames=${new Map(cameras.map(({ id, name }) => [id, name]))}
      .exchanges=${taken ? journey.plannedExchanges(sealed) : []}
      .agencyName=${agency}
      .zone=${view.request.window.zone}
    ></pl-leaves-report>
    ${
      taken
        ? confirmSending(leaving, agency, deeds)
        : html`<pl-hand-over .request=${view.request} .agencyName=${agency} .sealed=${sealed} @pl-dismissed=${deeds.onDiscard}></pl-hand-over>`
    }
  </section>`;
};

/** While it is being sent, and when that stopped half-way. */
export const sendingStep = (
  sealed: SealedPackage,
  { running, problem, progress }: Pick<SendController, 'running' | 'problem' | 'progress'>,
  { onStart, onPause }: { readonly onStart: () => Promise<void>; readonly onPause: () => void },
): TemplateResult => html`<section class="stack narrow" aria-labelledby="step">
  <h2 id="step" tabindex="-1">${running ? 'Sending' : 'Not sent yet'}</h2>
  <div class="sheet stack">
    <pl-send-progress
      .progress=${progress ?? { bytesSent: 0, bytesTotal: sealed.bytes.byteLength }}
      .running=${running}
      .problem=${problem}
    ></pl-send-progress>
    <div class="row">
      ${
        running
          ? html`<wa-button variant="brand" @click=${onPause}>Pause</wa-button>`
          : html`<wa-button variant="warning" @click=${onStart}>Resume</wa-button>
            <wa-button appearance="plain" variant="neutral" href="/activity">Do it later</wa-button>`
      }
    </div>
    <p class="small quiet">You may close this page: the same sealed bytes wait in Activity, and sending goes on from where it stopped.</p>
  </div>
</section>`;

export const receiptStep = (journey: Journey, share: ShareRecord): TemplateResult =>
  html`<section class="stack narrow" aria-labelledby="step">
    <h2 id="step" tabindex="-1">Receipt</h2>
    <div class="notice good" role="status">
      <wa-icon name="check"></wa-icon>
      <p>Your package has arrived, and the hub signed for exactly these bytes. Only ${share.agencyName} and you can open it.</p>
    </div>
    <div class="sheet"><pl-share-receipt .share=${share} .journey=${journey}></pl-share-receipt></div>
    <p><a href="/activity">All shares and the network ledger</a></p>
  </section>`;
