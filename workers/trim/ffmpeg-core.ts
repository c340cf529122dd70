/** The ffmpeg.wasm core as a disposable tool: one job per instance, one retry on a crash, a warm spare in waiting. */
import { FFFSType, type FFmpeg } from '@ffmpeg/ffmpeg';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { CoreUnavailable, loadCore, type CoreBuild } from './core-loader.ts';

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

/** The core tells its progress twice a second; after this long without a word it hangs. */
const LONGEST_SILENCE_MS = 90_000;

export const createFfmpegCore = (build: CoreBuild = 'plain'): FfmpegCore => {
  let spare: Promise<FFmpeg> | null = null;

  const take = (): Promise<FFmpeg> => {
    const instance = spare ?? loadCore(build);
    spare = null;
    return instance;
  };

  const warm = async (): Promise<void> => {
    spare ??= loadCore(build);
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
      for (const { name, data } of job.inputs) {
        // What is written is given away; a second attempt must find it still here.
        if (!(data instanceof Blob)) await ffmpeg.writeFile(name, attempt === 0 ? data.slice() : data);
      }
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
