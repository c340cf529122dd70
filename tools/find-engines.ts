/** Finds two more browser engines, Firefox ESR and WebKitGTK with their media plug-ins, or installs them from Debian: clips shall play there too. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { canInstallDebian, installDebian } from './debian.ts';
import { findOnPath } from './find-on-path.ts';

export interface WebKit {
  readonly driver: string;
  /** The small browser that WebKitGTK brings along for its driver. */
  readonly browser: string;
  /** A display of its own: the browser has no mode without one. */
  readonly xvfb: string;
}

const FIREFOX = ['firefox-esr'];
const WEBKIT = [
  ...['webkit2gtk-driver', 'xvfb', 'gstreamer1.0-libav'],
  ...['gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-bad'],
];
const LIBRARIES = '/usr/lib';

/** Debian puts the browser into a folder named for the machine and the version: `…/x86_64-linux-gnu/webkit2gtk-4.1/`. */
const findMiniBrowser = (): string | null => {
  if (!existsSync(LIBRARIES)) return null;
  for (const machine of readdirSync(LIBRARIES)) {
    const folder = join(LIBRARIES, machine);
    if (!machine.endsWith('-linux-gnu')) continue;
    for (const name of readdirSync(folder)
      .filter((entry) => entry.startsWith('webkit2gtk-'))
      .sort()
      .toReversed()) {
      const path = join(folder, name, 'MiniBrowser');
      if (existsSync(path)) return path;
    }
  }
  return null;
};

/** Debian's plug-in that decodes H.264 for WebKit; without it the browser plays nothing. */
const hasMediaPlugins = (): boolean =>
  existsSync(LIBRARIES) &&
  readdirSync(LIBRARIES).some((machine) => existsSync(join(LIBRARIES, machine, 'gstreamer-1.0/libgstlibav.so')));

const findWebKit = (): WebKit | null => {
  const driver = findOnPath(['WebKitWebDriver']);
  const xvfb = findOnPath(['Xvfb']);
  const browser = findMiniBrowser();
  return driver !== null && xvfb !== null && browser !== null && hasMediaPlugins() ? { driver, browser, xvfb } : null;
};

const orInstalled = <Found>(find: () => Found | null, packages: readonly string[]): Found | null => {
  const found = find();
  if (found !== null || !canInstallDebian()) return found;
  installDebian(packages);
  return find();
};

/** Path of Firefox, installed first where that is possible without asking; null when there is none. */
export const ensureFirefox = (): string | null => orInstalled(() => findOnPath(['firefox-esr', 'firefox']), FIREFOX);

/** WebKitGTK and what it takes to drive it, installed first where that is possible without asking; null when there is none. */
export const ensureWebKit = (): WebKit | null => orInstalled(findWebKit, WEBKIT);

if (import.meta.main) {
  console.log(`Firefox: ${ensureFirefox() ?? 'none'}`);
  console.log(`WebKitGTK: ${ensureWebKit()?.browser ?? 'none'}`);
}
