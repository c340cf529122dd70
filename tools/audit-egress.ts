/**
 * `npm run audit:egress`: what leaves, seen from outside. Builds the page, starts a hub on a throw-away folder behind a recording proxy,
 * drives a share in headless Chromium, opens what was captured with the age tool, and prints a verdict.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { drive } from './audit-egress/drive.ts';
import { describe } from './audit-egress/findings.ts';
import { judge, type Verdict } from './audit-egress/judge.ts';
import { MUST_BE_FOUND, SABOTAGES, sabotagePlugin, type Sabotage } from './audit-egress/sabotage.ts';
import { layRecording, recordingProblem, startAuditHub } from './audit-egress/stage.ts';
import { readCommandLine, wrongUsage } from './command-line.ts';
import { ensureNativeTools } from './find-native.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const USAGE = `Usage: npm run audit:egress -- [--file VIDEO] [--from S] [--to S] [--keep DIR] [--sabotage NAME]

Drives a share in headless Chromium, records every byte on every connection from outside the page, and compares.
--file      a recording of your own (one is made without it)
--from, --to  the window, in seconds into the recording
--keep      keep everything that was captured there
--sabotage  plant a leak that must be found; “--sabotage list” prints their names

Exit status: 0 nothing left but what the page shows; 1 any disagreement; 2 wrong usage.`;

export interface AuditOptions {
  readonly file?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Where everything is kept; a temporary folder, deleted afterwards, without it. */
  readonly keep?: string | undefined;
  readonly sabotage?: Sabotage | null;
  /** A page that is built already. */
  readonly dist?: string | undefined;
}

/** Builds the page as `npm run build` does; with a planted leak when there is to be one. */
export const buildForAudit = async (folder: string, planted: boolean): Promise<string> => {
  const dist = join(folder, 'dist');
  await build({
    root: PROJECT,
    logLevel: 'error',
    build: { outDir: dist, emptyOutDir: true },
    ...(planted && { plugins: [sabotagePlugin()] }),
  });
  return dist;
};

/** One audit from build to verdict. Throws when the share could not even be tried. */
export const auditEgress = async (options: AuditOptions): Promise<Verdict> => {
  ensureNativeTools();
  const { keep, sabotage = null } = options;
  const folder = keep === undefined ? mkdtempSync(join(tmpdir(), 'porchlight-audit-')) : resolve(keep);
  mkdirSync(folder, { recursive: true });
  try {
    const recording = layRecording(folder, options);
    const dist = options.dist ?? (await buildForAudit(folder, sabotage !== null));
    const hub = await startAuditHub(dist, recording);
    try {
      const driven = await drive(hub, recording, folder, sabotage);
      return await judge(driven, hub, recording, dist, folder);
    } finally {
      await hub.stop();
    }
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
};

/** Whether the finding that a planted leak must cause is among the findings. */
export const isCaught = (sabotage: Sabotage, { findings }: Verdict): boolean => {
  const { check, words } = MUST_BE_FOUND[sabotage];
  return findings.all.some(
    (finding) => finding.check === check && finding.problems.some((problem) => words.test(problem)),
  );
};

const table = (bytesOut: ReadonlyMap<string, number>): string =>
  [...bytesOut]
    .toSorted(([, a], [, b]) => b - a)
    .map(([purpose, bytes]) => `${String(bytes).padStart(12)}  ${purpose}`)
    .join('\n');

const seconds = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const main = async (): Promise<number> => {
  const option = { type: 'string' } as const;
  const { values } = readCommandLine(USAGE, {
    options: { file: option, from: option, to: option, keep: option, sabotage: option },
  });
  const { file, keep } = values;
  const [from, to] = [seconds(values.from), seconds(values.to)];
  if (values.sabotage === 'list') {
    for (const [name, what] of Object.entries(SABOTAGES)) console.log(`${name.padEnd(20)} ${what}`);
    return 0;
  }
  const sabotage = (Object.keys(SABOTAGES) as Sabotage[]).find((name) => name === values.sabotage) ?? null;
  if (values.sabotage !== undefined && sabotage === null)
    return wrongUsage(`No leak is called ${values.sabotage}; --sabotage list names them.`, USAGE);
  if (file !== undefined && !existsSync(file)) return wrongUsage(`There is no file ${file}.`, USAGE);
  if (
    [from, to].some((time) => time !== undefined && !(time >= 0)) ||
    (from !== undefined && to !== undefined && to <= from)
  )
    return wrongUsage('--from and --to are seconds into the recording, --to the later one.', USAGE);

  ensureNativeTools();
  const problem = file === undefined ? null : recordingProblem(file, from, to);
  if (problem !== null) return wrongUsage(problem, USAGE);

  const verdict = await auditEgress({ file, from, to, keep, sabotage });
  console.log(
    `\n${describe(verdict.findings)}\n\nBytes out, by purpose, as they were on the wire:\n${table(verdict.bytesOut)}\n`,
  );
  const count = verdict.findings.problems.length;
  console.log(count === 0 ? 'Nothing left but what the page shows.' : `${count} disagreements.`);
  if (keep !== undefined) console.log(`Everything that was captured lies in ${resolve(keep)}`);
  return count === 0 ? 0 : 1;
};

if (import.meta.main) {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}
