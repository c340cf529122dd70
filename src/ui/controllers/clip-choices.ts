/** What the person has chosen to share with one request, and the clips cut from it: changed, cut again, left out, ready. */
import type { ReactiveControllerHost } from 'lit';
import type { ClipChoice, Journey } from '../../contracts/journey-api.ts';
import type { VerifiedClip } from '../../contracts/share.ts';
import { type CameraClips, preselected } from '../../core/clip-selection.ts';
import { ClipPreparer, type PreparedClip } from './clip-preparer.ts';

const untouched = (recordingId: string): ClipChoice => ({
  ...{ recordingId, mode: 'exact', mute: false, boxes: [], narrowed: null },
});

interface Asked {
  readonly journey: Journey | null;
  readonly requestId: string;
  /** What may be chosen from. */
  readonly cameras: readonly CameraClips[];
}

export class ClipChoices {
  readonly #host: ReactiveControllerHost;
  readonly #clips: ClipPreparer;
  readonly #asked: () => Asked;
  /** Null until the person says something. */
  #made: ReadonlyMap<string, ClipChoice> | null = null;

  /** `asked` says for which request and out of which recordings; it is asked anew each time. */
  constructor(host: ReactiveControllerHost, asked: () => Asked) {
    this.#host = host;
    this.#asked = asked;
    this.#clips = new ClipPreparer(host);
  }

  /** All that match with a certain time and were not shared before are chosen until the person says otherwise. */
  get chosen(): ReadonlyMap<string, ClipChoice> {
    return (
      this.#made ??
      new Map(
        preselected(this.#asked().cameras).map(({ recordingId }) => [recordingId, untouched(recordingId)] as const),
      )
    );
  }

  /** The finished clips of what was chosen, in that order. */
  get ready(): readonly VerifiedClip[] {
    return [...this.chosen.keys()].flatMap((id) => {
      const prepared = this.of(id);
      return prepared.state === 'ready' ? [prepared.clip] : [];
    });
  }

  of(recordingId: string): PreparedClip {
    return this.#clips.of(recordingId);
  }

  choose(recordingId: string, chosen: boolean): void {
    const next = new Map(this.chosen);
    if (chosen) next.set(recordingId, untouched(recordingId));
    else next.delete(recordingId);
    this.#settle(next);
    this.#clips.forget(recordingId);
  }

  /** Cuts every chosen one that is not cut yet. */
  cutAll(): void {
    this.#settle(this.chosen);
    for (const choice of this.chosen.values()) if (this.of(choice.recordingId).state !== 'ready') this.#cut(choice);
  }

  /** Cuts one anew as the person now wants it. */
  recut(choice: ClipChoice): void {
    this.#settle(new Map(this.chosen).set(choice.recordingId, choice));
    this.#cut(choice);
  }

  /** Stops cutting one, which stays chosen. */
  cancel(recordingId: string): void {
    this.#clips.cancel(recordingId);
  }

  #cut(choice: ClipChoice): void {
    const { journey, requestId } = this.#asked();
    if (journey) this.#clips.prepare(journey, requestId, choice);
  }

  #settle(made: ReadonlyMap<string, ClipChoice>): void {
    this.#made = made;
    this.#host.requestUpdate();
  }
}
