/** What a resident does on the page, by the names that are on the screen. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Position } from '../../src/contracts/units.ts';

export const IDENTITY = { name: 'Ana Ruiz', email: 'ana@example.com', address: '12 Alder Street' } as const;

/** Cutting a minute of 1080p on a slow machine. */
const CUT_TIMEOUT_MS = 90_000;

export class Resident {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** The same resident in another tab. */
  at(page: Page): Resident {
    return new Resident(page, this.#url);
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(`${this.#url}${path}`);
  }

  /** Adds a camera in the library; `place` null leaves it without one. */
  async addCamera(name: string, place: Position | null): Promise<void> {
    await this.open('/library');
    await this.page.getByRole('button', { name: 'Add a camera' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Add a camera' });
    // The form is slotted into the dialog: shown in it, but not its descendant.
    const form = this.page.locator('pl-camera-form');
    await form.getByLabel('Name').fill(name);
    if (place !== null) {
      await form.getByLabel('Latitude (degrees)').fill(String(place[1]));
      await form.getByLabel('Longitude (degrees)').fill(String(place[0]));
    }
    await form.getByRole('button', { name: 'Save camera' }).click();
    await expect(dialog).toBeHidden();
    await expect(this.page.getByRole('button', { name: new RegExp(`^${name}`) })).toBeVisible();
  }

  /** Begins to import files for a camera; the library must be open. */
  async chooseFiles(files: readonly string[], camera: string): Promise<void> {
    const into = this.page.getByLabel('They were made by');
    if (await into.isVisible()) await into.selectOption({ label: camera });
    await this.fileField().setInputFiles([...files]);
  }

  /** Imports files for a camera and waits until all are kept. */
  async importFiles(files: readonly string[], camera: string): Promise<void> {
    await this.open('/library');
    await this.chooseFiles(files, camera);
    const noun = files.length === 1 ? 'recording' : 'recordings';
    await expect(this.importStatus()).toContainText(`Import finished: ${files.length} ${noun} kept`, {
      timeout: 60_000,
    });
  }

  /** Where recordings are picked. */
  fileField(): Locator {
    return this.page.getByRole('region', { name: 'Bring in recordings' }).getByLabel('Recordings', { exact: true });
  }

  importStatus(): Locator {
    return this.page.getByRole('region', { name: 'Import', exact: true }).getByRole('status');
  }

  /** The recordings that the library lists. */
  recordings(): Locator {
    return this.page.getByRole('button', { name: /^Play / });
  }

  /** A request's post on the timeline. */
  post(title: string): Locator {
    return this.page.getByRole('article').filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  async openRequest(title: string): Promise<void> {
    await this.open();
    await this.post(title).getByRole('link', { name: title }).click();
    await expect(this.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  /** From a request to the share screen's review, where the clips are being cut. */
  async beginShare(title: string): Promise<void> {
    await this.openRequest(title);
    await this.page.getByRole('button', { name: 'Tap here to help' }).click();
    await this.page.getByRole('button', { name: 'Review the clips' }).click();
  }

  /** Waits until every chosen clip is cut and checked. */
  async waitForClips(howMany: number): Promise<void> {
    const noun = howMany === 1 ? 'clip' : 'clips';
    await expect(this.page.getByText(`${howMany} of ${howMany} ${noun} ready`)).toBeVisible({
      timeout: CUT_TIMEOUT_MS,
    });
  }

  /** From the review to *What leaves this device*. */
  async seal(): Promise<void> {
    await this.page.getByRole('button', { name: 'Continue' }).click();
    await this.page.getByLabel('Name', { exact: true }).fill(IDENTITY.name);
    await this.page.getByLabel('E-mail').fill(IDENTITY.email);
    await this.page.getByLabel('Home address').fill(IDENTITY.address);
    await this.page.getByRole('button', { name: 'See what leaves this device' }).click();
    await expect(this.page.getByRole('heading', { name: 'What leaves this device' })).toBeVisible();
  }

  async send(): Promise<void> {
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
  }

  async resume(): Promise<void> {
    await this.page.getByRole('button', { name: 'Resume', exact: true }).click();
  }

  receipt(): Locator {
    return this.page.getByRole('heading', { name: 'Receipt' });
  }

  /** The whole way from a request to its receipt. */
  async share(title: string, clips = 1): Promise<void> {
    await this.beginShare(title);
    await this.waitForClips(clips);
    await this.seal();
    await this.send();
    await expect(this.receipt()).toBeVisible({ timeout: 60_000 });
  }
}
