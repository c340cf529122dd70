/** Drives a share in headless Chromium as a person would, with everything that the browser does on the network on record. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Download, type Locator, type Page } from '@playwright/test';
import type { LedgerLine } from '../../src/contracts/ledger.ts';
import type { Har } from '../../src/core/har.ts';
import { ledgerRequests } from '../../src/core/ledger-chain.ts';
import { browserFlags, ensureBrowser } from '../find-browser.ts';
import { readNetLog, type NetLogFacts } from './net-log.ts';
import { startRecorder, type Connection } from './recorder.ts';
import { leakingScript, type Sabotage } from './sabotage.ts';
import { PLACE, REQUEST, type AuditHub, type Recording } from './stage.ts';

export interface Driven {
  /** Every connection of the browser, as it was on the wire. */
  readonly connections: readonly Connection[];
  readonly netLog: NetLogFacts;
  readonly ledger: readonly LedgerLine[];
  readonly har: Har;
  /** *Save exactly what will be sent* and *Save the key that opens it*. */
  readonly saved: Buffer;
  readonly keyFile: string;
  /** True when the receipt came. */
  readonly sent: boolean;
}

const STEP_MS = 60_000;
const CUT_MS = 240_000;

const save = async (page: Page, button: Locator): Promise<Download> => {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return download;
};

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

const untilReview = async (page: Page, url: string, { file }: Recording): Promise<void> => {
  await page.goto(`${url}/library`);
  await button(page, 'Add a camera').click();
  const form = page.locator('pl-camera-form');
  await form.getByLabel('Name').fill('Audited camera');
  await form.getByLabel('Latitude (degrees)').fill(String(PLACE[1]));
  await form.getByLabel('Longitude (degrees)').fill(String(PLACE[0]));
  await form.getByRole('button', { name: 'Save camera' }).click();
  await page.getByRole('button', { name: /^Audited camera/ }).waitFor();
  // The service worker's own requests belong on the record, too.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const bring = page.getByRole('region', { name: 'Bring in recordings' });
  await bring.getByLabel('Recordings', { exact: true }).setInputFiles(file);
  await page.getByText('Import finished: 1 recording kept').first().waitFor({ timeout: STEP_MS });
  await page.goto(`${url}/share/${REQUEST.id}`);
  await button(page, 'Review the clips').click();
  await page.getByText('1 of 1 clip ready').waitFor({ timeout: CUT_MS });
};

const untilSealed = async (page: Page): Promise<void> => {
  await button(page, 'Continue').click();
  await page.getByLabel('Name', { exact: true }).fill('Ana Ruiz');
  await page.getByLabel('E-mail').fill('ana@example.com');
  await page.getByLabel('Home address').fill('12 Alder Street');
  await button(page, 'See what leaves this device').click();
  await page.getByRole('heading', { name: 'What leaves this device' }).waitFor();
};

/** Sends, and says whether the receipt came. */
const send = async (page: Page): Promise<boolean> => {
  await button(page, 'Send').click();
  const receipt = page.getByRole('heading', { name: 'Receipt' });
  await receipt.or(page.getByRole('heading', { name: 'Not sent yet' })).waitFor({ timeout: STEP_MS });
  return receipt.isVisible();
};

/** The ledger as it lies in the database, past all code of the page. */
const readLedger = (page: Page): Promise<readonly LedgerLine[]> =>
  page.evaluate(
    () =>
      new Promise<readonly LedgerLine[]>((resolve, reject) => {
        const opening = indexedDB.open('porchlight');
        opening.onerror = () => reject(new Error('the database could not be opened'));
        opening.onsuccess = () => {
          const all = opening.result.transaction('ledger').objectStore('ledger').getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result as readonly LedgerLine[]);
          };
        };
      }),
  );

const QUIET_MS = 750;

/** Until every request in the ledger has its answer and nothing is added for a while. */
const untilQuiet = async (page: Page): Promise<void> => {
  const until = Date.now() + STEP_MS;
  for (let before = -1; Date.now() < until; await page.waitForTimeout(QUIET_MS)) {
    const lines = await readLedger(page);
    if (lines.length === before && ledgerRequests(lines).every(({ answered }) => answered)) return;
    before = lines.length;
  }
};

const share = async (
  context: BrowserContext,
  hub: AuditHub,
  recording: Recording,
  folder: string,
  sabotage: Sabotage | null,
) => {
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  if (sabotage !== null && sabotage !== 'ledger-line-removed')
    await page.addInitScript(leakingScript(sabotage, recording));
  await untilReview(page, hub.url, recording);
  await untilSealed(page);
  const key = await save(page, page.getByRole('button', { name: 'Save the key that opens it' }).first());
  const keyFile = join(folder, 'key.txt');
  await key.saveAs(keyFile);
  const sealed = await save(page, page.getByRole('button', { name: 'Save exactly what will be sent' }));
  const saved = await readFile(await sealed.path());
  const sent = await send(page);
  if (sabotage === 'ledger-line-removed') await page.evaluate(leakingScript('ledger-line-removed', recording));
  await page.goto(`${hub.url}/activity`);
  // The page asks for the public record when it opens: ledger, HAR and wire are compared when that is over.
  await untilQuiet(page);
  const exported = await save(page, page.getByRole('button', { name: 'Export with bodies' }));
  const har = JSON.parse(await readFile(await exported.path(), 'utf8')) as Har;
  await writeFile(join(folder, 'ledger.har'), JSON.stringify(har, null, 2));
  return { saved, keyFile, sent, har, ledger: await readLedger(page) };
};

/** Carries out one share of `recording` from import to receipt. Files that a tester may want lie in `folder` afterwards. */
export const drive = async (
  hub: AuditHub,
  recording: Recording,
  folder: string,
  sabotage: Sabotage | null = null,
): Promise<Driven> => {
  await mkdir(folder, { recursive: true });
  const withoutHeaders = sabotage === 'second-host' ? ['content-security-policy', 'cross-origin-embedder-policy'] : [];
  const recorder = await startRecorder({ hub: hub.host, withoutHeaders });
  const netLog = join(folder, 'netlog.json');
  const browser = await chromium.launch({
    executablePath: ensureBrowser().path,
    args: [
      ...browserFlags(),
      `--proxy-server=127.0.0.1:${recorder.port}`,
      '--proxy-bypass-list=<-loopback>',
      `--log-net-log=${netLog}`,
    ],
  });
  try {
    const context = await browser.newContext({ serviceWorkers: 'allow', locale: 'en-US', acceptDownloads: true });
    const shared = await share(context, hub, recording, folder, sabotage);
    await context.close();
    await browser.close();
    await mkdir(join(folder, 'wire'), { recursive: true });
    for (const [index, { out }] of recorder.connections.entries())
      await writeFile(join(folder, 'wire', `${String(index + 1).padStart(2, '0')}.out`), Buffer.concat(out));
    return { ...shared, connections: recorder.connections, netLog: await readNetLog(netLog, recorder.port, hub.host) };
  } finally {
    await browser.close();
    await recorder.stop();
  }
};
