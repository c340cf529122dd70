/** The main job: a real recording goes in, exactly the requested window comes out at the agency, and native tools say so. */
import { TEST_PLACE } from '../support/test-hub.ts';
import { audioPacketsOf, describeFile, framesOf, wordsFoundIn } from '../support/oracle.ts';
import { openPackage } from '../support/package.ts';
import { blinkName, makeRecording, SECRETS, type RecordingKind } from '../support/recording.ts';
import { demoAgeKey } from '../../tools/demo/keys.ts';
import { expect, test } from './fixtures.ts';
import { IDENTITY } from './resident.ts';

/** The window of the issue, in seconds of the recording. */
const FROM = 10.1;
const TO = 40.25;
/** A clip's track may count time in other units than its source's. */
const TICK = 0.0005;
const LEAST_IDENTICAL = 0.9;
const TITLE = 'Parcels taken from porches';

/** Two hours ago, on a full second, as a camera's file name has it. */
const aRecentStart = (): number => Math.floor(Date.now() / 1000) * 1000 - 2 * 3_600_000;

const windowOf = (start: number): { readonly from: number; readonly to: number } => ({
  from: start + FROM * 1000,
  to: start + TO * 1000,
});

/**
 * The clip's sound packets are the source's from inside the window, in order and bit for bit; only those in which the
 * encoder wrote its name (ffmpeg does in every 256th) differ, by having it blanked.
 */
const expectSoundInside = async (clip: string, source: string): Promise<void> => {
  const inside = (await audioPacketsOf(source, 'honouring')).filter(
    ({ from, to }) => from >= FROM - TICK && to <= TO + TICK,
  );
  const heard = await audioPacketsOf(clip, 'ignoring');
  expect(heard.length).toBeGreaterThan(inside.length - 4);
  const start = inside.findIndex(({ hash }) => hash === heard[0]?.hash);
  expect(start, 'where the clip’s sound begins in the window').toBeGreaterThanOrEqual(0);
  expect(start + heard.length).toBeLessThanOrEqual(inside.length);
  const altered = heard.filter(({ hash }, index) => hash !== inside[start + index]?.hash);
  expect(altered.length).toBeLessThanOrEqual(Math.ceil(heard.length / 256));
  for (const packet of altered)
    expect(packet.bytes).toBeLessThanOrEqual(inside[start + heard.indexOf(packet)]?.bytes ?? 0);
};

/** Everything that the issue asks of a clip, measured with native ffmpeg against its source. */
const expectExactly = async (clip: string, source: string): Promise<void> => {
  const inWindow = (await framesOf(source, 'honouring')).filter(({ at }) => at >= FROM && at < TO);
  const found = await framesOf(clip, 'ignoring');
  expect(found).toHaveLength(inWindow.length);
  const offset = (inWindow[0]?.at ?? 0) - (found[0]?.at ?? 0);
  for (const [index, { at }] of found.entries())
    expect(Math.abs(at + offset - (inWindow[index]?.at ?? 0))).toBeLessThan(TICK);
  const identical = found.filter(({ md5 }, index) => md5 === inWindow[index]?.md5).length;
  expect(identical / found.length).toBeGreaterThanOrEqual(LEAST_IDENTICAL);

  await expectSoundInside(clip, source);

  const words = ['\u00a9xyz', 'loci', '+37.33', SECRETS.maker, SECRETS.note, 'Lavf', 'Lavc', 'x264'];
  expect(await wordsFoundIn(source, words)).toEqual(words);
  expect(await wordsFoundIn(clip, words)).toEqual([]);
  const { format, streams } = await describeFile(clip);
  expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
  expect([format, ...streams].filter(({ tags }) => tags?.['creation_time'] !== undefined)).toEqual([]);
};

const kinds: readonly (readonly [name: string, kind: RecordingKind])[] = [
  ['without B-frames', {}],
  ['with B-frames', { bFrames: true }],
];

for (const [name, kind] of kinds) {
  test(`a recording ${name} is shared: exactly the window arrives, and only the agency can open it`, async ({
    hub,
    folder,
    resident,
  }) => {
    const start = aRecentStart();
    const source = await makeRecording(folder, blinkName('front-door', start), start, kind);
    await hub.publish({ id: 'porch-parcels', title: TITLE, window: windowOf(start) });

    await resident.addCamera('Front door', TEST_PLACE);
    await resident.importFiles([source], 'Front door');
    await resident.open();
    await expect(resident.post(TITLE)).toContainText('1 camera inside the area · 1 recording overlaps · 30 s');
    await resident.share(TITLE);
    await expect(resident.page.getByText('The same bytes that you sealed')).toBeVisible();

    const packages = await hub.packages();
    expect(packages).toHaveLength(1);
    const { identity } = await demoAgeKey('police');
    const { manifest, clips, names } = await openPackage(packages[0] ?? '', identity, folder);
    expect(names.toSorted()).toEqual(['README.txt', 'clips/01.mp4', 'manifest.json']);
    expect(manifest.sharedBy).toEqual(IDENTITY);
    expect(Date.parse(manifest.clips[0]?.window.from ?? '')).toBe(start + FROM * 1000);
    expect(Date.parse(manifest.clips[0]?.window.to ?? '')).toBe(start + TO * 1000);
    await expectExactly(clips[0] ?? '', source);
    const { identity: another } = await demoAgeKey('fire');
    await expect(openPackage(packages[0] ?? '', another, folder)).rejects.toThrow('no identity matched');
  });
}

test('of two cameras the one outside the area cannot be shared', async ({ hub, folder, resident }) => {
  const start = aRecentStart();
  const kind: RecordingKind = { width: 640, height: 360 };
  const near = await makeRecording(folder, blinkName('front-door', start), start, kind);
  const far = await makeRecording(folder, blinkName('cabin', start), start, { ...kind, framesPerSecond: 10 });
  const window = windowOf(start);
  await hub.publish({ id: 'near-by', title: TITLE, window });
  const elsewhere = [TEST_PLACE[0] + 1, TEST_PLACE[1]] as const;
  await hub.publish({
    id: 'far-away',
    title: 'Far away',
    window,
    area: { type: 'Circle', center: [...elsewhere], radiusM: 400 },
    incident: elsewhere,
  });

  await resident.addCamera('Front door', TEST_PLACE);
  await resident.addCamera('Cabin', [TEST_PLACE[0] + 0.3, TEST_PLACE[1]]);
  await resident.importFiles([near], 'Front door');
  await resident.importFiles([far], 'Cabin');
  await resident.open();
  await expect(resident.post(TITLE)).toContainText('1 camera inside the area · 1 recording overlaps');
  await expect(resident.post('Far away')).toContainText('outside the area');

  await resident.openRequest('Far away');
  await expect(
    resident.page.getByText('Recordings from outside the area that was asked about cannot be shared'),
  ).toBeVisible();
  await expect(resident.page.getByRole('button', { name: 'Tap here to help' })).toBeHidden();
  await resident.open('/share/far-away');
  await expect(resident.page.getByRole('button', { name: 'Review the clips' })).toBeDisabled();

  await resident.share(TITLE);
  const packages = await hub.packages();
  const { identity } = await demoAgeKey('police');
  const { manifest } = await openPackage(packages[0] ?? '', identity, folder);
  expect(manifest.clips.map(({ camera }) => camera.name)).toEqual(['Front door']);
});
