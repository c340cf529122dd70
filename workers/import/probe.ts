/** The import engine: what a picked file is; or a named refusal with a sentence for the person. */
import type { Probe, ProbeRefusal, ProbeRequest } from '../../src/contracts/import-api.ts';
import { failure, ok, type Failure, type Result } from '../../src/contracts/result.ts';
import { recorderBlock } from '../../src/core/camera-clocks-rules.ts';
import { timeCandidates } from '../../src/core/camera-clocks.ts';
import { readAvi } from './avi.ts';
import { type ByteSource, openBytes } from './byte-source.ts';
import { kindOf } from './container.ts';
import type { Contents, ContentsResult } from './contents.ts';
import { readFlv } from './flv.ts';
import { readProgramStream } from './mpeg-ps.ts';
import { hashAndCopy } from './own-copy.ts';
import { hasOpenEnd } from './open-end.ts';
import { sampleCountsArePossible } from './sample-counts.ts';
import { type Opened, openInput, readWithMediabunny } from './with-mediabunny.ts';

const readContents = async (bytes: ByteSource, relativePath: string, opened: () => Opened): Promise<ContentsResult> => {
  const found = await kindOf(bytes);
  const block = found.kind === 'iso' ? null : recorderBlock(relativePath);
  if (block) return failure('recorder-block', block);
  switch (found.kind) {
    case 'avi':
      return readAvi(bytes);
    case 'flv':
      return readFlv(bytes);
    case 'mpeg-ps':
      return readProgramStream(bytes);
    case 'foreign':
      return failure('unsupported-codec', found.sentence);
    case 'iso':
      if (!(await sampleCountsArePossible(bytes))) {
        return failure('damaged', 'This video is damaged: it claims to hold more pictures than it has bytes.');
      }
      return readWithMediabunny(opened(), bytes);
    case 'matroska':
    case 'mpeg-ts':
    case 'unknown':
      return readWithMediabunny(opened(), bytes);
  }
};

/** The browser could not read the file at all: moved, deleted, changed since it was picked, or on a card that was taken out. */
const isReadError = (error: unknown): boolean =>
  error instanceof DOMException && ['NotFoundError', 'NotReadableError', 'SecurityError'].includes(error.name);

const refusalOf = (error: unknown): Failure<ProbeRefusal> =>
  isReadError(error)
    ? failure('unreadable', 'This file could not be read: it was moved or changed, or its card was taken out.')
    : failure(
        'damaged',
        `This video is damaged and cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      );

const candidatesOf = (
  { creationMs, creationWallClock, zeroMs, firstFrameAt }: Contents,
  durationMs: number,
  request: ProbeRequest,
) =>
  timeCandidates({
    ...request,
    ...{ creationMs, creationWallClock, durationMs },
    startBoxMs: zeroMs === null ? null : zeroMs + firstFrameAt * 1_000,
  });

/** Longer than any recording: a year in one file is a damaged clock. */
const LONGEST_MS = 366 * 86_400_000;

/**
 * Reads facts, time candidates, thumbnail and hash of one file, all of it once when it is small and by ranges when it is large. Never throws
 * for anything that is in the file.
 */
export const probe = async (file: Blob, request: ProbeRequest): Promise<Result<Probe, ProbeRefusal>> => {
  if (file.size === 0) return failure('empty-file', 'This file is empty: it has no bytes at all.');
  let opened: Opened | null = null;
  try {
    const bytes = await openBytes(file);
    // The browser hashes on a thread of its own, while this one looks into the file. Large files are hashed only once they are wanted.
    const early = bytes.whole && hashAndCopy(file, bytes);
    early?.catch(() => undefined);
    const read = await readContents(bytes, request.relativePath, () => (opened = openInput(file, bytes)));
    if (!read.ok) return read;
    const contents = read.value;
    const { container, video, audio, firstFrameAt } = contents;
    const durationMs = (contents.endsAt - firstFrameAt) * 1_000;
    if (!(durationMs > 0 && durationMs < LONGEST_MS)) {
      return failure('damaged', 'This video is damaged: its frames are said to lie years apart.');
    }
    const [thumbnail, own] = await Promise.all([
      request.thumbnail === false ? null : contents.thumbnail(),
      early ?? hashAndCopy(file, bytes),
    ]);
    const candidates = candidatesOf(contents, durationMs, request);
    const facts = { container, durationMs, firstFrameAt, video, audio, candidates, thumbnail } as const;
    const openEnd = await hasOpenEnd(bytes, container);
    return ok({ ...facts, ...own, ...(openEnd && { openEnd }), bytes: file.size });
  } catch (error) {
    return refusalOf(error);
  } finally {
    (opened as Opened | null)?.close();
  }
};
