/** The ffmpeg.wasm core as a disposable tool: one job per instance, one retry on a crash, a warm spare in waiting. */
import { FFFSType, FFmpeg } from '@ffmpeg/ffmpeg';
import coreUrl from '@ffmpeg/core?url';
import wasmUrl from '@ffmpeg/core/wasm?url';
import { CORE_SHA256 } from '../../src/contracts/ffmpeg-core.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';

export interface CoreJob {
  /** A Blob is mounted, not copied: the core reads the slices it needs. The job's arguments name it `mountedPath(name)`. */
  readonly inputs: readonly { readonly name: string; readonly data: Uint8Array | Blob }[];
  readonly args: readonly string[];
  readonly outputs: readonly string[];
  /** Hears every line of the log; `attempt` counts from 0, as a job that crashed is run once more. */
  readonly onLog?: (line: string, attempt: number) => void;
}

export type CoreFailure = 'core-unavailable' | 'core-crashed';

export interface FfmpegCore {
  /** Runs one job; outputs in the order asked for. `onFrame` hears how many frames are encoded so far. */
  run(job: CoreJob, onFrame: (frames: number) => void): Promise<Result<readonly Uint8Array[], CoreFailure>>;
  warm(): Promise<void>;
}

const MOUNT_POINT = '/mounted';

/** The path under which a job's arguments find a Blob among its inputs. */
export const mountedPath = (name: string): string => `${MOUNT_POINT}/${name}`;

const LOAD_TIMEOUT_MS = 60_000;
/** The core tells its progress twice a second; after this long without a word it hangs. */
const LONGEST_SILENCE_MS = 90_000;

class CoreUnavailable extends Error {}

/** Checks once per worker that this origin serves the pinned core, then lets instances load it from the HTTP cache. */
let integrity: Promise<void> | null = null;

const checkIntegrity = (): Promise<void> => {
  integrity ??= Promise.all([checkFile(coreUrl, CORE_SHA256.script), checkFile(wasmUrl, CORE_SHA256.wasm)]).then(
    () => undefined,
    (error: unknown) => {
      integrity = null;
      throw error;
    },
  );
  return integrity;
};

const checkFile = async (url: string, expected: string): Promise<void> => {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new CoreUnavailable('The video encoder could not be loaded from this page’s own server.');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== expected)
    throw new CoreUnavailable('The video encoder is not the one this page was built with; it was not used.');
};

const loadInstance = async (): Promise<FFmpeg> => {
  await checkIntegrity();
  const ffmpeg = new FFmpeg();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CoreUnavailable('The video encoder did not start.')), LOAD_TIMEOUT_MS);
  });
  try {
    await Promise.race([ffmpeg.load({ coreURL: absolute(coreUrl), wasmURL: absolute(wasmUrl) }), late]);
    return ffmpeg;
  } catch (error) {
    ffmpeg.terminate();
    throw new CoreUnavailable(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
};

const absolute = (url: string): string => new URL(url, globalThis.location.href).href;

export const createFfmpegCore = (): FfmpegCore => {
  let spare: Promise<FFmpeg> | null = null;

  const take = (): Promise<FFmpeg> => {
    const instance = spare ?? loadInstance();
    spare = null;
    return instance;
  };

  const warm = async (): Promise<void> => {
    spare ??= loadInstance();
    // A failed spare must not be handed out, nor stay an unhandled rejection: the next job loads afresh and reports.
    await spare.catch(() => {
      spare = null;
    });
  };

  const runOnce = async (
    job: CoreJob,
    attempt: number,
    onFrame: (frames: number) => void,
  ): Promise<readonly Uint8Array[] | string> => {
    const ffmpeg = await take();
    const log: string[] = [];
    // Terminating rejects what is under way.
    let silence = setTimeout(() => ffmpeg.terminate(), LONGEST_SILENCE_MS);
    ffmpeg.on('log', ({ message }) => {
      clearTimeout(silence);
      silence = setTimeout(() => ffmpeg.terminate(), LONGEST_SILENCE_MS);
      job.onLog?.(message, attempt);
      log.push(message);
      if (log.length > 40) log.shift();
      const frames = /^frame=\s*(\d+)/.exec(message)?.[1];
      if (frames) onFrame(Number(frames));
    });
    try {
      const blobs = job.inputs.flatMap(({ name, data }) => (data instanceof Blob ? [{ name, data }] : []));
      for (const { name, data } of job.inputs) if (!(data instanceof Blob)) await ffmpeg.writeFile(name, data);
      if (blobs.length > 0) {
        await ffmpeg.createDir(MOUNT_POINT);
        await ffmpeg.mount(FFFSType.WORKERFS, { blobs }, MOUNT_POINT);
      }
      const code = await ffmpeg.exec([...job.args]);
      if (code !== 0) return `ended with ${code}: ${log.slice(-3).join(' | ')}`;
      const outputs: Uint8Array[] = [];
      for (const name of job.outputs) {
        const data = await ffmpeg.readFile(name);
        if (typeof data === 'string') return 'gave text where bytes belong';
        outputs.push(data);
      }
      return outputs;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      clearTimeout(silence);
      ffmpeg.terminate();
    }
  };

  return {
    warm,
    run: async (job, onFrame) => {
      let problem = '';
      for (let attempt = 0; attempt < 2; attempt++) {
        try {
          const outcome = await runOnce(job, attempt, onFrame);
          if (typeof outcome !== 'string') return ok(outcome);
          problem = outcome;
        } catch (error) {
          if (error instanceof CoreUnavailable) return failure('core-unavailable', error.message);
          throw error;
        }
      }
      return failure('core-crashed', `The video encoder failed twice: ${problem}`);
    },
  };
};
