/** Runs the native judges (ffmpeg, ffprobe) and keeps all they say, whether they succeed or not. */
import { spawn } from 'node:child_process';
import { nativeTool } from '../find-native.ts';

export interface Said {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A judge that takes longer than this on a file of minutes is itself stuck, even on a busy machine. */
const LIMIT_MS = 1_500_000;

/** Runs one of them to its end; never rejects for what the program makes of the file, but when it does not end: half of what it says misleads. */
export const ask = (tool: 'ffmpeg' | 'ffprobe', args: readonly string[]): Promise<Said> =>
  new Promise((resolve, reject) => {
    const child = spawn(nativeTool(tool), args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    child.once('close', (status) => {
      if (child.killed) reject(new Error(`${tool} did not end within ${LIMIT_MS / 1000} s: ${args.join(' ')}`));
      else resolve({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') });
    });
  });

/** What the scaler says of full-range pictures, which cameras make, is no complaint about the file. */
const NO_COMPLAINT = /Last message repeated|^\[swscaler @/;

/**
 * The kinds of complaint in what ffmpeg wrote: addresses, names of files and numbers taken out, each kind once, sorted.
 * Two stretches of the same damage complain in the same kinds.
 */
export const complaintKinds = (stderr: string): readonly string[] => {
  const kinds = stderr
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !NO_COMPLAINT.test(line))
    .map((line) =>
      line
        .replace(/^\S+\.\w+: /, 'file: ')
        .replace(/@ 0x[0-9a-f]+/g, '@')
        // What the decoder says of a stretch, its parser (which has no name) may say of another.
        .replace(/^\[\w+ @\] (?=reference count )/, '[decoder @] ')
        .replace(/0x[0-9a-f]+|-?\d+(\.\d+)?/gi, 'N'),
    );
  return [...new Set(kinds)].sort();
};
