/** Finds the native programs that the tests use as independent judges (ffmpeg, ffprobe, age), or installs them on Debian. */
import { canInstallDebian, installDebian } from './debian.ts';
import { findOnPath } from './find-on-path.ts';

/** Each program with the Debian package that has it. */
const PACKAGES = { ffmpeg: 'ffmpeg', ffprobe: 'ffmpeg', age: 'age' } as const;

export type NativeTool = keyof typeof PACKAGES;
export const NATIVE_TOOLS: readonly NativeTool[] = ['ffmpeg', 'ffprobe', 'age'];

/** The program's absolute path; throws Error, saying which package has it, when it is not installed. */
export const nativeTool = (name: NativeTool): string => {
  const path = findOnPath([name]);
  if (path === null) throw new Error(`${name} is not installed: install the ${PACKAGES[name]} package.`);
  return path;
};

/** The paths of all of them, installed first when one is missing. Throws Error as `nativeTool` does when that fails. */
export const ensureNativeTools = (): Readonly<Record<NativeTool, string>> => {
  const missing = NATIVE_TOOLS.filter((name) => findOnPath([name]) === null);
  if (missing.length > 0 && canInstallDebian()) installDebian([...new Set(missing.map((name) => PACKAGES[name]))]);
  return { ffmpeg: nativeTool('ffmpeg'), ffprobe: nativeTool('ffprobe'), age: nativeTool('age') };
};

if (import.meta.main) {
  for (const [name, path] of Object.entries(ensureNativeTools())) console.log(`${name}: ${path}`);
}
