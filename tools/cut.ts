/** `npm run cut`: cuts a window out of any file with the page's own engine in headless Chromium, and reports what it did. */
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { failure, ok, type Result } from '../src/contracts/result.ts';
import type { RedactionBox } from '../src/contracts/trim-api.ts';
import { readCommandLine } from './command-line.ts';
import { openCutBrowser, type CutBrowser } from './cut-browser.ts';
import type { CutOutcome } from './cut-page/outcome.ts';

const USAGE = `Cuts one window out of a recording.

Usage:
  npm run cut -- INPUT --from S --to S --out FILE.mp4 --report FILE.json
                 [--mode exact|original|redacted] [--mute] [--box X,Y,W,H,FROM,TO]…
                 [--encoder auto|webcodecs|ffmpeg]
  npm run cut -- --batch JOBS.json

S       seconds on the recording's presentation timeline; the window is FROM ≤ time < TO
--mode  exact (default): every frame of the window; original: the camera's own bits only;
        redacted: the window re-encoded, with each --box blacked out (displayed pixels, seconds)
--mute  leave the sound out
--encoder  who encodes the frames at the edges: the browser's own coders, the ffmpeg core, or (default) the browser's
        where they can, else the core
JOBS    [{ "input", "from", "to", "output", "report", "mode"?, "mute"?, "boxes"?, "encoder"? }], all in one browser

Exit status: 0 every clip was cut and passed the audit; 2 wrong usage; 3 something was refused (see its report).`;

const EXIT = { cut: 0, usage: 2, refused: 3 } as const;

const JobSchema = v.object({
  input: v.string(),
  from: v.number(),
  to: v.number(),
  output: v.string(),
  report: v.string(),
  mode: v.optional(v.picklist(['exact', 'original', 'redacted']), 'exact'),
  mute: v.optional(v.boolean(), false),
  encoder: v.optional(v.picklist(['auto', 'webcodecs', 'ffmpeg']), 'auto'),
  boxes: v.optional(
    v.array(
      v.object({
        x: v.number(),
        y: v.number(),
        width: v.number(),
        height: v.number(),
        from: v.number(),
        to: v.number(),
      }),
    ),
    [],
  ),
});
type Job = v.InferOutput<typeof JobSchema>;

const readJobs = async (): Promise<Result<readonly Job[], 'usage'>> => {
  const usage = (problem: string): Result<never, 'usage'> => failure('usage', `${problem}\n\n${USAGE}`);
  const { values, positionals } = readCommandLine(USAGE, {
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      mode: { type: 'string' },
      mute: { type: 'boolean' },
      box: { type: 'string', multiple: true },
      encoder: { type: 'string' },
      out: { type: 'string' },
      report: { type: 'string' },
      batch: { type: 'string' },
    },
  });
  if (values.batch !== undefined) {
    const text = await readFile(values.batch, 'utf8').catch(() => null);
    if (text === null) return usage(`The list of jobs ${values.batch} cannot be read.`);
    try {
      return ok(v.parse(v.array(JobSchema), JSON.parse(text)));
    } catch (error) {
      return usage(`${values.batch} is no list of jobs: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const job = v.safeParse(JobSchema, {
    input: positionals[0],
    from: Number(values.from),
    to: Number(values.to),
    output: values.out,
    report: values.report,
    mode: values.mode,
    mute: values.mute,
    boxes: values.box?.map(readBox),
    encoder: values.encoder,
  });
  return job.success
    ? ok([job.output])
    : usage(v.flatten(job.issues).nested ? v.summarize(job.issues) : 'Wrong usage.');
};

const readBox = (text: string): RedactionBox => {
  const [x = NaN, y = NaN, width = NaN, height = NaN, from = NaN, to = NaN] = text.split(',').map(Number);
  return { x, y, width, height, from, to };
};

const runJob = async (browser: CutBrowser, job: Job): Promise<boolean> => {
  const readable = await access(job.input).then(
    () => true,
    () => false,
  );
  const outcome: CutOutcome & { peakMemory?: number | null } = readable
    ? await browser.cut(resolve(job.input), job, resolve(job.output))
    : { ok: false, reason: 'unreadable', detail: `${job.input} cannot be read.`, ms: 0 };
  await mkdir(dirname(resolve(job.report)), { recursive: true });
  // Whoever sees a report sees all of it.
  await writeFile(`${job.report}.part`, `${JSON.stringify(reportOf(outcome), null, 2)}\n`);
  await rename(`${job.report}.part`, job.report);
  const said = outcome.ok
    ? `${outcome.audit.frames.length} frames, ${outcome.facts.framesReencoded} re-encoded, ${outcome.audit.bytes} bytes, ${Math.round(outcome.ms)} ms`
    : `refused (${outcome.reason}): ${outcome.detail}`;
  console.log(`${job.input} ${job.from}–${job.to} s: ${said}`);
  return outcome.ok;
};

const reportOf = (outcome: CutOutcome & { peakMemory?: number | null }): Record<string, unknown> => {
  const ms = Math.round(outcome.ms);
  if (!outcome.ok) return { ok: false, reason: outcome.reason, detail: outcome.detail, ms };
  const { facts, audit } = outcome;
  return {
    ok: true,
    framesInWindow: facts.framesInWindow,
    framesOriginal: audit.frames.filter((frame) => frame.origin === 'original').length,
    framesReencoded: audit.frames.filter((frame) => frame.origin === 're-encoded').length,
    firstFrameAt: facts.firstFrameAt,
    lastFrameAt: facts.lastFrameAt,
    leftOutStart: facts.leftOutStart,
    leftOutEnd: facts.leftOutEnd,
    missing: facts.missing,
    damaged: facts.damaged,
    bytes: audit.bytes,
    sha256: audit.sha256,
    ms,
    bytesRead: facts.bytesRead,
    peakMemory: outcome.peakMemory ?? null,
    removed: facts.removed,
    audit: audit.checked,
  };
};

const main = async (): Promise<number> => {
  const jobs = await readJobs();
  if (!jobs.ok) {
    console.error(jobs.detail);
    return EXIT.usage;
  }
  const browser = await openCutBrowser();
  try {
    let refused = 0;
    for (const job of jobs.value) if (!(await runJob(browser, job))) refused++;
    return refused === 0 ? EXIT.cut : EXIT.refused;
  } finally {
    await browser.close();
  }
};

process.exitCode = await main();
