/** What leaves this device names every tag that a recording carried, however its container keeps them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nativeTool } from '../../../../tools/find-native.ts';
import { openSource } from '../../../../workers/inspect/sources/open-source.ts';
import { run } from '../../../support/run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'porchlight-metadata-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TAGS = [
  'title=Porch',
  'artist=PorchCam 9000',
  'comment=serial 4711',
  'location=+37.3349-122.0090/',
  'x-room=hall',
];

test.each<readonly [name: string, file: string, options: readonly string[], named: readonly string[]]>([
  [
    'an MP4 as telephones write it',
    'itunes.mp4',
    [],
    ['the tag \u00a9nam', 'the tag \u00a9ART', 'the tag \u00a9cmt', 'location (loci)'],
  ],
  [
    'an MP4 with keys',
    'keys.mp4',
    ['-movflags', 'use_metadata_tags'],
    ['the tag title', 'the tag artist', 'the tag x-room', 'location (location)'],
  ],
  [
    'a MOV with keys',
    'keys.mov',
    ['-movflags', 'use_metadata_tags'],
    ['the tag title', 'the tag artist', 'the tag x-room', 'location (location)'],
  ],
  ['a MOV with tags of user data', 'tags.mov', [], ['the tag \u00a9nam', 'the tag \u00a9ART']],
])('%s', async (_, file, options, named) => {
  const path = join(folder, file);
  await run(nativeTool('ffmpeg'), [
    ...[
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=64x64:rate=5',
      '-t',
      '1',
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
    ],
    ...TAGS.flatMap((tag) => ['-metadata', tag]),
    ...options,
    path,
  ]);
  const source = await openSource(new Blob([await readFile(path)]));
  expect(source.metadata).toEqual(expect.arrayContaining([...named]));
  source.close();
});
