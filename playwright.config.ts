/** End-to-end tests: the built page, served by the real hub, in a real Chromium; one at a time, because each has a hub and a browser of its own. */
import { defineConfig } from '@playwright/test';
import { browserFlags, findBrowser } from './tools/find-browser.ts';

const browser = findBrowser();

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  globalSetup: './tests/e2e/global-setup.ts',
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  /** `npm test` asks for a report to count from. */
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] === undefined ? [['list']] : [['list'], ['json']],
  use: {
    browserName: 'chromium',
    headless: true,
    locale: 'en-US',
    timezoneId: 'America/Los_Angeles',
    /** Every test but those of tests/e2e/offline*.spec.ts does without the service worker, as a private window does. */
    serviceWorkers: 'block',
    viewport: { width: 1280, height: 900 },
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      args: [...browserFlags()],
      ...(browser === null ? {} : { executablePath: browser.path }),
    },
  },
});
