/** Runs a native program and gives back what it wrote; a failure says what the program said. */
import { execFile } from 'node:child_process';

const MOST_OUTPUT_BYTES = 512 * 1024 * 1024;

/** Standard output and error as text. Rejects with the program's own words when it ends with another code than 0. */
export const run = (
  program: string,
  args: readonly string[],
  options: {
    readonly uid?: number;
    readonly gid?: number;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve, reject) => {
    execFile(program, args, { ...options, maxBuffer: MOST_OUTPUT_BYTES, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${program} ${args.join(' ')}\n${stderr}`, { cause: error }));
    });
  });
