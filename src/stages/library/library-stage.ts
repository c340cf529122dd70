/** Stage 2, library: cameras and their recordings, what is known of their times, and what room is left on the device. */
import type { Journey, LibraryState, StorageMeter } from '../../contracts/journey-api.ts';
import type { Camera, Recording } from '../../contracts/library.ts';
import { type Readable, writable } from '../../contracts/observable.ts';
import { failure, ok, type Result } from '../../contracts/result.ts';
import type { LibraryStore, StoreFailure } from '../../contracts/storage.ts';
import { decideInZone } from '../../core/camera-clocks.ts';
import { cameraProblem } from './camera-problem.ts';
import { confirmedAt, sameRuleConfirmed } from './confirm-time.ts';

export interface LibraryStageParts {
  readonly library: LibraryStore;
  /** `navigator.storage`; the meter stays empty without it. */
  readonly storageManager?: Pick<StorageManager, 'estimate' | 'persist' | 'persisted'>;
}

/** The journey's deeds that are the library's alone, and its state. */
export interface LibraryStage extends Pick<
  Journey,
  'saveCamera' | 'deleteCamera' | 'deleteRecording' | 'confirmTime' | 'videoOf' | 'thumbnailOf' | 'requestPersistence'
> {
  readonly state: Readable<LibraryState>;
  /** Reads everything anew. Never rejects: what went wrong is in `state.problem`. */
  reload(): Promise<void>;
}

const NO_METER: StorageMeter = { usedBytes: null, quotaBytes: null, persisted: null };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const createLibraryStage = ({ library, storageManager }: LibraryStageParts): LibraryStage => {
  const state = writable<LibraryState>({ loaded: false, cameras: [], recordings: [], meter: NO_METER, problem: null });

  const measure = async (): Promise<StorageMeter> => {
    if (!storageManager) return NO_METER;
    try {
      const [{ usage = null, quota = null }, persisted] = await Promise.all([
        storageManager.estimate(),
        storageManager.persisted(),
      ]);
      return { usedBytes: usage, quotaBytes: quota, persisted };
    } catch {
      return NO_METER;
    }
  };

  const reload = async (): Promise<void> => {
    try {
      const [cameras, recordings, meter] = await Promise.all([library.cameras(), library.recordings(), measure()]);
      state.set({ loaded: true, cameras, recordings, meter, problem: null });
    } catch (error) {
      state.set({ ...state.get(), problem: messageOf(error) });
    }
  };

  const thenReload = async <R extends string>(deed: Promise<Result<void, R>>): Promise<Result<void, R>> => {
    const result = await deed;
    await reload();
    return result;
  };

  const putAll = async (recordings: readonly Recording[]): Promise<Result<void, StoreFailure>> => {
    for (const recording of recordings) {
      const stored = await library.putRecording(recording);
      if (!stored.ok) return stored;
    }
    return ok(undefined);
  };

  const guarded = async <R extends string>(
    deed: () => Promise<Result<void, R>>,
  ): Promise<Result<void, R | StoreFailure>> => {
    try {
      return await thenReload(deed());
    } catch (error) {
      return failure('storage-unavailable', `The library on this device did not answer (${messageOf(error)}).`);
    }
  };

  const rereadTimes = async (before: Camera | undefined, camera: Camera): Promise<Result<void, StoreFailure>> => {
    if (!before || before.zone === camera.zone) return ok(undefined);
    const recordings = await library.recordings();
    const doubtful = recordings.filter(
      ({ cameraId, time }) => cameraId === camera.id && time.confidence !== 'confirmed',
    );
    return putAll(doubtful.map((recording) => ({ ...recording, time: decideInZone(recording, camera.zone) })));
  };

  return {
    state,
    reload,
    saveCamera: async (camera) => {
      const problem = cameraProblem(camera);
      if (problem) return failure('invalid-camera', problem);
      return guarded(async () => {
        const before = (await library.cameras()).find(({ id }) => id === camera.id);
        const saved = await library.putCamera({ ...camera, name: camera.name.trim() });
        return saved.ok ? rereadTimes(before, camera) : saved;
      });
    },
    deleteCamera: (id) => guarded(() => library.deleteCamera(id)),
    deleteRecording: (id) => guarded(() => library.deleteRecording(id)),
    confirmTime: async (recordingId, startMs, applyToRule) => {
      if (!Number.isFinite(new Date(startMs).getTime())) return failure('invalid-time', 'That is not a date and time.');
      return guarded(async () => {
        const recording = await library.recording(recordingId);
        if (!recording) return failure('storage-unavailable', 'This recording is no longer in the library.');
        const others = applyToRule ? sameRuleConfirmed(recording, startMs, await library.recordings()) : [];
        return putAll([{ ...recording, time: confirmedAt(recording.time, startMs) }, ...others]);
      });
    },
    videoOf: (id) => library.video(id),
    thumbnailOf: (id) => library.thumbnail(id),
    requestPersistence: async () => {
      const granted = (await storageManager?.persist()) ?? false;
      await reload();
      return granted;
    },
  };
};
