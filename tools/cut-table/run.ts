/** Cuts a folder's recordings by many windows and has native ffmpeg judge each clip: the common part of the table and the tests. */
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { cutAll, readReport, type Task } from './batch.ts';
import { judge, picturesIn, type Verdict } from './judge.ts';
import { readSource, type Source } from './source.ts';
import { windowsFor, type Window } from './windows.ts';

export interface Judged {
  readonly window: Window;
  /** Frames of the recording in the window. */
  readonly wanted: number;
  readonly ms: number;
  readonly verdict: Verdict;
}

export interface FileResult {
  readonly file: string;
  /** Null when native ffmpeg shows no picture of it; then one window was tried, to see how it is refused. */
  readonly source: Pick<Source, 'video' | 'probe' | 'sound'> | null;
  readonly judged: readonly Judged[];
}

export interface Settings {
  /** Chooses among a recording's windows; all of them unless given. */
  readonly choose?: (windows: readonly Window[], recording: number) => readonly Window[];
  readonly say?: (line: string) => void;
  /** Where clips and reports are kept; a temporary folder, removed afterwards, unless given. */
  readonly keep?: string;
}

/** Programs that read or judge beside one another, and beside the browser that cuts. */
const AT_ONCE = 2;
const SAY_EVERY = 100;
/** For files that hold no picture. */
const ANY_WINDOW: Window = { kind: 'any', from: 0, to: 5, mode: 'exact', mute: false };

/** Cuts and judges `files`, in their order. */
export const cutAndJudge = async (
  files: readonly string[],
  { choose = (windows) => windows, say = () => undefined, keep }: Settings = {},
): Promise<readonly FileResult[]> => {
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'porchlight-cut-table-')));
  try {
    say(`reading ${files.length} files with native ffmpeg`);
    const inTurn = pLimit(AT_ONCE);
    const sources = await Promise.all(files.map((file) => inTurn(() => readSource(file))));
    const tasks = files.flatMap((file, index) => tasksFor(folder, file, sources[index] ?? null, index, choose));
    say(`cutting and judging ${tasks.length} windows`);
    const judging = new Map<Task, Promise<Judged>>();
    await cutAll(folder, tasks, (task) => {
      const judged = inTurn(() => judgeTask(task));
      // Told when all are gathered.
      judged.catch(() => undefined);
      judging.set(task, judged);
      if (judging.size % SAY_EVERY === 0) say(`  ${judging.size} cut`);
    });
    const judgedOf = (file: string): Promise<readonly Judged[]> =>
      Promise.all(tasks.filter(({ source }) => source.file === file).flatMap((task) => judging.get(task) ?? []));
    return await Promise.all(
      files.map(async (file, index) => ({ file, source: sources[index] ?? null, judged: await judgedOf(file) })),
    );
  } finally {
    if (keep === undefined) await rm(folder, { recursive: true, force: true });
  }
};

const tasksFor = (
  folder: string,
  file: string,
  source: Source | null,
  recording: number,
  choose: NonNullable<Settings['choose']>,
): readonly Task[] => {
  const path = (window: Window, ending: string): string =>
    join(folder, `${recording}-${basename(file)}-${window.kind.replaceAll(/\W+/g, '-')}.${ending}`);
  const task = (of: Source, window: Window): Task => ({
    ...{ source: of, window },
    ...{ clip: path(window, 'mp4'), report: path(window, 'json') },
  });
  if (source === null) return [task(unplayable(file), ANY_WINDOW)];
  const shown = source.decoded.pictures.map(({ us }) => us);
  return choose(windowsFor(shown, source.keys), recording).map((window) => task(source, window));
};

const unplayable = (file: string): Source => ({
  file,
  probe: { format: '', streams: [], packets: [], tags: [] },
  video: { index: 0, codec_type: 'video', time_base: '1/1', disposition: {} },
  displayed: { width: 0, height: 0 },
  decoded: { pictures: [], tickUs: 1, complaints: [] },
  ...{ keys: [], sound: null, words: [], complaints: () => Promise.resolve(['nothing is shown']) },
});

const NOT_COMPARABLE = /pictures instead of 0|sound where there should be none|refused|for another reason/;
const EBML_MAGIC = 0x1a45dfa3;

const judgeTask = async (task: Task): Promise<Judged> => {
  const { source, window } = task;
  const report = await readReport(task);
  const wanted = picturesIn(source, window).length;
  const verdict = await judge(source, window, report, report.ok ? await properlyNamed(task.clip) : task.clip);
  // What native ffmpeg plays nothing of cannot be compared; a clip made of it must still be sound in itself.
  const isUnplayable = source.probe.streams.length === 0;
  const problems = isUnplayable
    ? verdict.problems.filter((problem) => !NOT_COMPARABLE.test(problem))
    : verdict.problems;
  return { ...{ window, wanted, ms: report.ms ?? 0 }, verdict: { ...verdict, problems } };
};

/** ffmpeg's options differ by container: a WebM clip gets its own ending. */
const properlyNamed = async (clip: string): Promise<string> => {
  const file = await open(clip);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  await file.close();
  if (buffer.readUInt32BE(0) !== EBML_MAGIC) return clip;
  const named = clip.replace(/mp4$/, 'webm');
  await rename(clip, named);
  return named;
};
