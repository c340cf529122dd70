/** The library's screen on the real stages and a database of its own. */
import { deleteDB } from 'idb';
import { onTestFinished } from 'vitest';
import { createImporter } from '../../../src/bridge/import.ts';
import type { ImportFile, Journey } from '../../../src/contracts/journey-api.ts';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import type { Stores } from '../../../src/contracts/storage.ts';
import { createImportStage, type ImportStage } from '../../../src/stages/import/import-stage.ts';
import { createLibraryStage } from '../../../src/stages/library/library-stage.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import '../../../src/ui/views/library-view.ts';
import type { LibraryView } from '../../../src/ui/views/library-view.ts';
import '../../../src/ui/web-awesome.ts';
import '../../../src/ui/web-awesome-forms.ts';
import { freshName } from '../storage/samples.ts';
import { mount } from './mount.ts';

export interface LibraryScreen {
  readonly view: LibraryView;
  readonly stores: Stores;
  readonly importing: ImportStage;
  /** Imports files for a camera and waits until each is done with. */
  importFiles(files: readonly File[], camera: Camera): Promise<void>;
  /** Rows of the database, by file name. */
  rows(): Promise<ReadonlyMap<string, Recording>>;
  /** The same database on a page that was loaded anew. */
  reloaded(): Promise<LibraryScreen>;
}

const screenOn = async (stores: Stores, width: number): Promise<LibraryScreen> => {
  const { library } = stores;
  let ids = 0;
  const newId = (): string => `${Date.now()}-${(ids += 1)}`;
  const kept = createLibraryStage({ library });
  const importing = createImportStage({
    ...{ importer: createImporter(1), library, pending: stores.imports, now: Date.now, newId },
    ...{ showEveryMs: 0, onKept: kept.added },
  });
  await Promise.all([kept.reload(), importing.start()]);
  const cameraOf = (id: string): Camera | null => kept.state.get().cameras.find((camera) => camera.id === id) ?? null;
  const journey: Partial<Journey> = {
    ...kept,
    ...{ library: kept.state, imports: importing.state, demo: false },
    cancelImport: () => importing.cancel(),
    resumeImport: (id, files) => importing.resume(id, files, cameraOf),
    forgetImport: (id) => importing.forget(id),
    clearImportLines: () => importing.clear(),
  };
  const view = await mount('pl-library-view', { journey: journey as Journey }, width);
  return {
    view,
    stores,
    importing,
    importFiles: async (files, camera) => {
      const picked: ImportFile[] = files.map((file) => ({ file, relativePath: `card/${file.name}` }));
      await importing.add(picked, camera);
      await kept.reload();
    },
    rows: async () => new Map((await library.recordings()).map((row) => [row.fileName, row])),
    reloaded: async () => {
      view.remove();
      return screenOn(stores, width);
    },
  };
};

/** A screen with these cameras and recordings in its library. */
export const openLibrary = async (
  cameras: readonly Camera[],
  recordings: readonly Recording[] = [],
  width = 900,
): Promise<LibraryScreen> => {
  const name = freshName();
  onTestFinished(() => deleteDB(name));
  const opened = await openStores({ name });
  if (!opened.ok) throw new Error(opened.detail);
  const { library } = opened.value;
  for (const camera of cameras) await library.putCamera(camera);
  for (const recording of recordings) await library.addRecording(recording, new Blob([recording.id]), null);
  return screenOn(opened.value, width);
};

/** The first element that fits, through all shadow roots. */
export const deep = <E extends Element = HTMLElement>(root: Element | ShadowRoot, selector: string): E | null => {
  const here = root instanceof Element && root.shadowRoot ? root.shadowRoot : root;
  const found = here.querySelector<E>(selector);
  if (found) return found;
  for (const element of here.querySelectorAll('*')) {
    const inside = element.shadowRoot && deep<E>(element.shadowRoot, selector);
    if (inside) return inside;
  }
  return null;
};

/** The button of that name in an element's own shadow root. */
export const buttonCalled = (element: Element | null, name: string): HTMLElement => {
  const buttons = element?.shadowRoot?.querySelectorAll<HTMLElement>('wa-button, button') ?? [];
  const found = [...buttons].find((button) => button.textContent?.trim() === name);
  if (!found) throw new Error(`no button “${name}”`);
  return found;
};
