/** A recording with a damaged stretch inside the window: the person is told which seconds are missing before anything leaves, the agency after. */
import { blinkName, makeRecording } from '../support/recording.ts';
import { harmPictures } from '../support/harm.ts';
import { framesOf } from '../support/oracle.ts';
import { openPackage } from '../support/package.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { demoAgeKey } from '../../tools/demo/keys.ts';
import { clockTime } from '../../src/ui/format.ts';
import { expect, test } from './fixtures.ts';

const TITLE = 'Parcels taken from porches';
const ZONE = 'America/Los_Angeles';
const START = Math.floor(Date.now() / 60_000) * 60_000 - 2 * 3_600_000;
/** From the picture at 5 s to before the keyframe at 8 s. */
const HARM = { from: 5, to: 8 } as const;

test('damaged seconds are named in the review, in What leaves and in the package', async ({
  hub,
  folder,
  resident,
}) => {
  const { page } = resident;
  const kind = { width: 640, height: 360, durationS: 12, sound: false } as const;
  const file = await makeRecording(folder, blinkName('front-door', START), START, kind);
  expect(await harmPictures(file, HARM.from, HARM.to)).toBe(45);
  await hub.publish({ id: 'porch', title: TITLE, window: { from: START + 2_000, to: START + 11_000 } });
  await resident.addCamera('Front door', TEST_PLACE);
  await resident.importFiles([file], 'Front door');
  await resident.beginShare(TITLE);
  await resident.waitForClips(1);

  const told = `3 s of the picture are missing from ${clockTime(START + HARM.from * 1_000, ZONE, true)} `;
  await expect(page.getByRole('note', { name: 'Damage in the recording' })).toContainText(told);
  await expect(page.getByText('missing: damaged in the recording')).toBeVisible();
  await resident.seal();
  const notice = page.getByRole('note', { name: 'Damage in the recording' });
  await expect(notice).toContainText(told);
  await expect(notice).toContainText(/P[SD]T: the recording is damaged there/);
  await resident.send();
  await expect(resident.receipt()).toBeVisible();

  const [sealed = ''] = await hub.packages();
  const { identity } = await demoAgeKey('police');
  const { manifest, clips, readme } = await openPackage(sealed, identity, folder);
  const [clip] = manifest.clips;
  const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
  expect(clip?.missing).toEqual([{ from: at(HARM.from), to: at(HARM.to) }]);
  expect(readme).toContain(`3 s of the picture are missing from ${at(HARM.from)}`);
  // And it is so: between the two pictures at either side of the gap there is none.
  const times = (await framesOf(clips[0] ?? '', 'ignoring')).map((frame) => frame.at);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(Math.max(...gaps)).toBeCloseTo(HARM.to - HARM.from + 1 / 15, 2);
  expect(times).toHaveLength(clip?.frames.total ?? -1);
});
