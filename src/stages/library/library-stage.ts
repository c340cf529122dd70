/** Stage 2, library: cameras and their recordings, what is known of their times, and what room is left on the device. */
import type { Journey, LibraryState, StorageMeter } from '../../contracts/journey-api.ts';
import type { Camera, Recording } from '../../contracts/library.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { type Readable, writable } from '../../contracts/observable.ts';
import { failure, ok, type Result } from '../../contracts/result.ts';
import type { LibraryStore, StoreFailure } from '../../contracts/storage.ts';
import { decideInZone } from '../../core/camera-clocks.ts';
import { confirmedAt, confirmedByRule, ruleConfirmedBy } from '../../core/confirmed-time.ts';
import { cameraProblem } from './camera-problem.ts';

export interface LibraryStageParts {
  readonly library: LibraryStore;
  /** `navigator.storage`; the meter stays empty without it. */
  readonly storageManager?: Pick<StorageManager, 'estimate' | 'persist' | 'persisted'>;
}

/** The journey's deeds that are the library's alone, and its state. */
export interface LibraryStage extends Pick<
  Journey,
  | 'saveCamera'
  | 'deleteCamera'
  | 'deleteRecording'
  | 'confirmTime'
  | 'askEach'
  | 'videoOf'
  | 'thumbnailOf'
  | 'requestPersistence'
> {
  readonly state: Readable<LibraryState>;
  /** Shows recordings that were just kept, without reading everything anew. */
  added(recordings: readonly Recording[]): void;
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
    return library.putRecordings(
      doubtful.map((recording) => ({ ...recording, time: decideInZone(recording, camera.zone) })),
    );
  };

  /** What was confirmed for a camera stands as long as its zone does: in another one its local times mean something else. */
  const keepingRules = (camera: Camera, before: Camera | undefined): Camera => {
    const { confirmedRules: _given, ...rest } = camera;
    return before?.confirmedRules && before.zone === camera.zone
      ? { ...rest, confirmedRules: before.confirmedRules }
      : rest;
  };

  /** Remembers the answer for the camera's later imports, and gives it to all others that wait for it. */
  const confirmRule = async (
    recording: Recording,
    startMs: EpochMs,
  ): Promise<Result<readonly Recording[], StoreFailure>> => {
    const { source, confidence } = recording.time;
    const rule = ruleConfirmedBy(recording.time, startMs);
    if (confidence !== 'unconfirmed' || source === null || source === 'person' || !rule) return ok([]);
    const [cameras, recordings] = await Promise.all([library.cameras(), library.recordings()]);
    const camera = cameras.find(({ id }) => id === recording.cameraId);
    if (camera) {
      const saved = await library.putCamera({
        ...camera,
        confirmedRules: { ...camera.confirmedRules, [source]: rule },
      });
      if (!saved.ok) return saved;
    }
    const alike = recordings.filter(
      ({ id, cameraId, time }) => id !== recording.id && cameraId === recording.cameraId && time.source === source,
    );
    return ok(
      alike.flatMap((other) => {
        const time = confirmedByRule(other.time, rule);
        return time ? [{ ...other, time }] : [];
      }),
    );
  };

  return {
    state,
    reload,
    added: (recordings) => {
      const before = state.get();
      if (!before.loaded) return;
      const known = new Set(before.recordings.map(({ id }) => id));
      const fresh = recordings.filter(({ id }) => !known.has(id));
      if (fresh.length > 0) state.set({ ...before, recordings: [...before.recordings, ...fresh] });
    },
    saveCamera: async (camera) => {
      const problem = cameraProblem(camera);
      if (problem) return failure('invalid-camera', problem);
      return guarded(async () => {
        const before = (await library.cameras()).find(({ id }) => id === camera.id);
        const saved = await library.putCamera({ ...keepingRules(camera, before), name: camera.name.trim() });
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
        const others = applyToRule ? await confirmRule(recording, startMs) : ok([]);
        if (!others.ok) return others;
        return library.putRecordings([{ ...recording, time: confirmedAt(recording.time, startMs) }, ...others.value]);
      });
    },
    askEach: (cameraId, source) =>
      guarded(async () => {
        const camera = (await library.cameras()).find(({ id }) => id === cameraId);
        if (!camera) return failure('storage-unavailable', 'This camera is no longer in the library.');
        return library.putCamera({ ...camera, confirmedRules: { ...camera.confirmedRules, [source]: 'ask-each' } });
      }),
    videoOf: (id) => library.video(id),
    thumbnailOf: (id) => library.thumbnail(id),
    requestPersistence: async () => {
      const granted = (await storageManager?.persist()) ?? false;
      await reload();
      return granted;
    },
  };
};
