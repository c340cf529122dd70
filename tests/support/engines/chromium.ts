/** Chromium, driven by Playwright. */
import { chromium } from '@playwright/test';
import { browserFlags, ensureBrowser } from '../../../tools/find-browser.ts';
import { shownOf, type Engine, type PlayerAnswer } from './engine.ts';

/** Opens the player page. Rejects when the browser does not start. */
export const openChromium = async (page: string): Promise<Engine> => {
  const browser = await chromium.launch({ executablePath: ensureBrowser().path, args: [...browserFlags()] });
  const tab = await browser.newPage();
  await tab.goto(page);
  return {
    name: `Chromium ${browser.version()}`,
    show: async (url, type, times) =>
      shownOf(
        await tab.evaluate(
          (asked) => (globalThis as unknown as PlayerPage).showFrames(asked.url, asked.type, asked.times),
          { url, type, times },
        ),
      ),
    close: () => browser.close(),
  };
};

interface PlayerPage {
  showFrames(url: string, type: string, times: readonly number[]): Promise<PlayerAnswer>;
}
