/**
 * Finds the Chromium that tests and tools drive, or installs one.
 * Order: `$CHROMIUM_PATH`, chromium or google-chrome on the PATH, Playwright's own, Debian's package, Playwright's download.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { canInstallDebian, installDebian } from './debian.ts';
import { findOnPath } from './find-on-path.ts';

export interface FoundBrowser {
  readonly path: string;
  /** Where it was found, for the line that says which one is used. */
  readonly origin: string;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/** Command-line flags for a quiet Chromium: no sandbox only where root makes it impossible, and no requests of its own. */
export const browserFlags = (): readonly string[] => [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const fromPlaywright = (): FoundBrowser | null => {
  const path = chromium.executablePath();
  return existsSync(path) ? { path, origin: "Playwright's own" } : null;
};

/** The browser that is already here; null when there is none. Throws Error when `$CHROMIUM_PATH` names no file. */
export const findBrowser = (): FoundBrowser | null => {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked !== undefined && asked !== '') {
    if (!existsSync(asked)) throw new Error(`CHROMIUM_PATH names ${asked}, and there is no such file`);
    return { path: asked, origin: 'CHROMIUM_PATH' };
  }
  const onPath = findOnPath(NAMES);
  return onPath === null ? fromPlaywright() : { path: onPath, origin: 'the PATH' };
};

const downloadWithPlaywright = (): void => {
  const cli = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');
  console.error("Downloading Playwright's Chromium …");
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: ['ignore', 'inherit', 'inherit'] });
};

/** The browser to use, installed first when there is none. Throws Error when that fails too, saying what to do. */
export const ensureBrowser = (): FoundBrowser => {
  const found = findBrowser();
  if (found !== null) return found;
  if (canInstallDebian()) installDebian(['chromium']);
  const installed = findBrowser();
  if (installed !== null) return installed;
  downloadWithPlaywright();
  const downloaded = findBrowser();
  if (downloaded !== null) return downloaded;
  throw new Error('No Chromium was found or could be installed: install one, or name it in CHROMIUM_PATH.');
};

if (import.meta.main) {
  const { path, origin } = ensureBrowser();
  console.log(`Browser: ${path} (${origin})`);
}
