/** An import that stopped is offered again: with the files at hand, after a reload with those picked anew, or it is left out. */
import { expect, it } from 'vitest';
import { makeVideo } from '../import/make-video.ts';
import { camera } from '../storage/samples.ts';
import { buttonCalled, deep, openLibrary, type LibraryScreen } from './library-screen.ts';
import { textOf } from './mount.ts';

const PORCH = camera({ id: 'porch', name: 'Porch' });

const offered = ({ view }: LibraryScreen): string => textOf(deep(view, 'pl-unfinished-imports') ?? view);
const panel = ({ view }: LibraryScreen): Element | null => deep(view, 'pl-unfinished-imports');

/** Three films of which only the first is read. */
const stoppedImport = async (): Promise<{ screen: LibraryScreen; files: readonly File[] }> => {
  const screen = await openLibrary([PORCH]);
  const files = await Promise.all(['a', 'b', 'c'].map((letter) => makeVideo(`${letter}.mp4`, 1)));
  const { state, cancel } = screen.importing;
  const stop = state.subscribe(() => {
    if (state.get().lines[1]?.state === 'reading') cancel();
  });
  await screen.importFiles(files, PORCH);
  stop();
  return { screen, files };
};

it('goes on with the files at hand', { timeout: 60_000 }, async () => {
  const { screen } = await stoppedImport();
  await expect.poll(() => offered(screen)).toContain('2 files of 3 from the folder “card” are still to be read.');
  expect(offered(screen)).not.toContain('Pick it again');
  buttonCalled(panel(screen), 'Continue').click();
  await expect.poll(async () => (await screen.rows()).size, { timeout: 20_000 }).toBe(3);
  await expect.poll(() => offered(screen).trim()).toBe('');
});

it(
  'after a reload asks for the folder again, says when it is another, and takes what waits',
  { timeout: 60_000 },
  async () => {
    const { screen, files } = await stoppedImport();
    const again = await screen.reloaded();
    await expect.poll(() => offered(again)).toContain('Pick it again to go on.');
    const field = panel(again)?.shadowRoot?.querySelector<HTMLInputElement>('#folder');
    const pick = (picked: readonly File[]): void => {
      // As the browser hands over a picked folder.
      for (const file of picked) Object.defineProperty(file, 'webkitRelativePath', { value: `card/${file.name}` });
      if (field) Object.defineProperty(field, 'files', { value: picked, configurable: true });
      field?.dispatchEvent(new Event('change'));
    };
    // A picker opens on this click; what is chosen in it arrives as a change of the field.
    field?.addEventListener('click', (event) => event.preventDefault(), { once: true });
    buttonCalled(panel(again), 'Continue').click();
    pick([await makeVideo('other.mp4', 1)]);
    await expect.poll(() => offered(again)).toContain('None of the files that are still to be read was found there.');
    pick(files);
    await expect.poll(async () => (await again.rows()).size, { timeout: 20_000 }).toBe(3);
    await expect.poll(() => offered(again).trim()).toBe('');
  },
);

it('is left out when the person says so, and what was kept stays', { timeout: 60_000 }, async () => {
  const { screen } = await stoppedImport();
  await expect.poll(() => offered(screen)).toContain('still to be read');
  buttonCalled(panel(screen), 'Leave them out').click();
  await expect.poll(() => offered(screen).trim()).toBe('');
  const again = await screen.reloaded();
  expect(offered(again).trim()).toBe('');
  expect([...(await again.rows()).keys()]).toEqual(['a.mp4']);
});
