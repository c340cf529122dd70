/** The judges of sound as commands that tests in the browser can give to Node: bytes travel as base64. */
import { readFile } from 'node:fs/promises';
import {
  judgeSound,
  sameSamples,
  soundRecording,
  soundShift,
  type ClipToJudge,
  type SoundKind,
  type SoundVerdict,
} from './sound-judge.ts';

type Sent = Omit<ClipToJudge, 'clip'> & { readonly clip: string };

const received = (sent: Sent): ClipToJudge => ({ ...sent, clip: Buffer.from(sent.clip, 'base64') });

export const SOUND_COMMANDS = {
  soundRecording: async (_: unknown, name: string, kind: SoundKind) => {
    const path = await soundRecording(name, kind);
    return { path, bytes: (await readFile(path)).toString('base64') };
  },
  judgeSound: (_: unknown, sent: Sent) => judgeSound(received(sent)),
  sameSamples: (_: unknown, sent: Sent, format: string, settled: number) =>
    sameSamples(received(sent), format, settled),
  soundShift: (_: unknown, sent: Sent) => soundShift(received(sent)),
};

declare module 'vitest/internal/browser' {
  interface BrowserCommands {
    soundRecording(name: string, kind: SoundKind): Promise<{ readonly path: string; readonly bytes: string }>;
    judgeSound(sent: Sent): Promise<SoundVerdict>;
    sameSamples(
      sent: Sent,
      format: string,
      settled: number,
    ): Promise<{ readonly same: boolean; readonly frames: number }>;
    soundShift(sent: Sent): Promise<{ readonly shift: number; readonly likeness: number }>;
  }
}
