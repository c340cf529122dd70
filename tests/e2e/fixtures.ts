/** What every end-to-end test gets: a hub of its own, a folder, a resident at a clean browser, and two promises that are checked after each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type BrowserContext } from '@playwright/test';
import type { HubOptions } from '../../server/options.ts';
import { startTestHub, type TestHub } from '../support/test-hub.ts';
import { Resident } from './resident.ts';

export { expect };

interface Fixtures {
  /** Options for the hub; set with `test.use({ hubOptions: … })`. */
  readonly hubOptions: Partial<HubOptions>;
  readonly hub: TestHub;
  readonly folder: string;
  readonly resident: Resident;
  /** After each test: no policy violation on any screen, and no request to anywhere but the page's own origin. */
  readonly promises: void;
}

/** Every violation of the content policy or of Trusted Types, wherever it happens in this context. */
const watchPolicy = async (context: BrowserContext): Promise<readonly string[]> => {
  const violations: string[] = [];
  await context.exposeBinding('tellViolation', (_source, text: string) => violations.push(text));
  await context.addInitScript(() => {
    document.addEventListener(
      'securitypolicyviolation',
      ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        const tell: unknown = Reflect.get(globalThis, 'tellViolation');
        if (typeof tell === 'function') tell(`${violatedDirective}: ${blockedURI} at ${sourceFile}:${lineNumber}`);
      },
    );
  });
  context.on('console', (message) => {
    if (/Content Security Policy|TrustedScript|TrustedHTML/.test(message.text())) violations.push(message.text());
  });
  return violations;
};

const watchOrigins = (context: BrowserContext, ownOrigin: string): readonly string[] => {
  const foreign: string[] = [];
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== ownOrigin && protocol !== 'blob:' && protocol !== 'data:') foreign.push(request.url());
  });
  return foreign;
};

export const test = base.extend<Fixtures>({
  hubOptions: [{}, { option: true }],
  hub: async ({ hubOptions }, use) => {
    const hub = await startTestHub(hubOptions);
    await use(hub);
    await hub.dispose();
  },
  folder: async ({ browserName }, use) => {
    const folder = await mkdtemp(join(tmpdir(), `porchlight-e2e-${browserName}-`));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  resident: async ({ page, hub }, use) => {
    await use(new Resident(page, hub.url));
  },
  promises: [
    async ({ context, hub }, use) => {
      const violations = await watchPolicy(context);
      const foreign = watchOrigins(context, hub.url);
      await use();
      expect(violations, 'violations of the page’s own policy').toEqual([]);
      expect(foreign, 'requests to other origins').toEqual([]);
    },
    { auto: true },
  ],
});
