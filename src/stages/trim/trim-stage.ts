/** Stage 4, trim: through the gates, then the cut. A window that no gate let pass never reaches the trimmer. */
import type { ClipChoice } from '../../contracts/journey-api.ts';
import { presentationZero, type Camera, type Recording } from '../../contracts/library.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import { failure, ok, type Result } from '../../contracts/result.ts';
import type { GateRefusal } from '../../contracts/share.ts';
import type { LibraryStore } from '../../contracts/storage.ts';
import type { TrimJob, TrimmedClip, TrimProgress, TrimRefusal, TrimResult } from '../../contracts/trim-api.ts';
import type { EpochMs, TimeWindow } from '../../contracts/units.ts';
import { passGates } from '../../core/gates.ts';

export interface TrimStageParts {
  readonly trimmer: {
    trim(
      source: Blob,
      job: TrimJob,
      options: { readonly signal?: AbortSignal; readonly onProgress: (progress: TrimProgress) => void },
    ): Promise<TrimResult>;
    warm(): Promise<void>;
  };
  readonly library: Pick<LibraryStore, 'video'>;
  readonly now: () => EpochMs;
}

/** What is to be cut, as the record and the library show it now; null for what they do not have. */
export interface TrimQuestion {
  readonly view: RequestView | null;
  readonly camera: Camera | null;
  readonly recording: Recording | null;
  readonly choice: ClipChoice;
}

/** A clip with everything its audit needs. */
export interface CutClip {
  readonly clip: TrimmedClip;
  readonly job: TrimJob;
  readonly source: Blob;
  readonly window: TimeWindow;
  /** True time of presentation time 0. */
  readonly recordingStartMs: EpochMs;
}

export interface TrimStage {
  cut(
    question: TrimQuestion,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: TrimProgress) => void },
  ): Promise<Result<CutClip, GateRefusal | TrimRefusal>>;
  /** Gets an encoder ready ahead of need. Never rejects; a failure is told when a cut needs it. */
  warm(): Promise<void>;
}

export const createTrimStage = ({ trimmer, library, now }: TrimStageParts): TrimStage => ({
  cut: async ({ view, camera, recording, choice }, options) => {
    const passed = passGates({ view, camera, recording, narrowed: choice.narrowed, now: now() });
    if (!passed.ok) return passed;
    const source = recording && (await library.video(recording.id));
    const recordingStartMs = recording && camera && presentationZero(recording, camera);
    if (!source || recordingStartMs === null) {
      return failure('recording-missing', 'This recording is not in the library any more.');
    }
    const window = passed.value;
    const job: TrimJob = {
      from: (window.from - recordingStartMs) / 1_000,
      to: (window.to - recordingStartMs) / 1_000,
      mode: choice.mode,
      mute: choice.mute,
      boxes: choice.boxes,
    };
    const trimmed = await trimmer.trim(source, job, options);
    return trimmed.ok ? ok({ clip: trimmed.value, job, source, window, recordingStartMs }) : trimmed;
  },
  warm: () => trimmer.warm(),
});
