/** Rule 4 over the raw bytes: texts that would tell which software or device made the clip, or where. */
import type { AuditedBox } from '../../src/contracts/inspect-api.ts';
import type { Findings } from './findings.ts';

/** In the index, where there is no text at all, short names are proof enough; `LavcC` is an avcC box of 0x4c bytes, whose size spells the L. */
const IN_INDEX =
  /x26[45]|Lav[cf](?!C)|ffmpeg|HandBrake|GPAC|[Mm]ediabunny|com\.(?:apple|android)|GoPro|\b(?:iPhone|Android)\b/;
/** Among coded pictures four bytes spell a name by chance now and then; these are long enough not to. */
const IN_MEDIA = /x26[45] - core|x26[45] \(build|Lav[cf]\d\d\.\d|[Ff][Ff]mpeg|HandBrake/;
/** ISO 6709 as cameras write it: +37.7749-122.4194/ */
const POSITION = /[+-]\d{2}\.\d{3,}[+-]\d{3}\.\d{3,}/;

const PIECE = 1 << 16;
/** Longer than any of the texts, so that one across two pieces is seen whole. */
const OVERLAP = 64;

/** Calls `found` with each match and where it is; pieces overlap, and a match in the overlap is reported once. */
const scan = (
  bytes: Uint8Array,
  start: number,
  end: number,
  pattern: RegExp,
  found: (text: string, at: number) => void,
): void => {
  // windows-1252 maps every byte to one character, so indices stay byte offsets; the patterns are ASCII.
  const decoder = new TextDecoder('windows-1252');
  for (let at = start; at < end; at += PIECE) {
    const text = decoder.decode(bytes.subarray(at, Math.min(end, at + PIECE + OVERLAP)));
    const match = pattern.exec(text);
    if (match !== null && match.index < PIECE) found(match[0], at + match.index);
  }
};

/** Looks through the whole file; `media` is where the samples lie, everything else is index. `boxes` name the places of finds. */
export const findLeaks = (
  bytes: Uint8Array,
  media: { readonly start: number; readonly end: number },
  boxes: readonly AuditedBox[],
  findings: Findings,
): void => {
  const boxAt = (at: number): string =>
    boxes
      .filter(({ offset, bytes: size }) => offset <= at && at < offset + size)
      .toSorted((a, b) => a.bytes - b.bytes)[0]?.path ?? 'no box';
  const report = (text: string, at: number): void =>
    findings.add('encoder-string', `The text “${text}” stands at byte ${at}, in ${boxAt(at)}.`);
  scan(bytes, 0, media.start, IN_INDEX, report);
  scan(bytes, media.end, bytes.length, IN_INDEX, report);
  scan(bytes, media.start, media.end, IN_MEDIA, report);
  for (const [start, end] of [
    [0, media.start],
    [media.end, bytes.length],
  ] as const) {
    scan(bytes, start, end, POSITION, (text, at) =>
      findings.add('location', `The position ${text} stands at byte ${at}, in ${boxAt(at)}.`),
    );
  }
};
