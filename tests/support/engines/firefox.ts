/** Firefox ESR, driven over WebDriver BiDi. */
import { launch } from 'puppeteer-core';
import type { PlayerAnswer, Engine } from './engine.ts';
import { shownOf } from './engine.ts';

/** Opens the player page in a fresh profile. Rejects when the browser does not start. */
export const openFirefox = async (path: string, page: string): Promise<Engine> => {
  const browser = await launch({
    ...{ browser: 'firefox', executablePath: path, headless: true, protocolTimeout: 120_000 },
    extraPrefsFirefox: { 'media.autoplay.default': 0, 'media.hardware-video-decoding.enabled': false },
  });
  const tab = await browser.newPage();
  await tab.goto(page);
  return {
    name: `Firefox ${(await browser.version()).replace(/^\D*/, '')}`,
    show: async (url, type, times) =>
      shownOf(
        await tab.evaluate((...asked) => (globalThis as unknown as PlayerPage).showFrames(...asked), url, type, [
          ...times,
        ]),
      ),
    close: () => browser.close(),
  };
};

interface PlayerPage {
  showFrames(url: string, type: string, times: readonly number[]): Promise<PlayerAnswer>;
}
