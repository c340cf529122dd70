/** The list of files being imported: a line each, shown some times a second and not at each change of a thousand lines. */
import type { ImportFile, ImportLine, ImportState } from '../../contracts/journey-api.ts';
import type { Camera } from '../../contracts/library.ts';
import type { Ms } from '../../contracts/units.ts';

export interface ImportJob {
  readonly file: ImportFile;
  readonly camera: Camera;
  /** The choice of files it came with. */
  readonly batch: string;
  line: ImportLine;
}

export interface ImportLines {
  jobsOf(files: readonly ImportFile[], camera: Camera, batch: string): readonly ImportJob[];
  add(jobs: readonly ImportJob[]): void;
  update(job: ImportJob, change: Partial<ImportLine>): void;
  isDone(job: ImportJob): boolean;
  clear(): void;
  /** At once, whatever was shown last. */
  show(): void;
}

const DONE: ReadonlySet<ImportLine['state']> = new Set(['kept', 'already-kept', 'refused', 'cancelled']);
const isDone = ({ line }: ImportJob): boolean => DONE.has(line.state);

export const createImportLines = (
  showEveryMs: Ms,
  onShown: (shown: Pick<ImportState, 'running' | 'done' | 'lines'>) => void,
): ImportLines => {
  let jobs: ImportJob[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const done = jobs.filter(isDone).length;
    onShown({ running: done < jobs.length, done, lines: jobs.map(({ line }) => line) });
  };

  return {
    jobsOf: (files, camera, batch) =>
      files.map((file) => ({
        ...{ file, camera, batch },
        line: { name: file.file.name, bytes: file.file.size, state: 'waiting', recordingId: null, refusal: null },
      })),
    add: (added) => {
      jobs = [...jobs, ...added];
      show();
    },
    update: (job, change) => {
      job.line = { ...job.line, ...change };
      if (showEveryMs === 0) show();
      else timer ??= setTimeout(show, showEveryMs);
    },
    isDone,
    clear: () => {
      jobs = jobs.filter((job) => !isDone(job));
      show();
    },
    show,
  };
};
