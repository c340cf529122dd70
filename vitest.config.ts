/** Two kinds of tests: `unit` in Node (tests/unit, tests/server) and `browser` in a real, headless Chromium (tests/browser). */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { SECURITY_HEADERS } from './src/contracts/security-headers.ts';
import { DEMO_ROOT_KEY } from './tools/demo/root-key.ts';
import { SOUND_COMMANDS } from './tests/support/sound-commands.ts';
import { browserFlags, findBrowser } from './tools/find-browser.ts';
import { matchKernel } from './tools/kernel-plugin.ts';
import { untouchedCore } from './tools/untouched-core.ts';

/** Far from UTC and with a clock change, so that a test that forgets its zone fails. Browser tests get it from Chromium. */
const TIME_ZONE = 'America/Los_Angeles';
process.env['TZ'] = TIME_ZONE;

/** Vitest's own page has inline scripts and frames its tests, so the content policy stays off here; tests/e2e has it on. */
const { 'Content-Security-Policy': _policy, ...headers } = SECURITY_HEADERS;

const browser = findBrowser();

/** Real video files made by others, outside the repository; tests that need them say skipped where they are absent. */
const FIXTURES = resolve(process.env['PORCHLIGHT_FIXTURES'] ?? resolve(import.meta.dirname, '../shared/fixtures'));

const WEB_AWESOME = [
  ...['button', 'checkbox', 'dialog', 'icon', 'input', 'progress-bar', 'radio', 'radio-group', 'spinner', 'switch'].map(
    (name) => `${name}/${name}`,
  ),
  'icon/library',
].map((file) => `@awesome.me/webawesome/dist/components/${file}.js`);

/** What the page's code imports: known beforehand, so that no test is reloaded when one of them turns up. */
const OPTIMIZED = [
  ...WEB_AWESOME,
  '@scure/base',
  'age-encryption',
  'client-zip',
  'comlink',
  'fast-check',
  'geographiclib-geodesic',
  'hash-wasm',
  'idb',
  'lit',
  'lit/decorators.js',
  'lit/directives/class-map.js',
  'lit/directives/live.js',
  'lit/directives/ref.js',
  'lit/directives/repeat.js',
  'mediabunny',
  'temporal-polyfill',
  'tus-js-client',
  'valibot',
];

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [matchKernel()],
        test: {
          name: 'unit',
          environment: 'node',
          /** Vitest would leave one processor to itself: of two that is half. */
          maxWorkers: availableParallelism(),
          include: ['tests/unit/**/*.test.ts', 'tests/server/**/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [matchKernel(), untouchedCore(headers)],
        define: { __ROOT_KEY__: JSON.stringify(DEMO_ROOT_KEY), __DEMO__: 'true' },
        server: { headers, fs: { allow: ['.', FIXTURES] } },
        worker: { format: 'es', plugins: () => [matchKernel()] },
        optimizeDeps: { include: OPTIMIZED, exclude: ['@ffmpeg/ffmpeg', '@ffmpeg/core'] },
        test: {
          name: 'browser',
          env: { PORCHLIGHT_FIXTURES: FIXTURES },
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: SOUND_COMMANDS,
            provider: playwright({
              launchOptions: {
                args: [...browserFlags()],
                env: { ...process.env, TZ: TIME_ZONE },
                ...(browser === null ? {} : { executablePath: browser.path }),
              },
              contextOptions: { timezoneId: TIME_ZONE, locale: 'en-US' },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
