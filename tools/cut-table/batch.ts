/** Cuts many windows with `npm run cut -- --batch`, and gets over a job that hangs or takes the browser down. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedactionBox } from '../../src/contracts/trim-api.ts';
import { BLACKENED, type Report } from './judge.ts';
import type { Source } from './source.ts';
import type { Window } from './windows.ts';

export interface Task {
  readonly source: Source;
  readonly window: Window;
  readonly clip: string;
  readonly report: string;
}

/** No cut of these small recordings takes this long; without a report for so long, the one that is due has hung. */
const STALLED_MS = 180_000;
const LOOK_EVERY_MS = 500;
/** Everything was cut; something was refused. */
const MEANINGFUL: ReadonlySet<number> = new Set([0, 3]);

/** Cuts them all in one browser, or in a fresh one behind a job that hung, and tells each as soon as it has its report: once for every task. */
export const cutAll = async (folder: string, tasks: readonly Task[], tell: (task: Task) => void): Promise<void> => {
  // In a folder that is kept there may be those of an earlier run.
  for (const { report } of tasks) await rm(report, { force: true });
  let pending = tasks;
  while (pending.length > 0) {
    const list = join(folder, 'jobs.json');
    await writeFile(list, JSON.stringify(pending.map(jobOf)));
    const untold = new Set(pending);
    const isDone = await runBatch(list, untold, tell);
    const [due, ...rest] = untold;
    if (isDone === 'broken' && untold.size === pending.length) throw new Error('`npm run cut` does not start');
    if (due) {
      await writeFile(due.report, JSON.stringify({ ok: false, reason: 'hung', detail: 'There was no answer.' }));
      tell(due);
    }
    pending = rest;
  }
};

export const readReport = async ({ report }: Task): Promise<Report> =>
  JSON.parse(await readFile(report, 'utf8')) as Report;

const jobOf = ({ source, window, clip, report }: Task): object => ({
  ...{ input: source.file, output: clip, report },
  ...{ from: window.from, to: window.to, mode: window.mode, mute: window.mute },
  ...(window.mode === 'redacted' ? { boxes: [boxIn(source, window)] } : {}),
});

/** The box that the judge looks for, over the whole window, in whole pixels of the displayed picture. */
const boxIn = ({ displayed: { width, height } }: Source, { from, to }: Window): RedactionBox => {
  const x = Math.round(BLACKENED.left * width);
  const y = Math.round(BLACKENED.top * height);
  const right = Math.round(BLACKENED.right * width);
  const bottom = Math.round(BLACKENED.bottom * height);
  return { x, y, width: right - x, height: bottom - y, from, to };
};

/** Takes out of `untold` what it tells. `broken`: it ended by itself with a status that `npm run cut` has no meaning for. */
const runBatch = (list: string, untold: Set<Task>, tell: (task: Task) => void): Promise<'ended' | 'broken'> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../cut.ts'), '--batch', list], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let lastNewsAt = performance.now();
    const look = (): void => {
      for (const task of untold) {
        if (!existsSync(task.report)) continue;
        untold.delete(task);
        tell(task);
        lastNewsAt = performance.now();
      }
    };
    const watch = setInterval(() => {
      look();
      if (performance.now() - lastNewsAt > STALLED_MS) child.kill();
    }, LOOK_EVERY_MS);
    child.once('error', reject);
    child.once('close', (status) => {
      clearInterval(watch);
      look();
      resolve(status === null || MEANINGFUL.has(status) ? 'ended' : 'broken');
    });
  });
