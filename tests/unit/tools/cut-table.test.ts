/** The judge of the cut's proof is itself judged: it must find what usual editors leave in their clips. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { structureProblems } from '../../../tools/cut-table/boxes.ts';
import { judgeDamaged } from '../../../tools/cut-table/judge-damaged.ts';
import { judge, type Report, type Verdict } from '../../../tools/cut-table/judge.ts';
import { complaintKinds } from '../../../tools/cut-table/native.ts';
import { readSource, type Source } from '../../../tools/cut-table/source.ts';
import { someOf, windowsFor, type Window } from '../../../tools/cut-table/windows.ts';
import { nativeTool } from '../../../tools/find-native.ts';
import { run } from '../../support/run.ts';

const WINDOW: Window = { kind: 'middle', from: 1.4, to: 3.2, mode: 'exact', mute: false };

describe('judge', { timeout: 60_000 }, () => {
  let folder = '';
  let source: Source;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'porchlight-judge-'));
    const recording = join(folder, 'recording.mp4');
    await run(nativeTool('ffmpeg'), [
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=192x108:rate=25:duration=5',
        '-f',
        'lavfi',
        '-i',
        'sine=duration=5',
      ],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
      ...['-metadata', 'comment=serial 4711-0815', '-metadata', 'location=+37.3349-122.0090/', recording],
    ]);
    const read = await readSource(recording);
    if (!read) throw new Error('ffmpeg shows nothing of its own film');
    source = read;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const judged = async (name: string, args: readonly string[], report: Report = { ok: true, framesOriginal: 0 }) => {
    const clip = join(folder, `${name}.mp4`);
    await run(nativeTool('ffmpeg'), ['-v', 'error', '-y', ...args, clip]);
    return judge(source, WINDOW, report, clip);
  };
  const problems = ({ problems: found }: Verdict): string => found.join('\n');
  const select = `select='between(t,${WINDOW.from - 0.001},${WINDOW.to - 0.001})'`;

  it('sees the frames that a stream copy hides behind an edit list', async () => {
    const verdict = await judged('copy', ['-ss', '1.4', '-to', '3.2', '-i', source.file, '-c', 'copy']);
    expect(problems(verdict)).toMatch(/pictures instead of 45/);
    expect(problems(verdict)).toMatch(/hidden by an edit list/);
  });

  it('sees the encoder’s name, tags, messages and sound outside the window in a clip with the right frames', async () => {
    const verdict = await judged('encoded', [
      '-i',
      source.file,
      '-vf',
      select,
      '-fps_mode',
      'passthrough',
      '-c:v',
      'libx264',
      '-c:a',
      'copy',
    ]);
    const found = problems(verdict);
    expect(found).not.toMatch(/pictures instead of|wrong/);
    for (const leak of [
      /serial 4711-0815/,
      /\+37\.3349/,
      /x264 - core/,
      /bytes of SEI/,
      /sound packets instead/,
      /udta/,
      /tag encoder/,
    ]) {
      expect(found).toMatch(leak);
    }
  });

  it('sees a picture that is its neighbour’s, a wrong time, and a grey picture', async () => {
    const clean = ['-map_metadata', '-1', '-an', '-c:v', 'libx264', '-qp', '10'];
    const shifted = select.replace('1.399', '1.439').replace('3.199', '3.239');
    expect(
      problems(await judged('shifted', ['-i', source.file, '-vf', shifted, '-fps_mode', 'passthrough', ...clean])),
    ).toMatch(/pictures are wrong: picture \d+ is (its neighbour|unlike)/);
    expect(
      problems(
        await judged('slow', [
          '-i',
          source.file,
          '-vf',
          `${select},setpts=PTS*1.01`,
          '-fps_mode',
          'passthrough',
          ...clean,
        ]),
      ),
    ).toMatch(/not at their times/);
    expect(
      problems(
        await judged('grey', ['-i', source.file, '-vf', `${select},hue=s=0`, '-fps_mode', 'passthrough', ...clean]),
      ),
    ).toMatch(/unlike its original/);
  });

  it('does not believe that re-encoded frames are the camera’s own', async () => {
    const verdict = await judged(
      'claimed',
      ['-i', source.file, '-vf', select, '-fps_mode', 'passthrough', '-c:v', 'libx264'],
      { ok: true, framesOriginal: 40 },
    );
    expect(problems(verdict)).toMatch(/pictures in a row are the recording's, not 40/);
  });

  it('sees what a decoder complains about', async () => {
    const clip = join(folder, 'harmed.mp4');
    await run(nativeTool('ffmpeg'), [
      '-v',
      'error',
      '-i',
      source.file,
      '-vf',
      select,
      '-fps_mode',
      'passthrough',
      '-an',
      clip,
    ]);
    const bytes = await readFile(clip);
    // Over several samples, so that lengths of NAL units go too: no decoder can take that for a picture.
    bytes.fill(0xff, 4000, 16_000);
    await writeFile(clip, bytes);
    expect(problems(await judge(source, WINDOW, { ok: true, framesOriginal: 0 }, clip))).toMatch(/ffmpeg complains/);
  });

  it('accepts a refusal only where it is true', async () => {
    const refused = async (reason: string): Promise<string> =>
      problems(await judge(source, WINDOW, { ok: false, reason, detail: '' }, ''));
    expect(await refused('nothing-in-window')).toMatch(/holds 45 frames/);
    expect(await refused('damaged-in-window')).toMatch(/without a complaint/);
    expect(await refused('frame-missing')).toMatch(/frame-missing/);
    expect(await refused('unsupported-codec')).toBe('');
  });
});

describe('windowsFor', () => {
  const times = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 60 }).map((gaps) => {
    let at = 0;
    return gaps.map((gap) => (at += gap));
  });

  it('gives half-open windows of distinct kinds; one holds one frame, one none, and one begins and ends a microsecond off', () => {
    fc.assert(
      fc.property(times, fc.nat(5), (shown, every) => {
        const windows = windowsFor(
          shown,
          shown.filter((_, index) => index % (every + 1) === 0),
        );
        expect(new Set(windows.map(({ kind }) => kind)).size).toBe(windows.length);
        for (const { from, to } of windows) expect(from).toBeLessThan(to);
        const count = (kind: string): number | undefined => {
          const window = windows.find((candidate) => candidate.kind === kind);
          return (
            window &&
            shown.filter((us) => us >= Math.round(window.from * 1e6) && us < Math.round(window.to * 1e6)).length
          );
        };
        expect(count('both ends')).toBe(shown.length);
        expect(count('beyond both ends')).toBe(shown.length);
        expect(count('one frame') ?? 1).toBe(1);
        expect(count('no frame') ?? 0).toBe(0);
      }),
    );
  });

  it('tries every kind somewhere, though each recording has few of them', () => {
    const shown = Array.from({ length: 100 }, (_, index) => index * 40_000);
    const windows = windowsFor(shown, [0, 1_000_000, 2_000_000]);
    const tried = new Set(Array.from({ length: 40 }, (_, recording) => someOf(windows, recording, 1)).flat());
    expect(tried.size).toBe(windows.length);
  });
});

describe('structureProblems', () => {
  const box = (type: string, ...bodies: readonly Buffer[]): Buffer => {
    const body = Buffer.concat(bodies);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length, 0);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };

  it('names boxes that no clip has, stray bytes, names and times', () => {
    const dated = Buffer.alloc(100);
    dated.writeUInt32BE(1, 4);
    const file = [
      box('ftyp', Buffer.alloc(8)),
      box('moov', box('mvhd', dated), box('udta')),
      box('free', Buffer.alloc(4)),
      Buffer.from('end'),
    ];
    expect(structureProblems(Buffer.concat(file))).toEqual([
      'a time of making in mvhd',
      expect.stringMatching(/^box moov\/udta/),
      expect.stringMatching(/^box free/),
      expect.stringMatching(/^3 stray bytes/),
    ]);
  });
});

it('complaints are the same kind whatever their numbers', () => {
  expect(
    complaintKinds(
      '[h264 @ 0x55e5d7ea8c00] error while decoding MB 2 7, bytestream -8\n[h264 @ 0x1] error while decoding MB 31 0, bytestream 12\n    Last message repeated 3 times\n',
    ),
  ).toEqual(['[hN @] error while decoding MB N N, bytestream N']);
});

it('complaints of a decoder and of its parser, which has no name, are the same kind', () => {
  const kinds = complaintKinds('[h264 @ 0x1] reference count 4 overflow\n[NULL @ 0x2] reference count 5 overflow\n');
  expect(kinds).toHaveLength(1);
});

describe('judgeDamaged', () => {
  const packet = (from: number) => ({
    ...{ stream: 0, from, to: from + 0.04, bytes: 9, isKey: false, isDiscarded: false, hash: '' },
  });
  const own = [1, 1.04, 1.08, 1.12, 1.2].map(packet);
  const problems = (times: readonly number[], mode: Window['mode'] = 'exact') =>
    judgeDamaged(own, times.map(packet), { ...WINDOW, mode }, 10);

  it('wants every packet of the recording at its time, in whatever order they are decoded', () => {
    expect(problems([0, 0.12, 0.04, 0.08, 0.2])).toEqual([]);
    expect(problems([0, 0.04, 0.08, 0.2]).join()).toMatch(/4 packets instead of 5/);
    expect(problems([0, 0.04, 0.08, 0.16, 0.2]).join()).toMatch(/not at their times/);
    expect(problems([0, 0.04, 0.08, 0.08, 0.2]).join()).toMatch(/not at their times/);
  });

  it('lets original clips begin and end within the window, without a gap', () => {
    expect(problems([0, 0.04, 0.08], 'original')).toEqual([]);
    expect(problems([0, 0.04, 0.16], 'original').join()).toMatch(/no stretch/);
  });
});
