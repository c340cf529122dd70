/** The library asks about a doubtful clock once for each camera and rule; the answer holds for all its recordings, also later ones. */
import { expect, it } from 'vitest';
import { makeVideo } from '../import/make-video.ts';
import { camera } from '../storage/samples.ts';
import { buttonCalled, deep, openLibrary, type LibraryScreen } from './library-screen.ts';
import { textOf } from './mount.ts';

const PORCH = camera({ id: 'porch', name: 'Porch' });
const YARD = camera({ id: 'yard', name: 'Yard' });

const banner = ({ view }: LibraryScreen): Element | null => deep(view, 'pl-clock-questions');
const bannerText = (screen: LibraryScreen): string => textOf(banner(screen) ?? screen.view);
const confidences = async ({ rows }: LibraryScreen) =>
  Object.fromEntries([...(await rows())].map(([name, { time }]) => [name, time.confidence]));

it('one look settles all of a rule, and those that come later', { timeout: 60_000 }, async () => {
  const screen = await openLibrary([PORCH, YARD]);
  const names = ['20260511_140000_Porch.mp4', '20260512_140000_Porch.mp4', '20260513_140000_Porch.mp4'];
  const films = await Promise.all(names.map((name) => makeVideo(name, 1)));
  await screen.importFiles(films.slice(0, 2), PORCH);
  await screen.importFiles([await makeVideo('20260511_150000_Yard.mp4', 1)], YARD);
  await expect.poll(() => bannerText(screen)).toMatch(/Porch, 2 recordings.*Yard, 1 recording/);

  buttonCalled(banner(screen), 'Check one').click();
  await expect.poll(() => deep(screen.view, 'pl-confirm-time-form')?.shadowRoot?.querySelector('#start')).toBeTruthy();
  const fields = deep(screen.view, 'pl-confirm-time-form')?.shadowRoot;
  const start = fields?.querySelector<HTMLInputElement>('#start');
  // The newest of the two is shown, and the answer is for all of them.
  expect(start?.value).toBe('2026-05-12T14:00');
  expect(fields?.querySelector('wa-checkbox')?.checked).toBe(true);
  if (start) start.value = '2026-05-12T14:00:05';
  start?.dispatchEvent(new Event('input'));
  fields?.querySelector('form')?.requestSubmit();

  await expect
    .poll(() => confidences(screen))
    .toMatchObject({ [names[0] ?? '']: 'confirmed', [names[1] ?? '']: 'confirmed' });
  expect((await screen.rows()).get(names[0] ?? '')?.time.startMs).toBe(Date.parse('2026-05-11T21:00:05Z'));
  await expect.poll(() => bannerText(screen)).not.toContain('Porch,');
  expect(bannerText(screen)).toContain('Yard, 1 recording');

  await screen.importFiles(films.slice(2), PORCH);
  expect(await confidences(screen)).toMatchObject({ [names[2] ?? '']: 'confirmed' });
  expect(bannerText(screen)).not.toContain('Porch,');
});

it('is not asked again when the person wants to look at each', { timeout: 60_000 }, async () => {
  const screen = await openLibrary([PORCH]);
  await screen.importFiles([await makeVideo('20260511_140000_Porch.mp4', 1)], PORCH);
  await expect.poll(() => bannerText(screen)).toContain('Porch, 1 recording');
  buttonCalled(banner(screen), 'I check each myself').click();
  await expect.poll(() => bannerText(screen).trim()).toBe('');
  await screen.importFiles([await makeVideo('20260512_140000_Porch.mp4', 1)], PORCH);
  const again = await screen.reloaded();
  expect(bannerText(again).trim()).toBe('');
  expect(Object.values(await confidences(again))).toEqual(['unconfirmed', 'unconfirmed']);
});
