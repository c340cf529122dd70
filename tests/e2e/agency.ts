/** What somebody at an agency does on the page, by the names that are on the screen. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Position } from '../../src/contracts/units.ts';

export interface AskedFor {
  readonly title: string;
  readonly caseNumber: string;
  readonly incident: Position;
  /** Wall clocks in the browser's zone, `2026-11-22T12:00:00`. */
  readonly from: string;
  readonly to: string;
}

export class Agency {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** Enters the demo police's part, as anybody who tries the demo can. */
  async enter(): Promise<void> {
    await this.page.goto(`${this.#url}/agency`);
    await this.page.getByRole('button', { name: 'Be the demo’s police' }).click();
    await expect(this.page.getByText('You act for Wrenfield Police Department')).toBeVisible();
  }

  async go(desk: 'Inbox' | 'Posts' | 'New request' | 'Open a file' | 'Keys'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Agency' }).getByRole('link', { name: desk }).click();
  }

  /** Types a request whose every rule holds, with a circle of 400 m around the incident. */
  async compose({ title, caseNumber, incident, from, to }: AskedFor): Promise<void> {
    const { page } = this;
    await this.go('New request');
    await page.getByLabel('Case number').fill(caseNumber);
    await page.getByLabel('Incident type').fill('Theft');
    await page.getByLabel('Title').fill(title);
    await page.getByLabel('Description').fill('A van stood there. Did your camera see its number plate?');
    await page.getByLabel('Place in words').fill('Alder Street at Second');
    const investigator = page.getByRole('group', { name: 'Lead investigator' });
    await investigator.getByLabel('Name').fill('Det. Maria Lindqvist');
    await investigator.getByLabel('E-mail').fill('m.lindqvist@police.wrenfield.example');
    await page.getByLabel('Latitude of the incident (degrees)').fill(String(incident[1]));
    await page.getByLabel('Longitude of the incident (degrees)').fill(String(incident[0]));
    await page.getByLabel('From', { exact: true }).fill(from);
    await page.getByLabel('To', { exact: true }).fill(to);
  }

  async post(): Promise<void> {
    await this.page.getByRole('button', { name: 'Look at it, then post…' }).click();
    await this.page.getByRole('button', { name: 'Sign and post' }).click();
    await expect(this.page.getByRole('heading', { name: 'Posted: it waits for a review' })).toBeVisible();
  }

  /** One of the agency's own posts. */
  ownPost(title: string): Locator {
    return this.page.getByRole('listitem').filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  /** From the inbox to a package's own screen. */
  async openPackage(title: string): Promise<void> {
    await this.go('Inbox');
    await this.page.getByRole('button', { name: 'Look again' }).click();
    await this.page.getByRole('region', { name: title }).getByRole('link', { name: /^Open/ }).first().click();
    await expect(this.page.getByRole('heading', { name: /^Package of/ })).toBeVisible();
  }

  verdict(words: string): Locator {
    return this.page.getByText(words, { exact: true });
  }

  /** A check of the opened package, as it is heard. */
  check(name: string): Locator {
    return this.page.getByRole('listitem').filter({ hasText: name });
  }
}
