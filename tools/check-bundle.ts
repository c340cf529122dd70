/** Looks through the built page for ways out: what the content policy does not close (WebRTC, beacons), other channels, and foreign hosts. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { CORE_SHA256, THREADED_CORE_SHA256 } from '../src/contracts/ffmpeg-core.ts';

const FORBIDDEN = ['RTCPeerConnection', 'RTCDataChannel', 'sendBeacon', 'WebTransport', 'WebSocket', 'EventSource'];

/**
 * The ffmpeg cores are the npm packages' own files, known by their SHA-256 and checked again by the page before they run. Emscripten's
 * socket emulation in them names `WebSocket`; the Worker they run in has none (src/net/close-doors.ts), and the policy allows none.
 */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  [CORE_SHA256.script]: ['WebSocket'],
  [THREADED_CORE_SHA256.script]: ['WebSocket'],
};

/** Their WebAssembly is known by its SHA-256 as well, and reaches nothing but through the scripts above. */
const PINNED_WASM: readonly string[] = [CORE_SHA256.wasm, THREADED_CORE_SHA256.wasm];

/** Addresses that are names or texts and never asked, exactly as they may occur. A host that is not here fails the build. */
const NAMES: Readonly<Record<string, string>> = {
  'http://www.w3.org/': 'names of XML vocabularies',
  'https://age-encryption.org': 'in the README.txt of a package, for whoever opens it',
  'https://hub.invalid': 'stands for the page’s own origin inside tus-js-client; .invalid is never resolved (RFC 2606)',
  'https://issues.chromium.org/issues/40062355': 'in a comment of a style sheet',
  'https://github.com/shoelace-style/webawesome/issues/': 'in a comment of a style sheet',
  'https://emscripten.org/docs/compiling/': 'in an error message of the ffmpeg core',
};

/** Any scheme that reaches a host, and the scheme-less `//host` where a string or an attribute begins. */
const ADDRESS = /\b(?:https?|wss?|ftp):\/\/[^\s"'`<>)\\]+|(?<=["'`(=])\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"'`<>)\\]*/gi;
/** After `://` something must follow that could be a host: a letter, a digit, a bracket; a template’s hole counts. */
const HOST = /:?\/\/(?:[\w[-]|\$\{)/;

/** The whole host must be the allowed one: `https://age-encryption.org.example` is another. */
const isName = (address: string): boolean =>
  Object.keys(NAMES).some(
    (name) => address.startsWith(name) && !/^[\w.:@-]/.test(name.endsWith('/') ? '' : address.slice(name.length)),
  );

const READ = new Set(['.js', '.mjs', '.css', '.html', '.svg', '.webmanifest', '.json', '.wasm']);

const findings = (file: string, bytes: Buffer): readonly string[] => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (PINNED_WASM.includes(sha256)) return [];
  const excused = PINNED[sha256] ?? [];
  const text = bytes.toString(extname(file) === '.wasm' ? 'latin1' : 'utf8');
  const ways = FORBIDDEN.filter((name) => text.includes(name) && !excused.includes(name)).map(
    (name) => `${file} mentions ${name}: the page must have no way out but src/net/`,
  );
  const hosts = [...text.matchAll(ADDRESS)]
    .map(([address]) => address)
    .filter((address) => HOST.test(address) && !isName(address))
    .map((address) => `${file} names another host, ${address.slice(0, 80)}: the page asks its own origin only`);
  return [...ways, ...new Set(hosts)];
};

/** One sentence for each forbidden name or foreign address found in the files under `folder`; empty when there is none. */
export const forbiddenInBundle = (folder: string): readonly string[] =>
  globSync('**/*.*', { cwd: folder })
    .filter((file) => READ.has(extname(file)))
    .toSorted()
    .flatMap((file) => findings(file, readFileSync(join(folder, file))));
