/** Builds the page into dist/ and serves it in development, always under the same security headers as the hub. */
import { defineConfig } from 'vite';
import lock from './package-lock.json' with { type: 'json' };
import manifest from './package.json' with { type: 'json' };
import { SECURITY_HEADERS } from './src/contracts/security-headers.ts';
import { DEMO_ROOT_KEY } from './tools/demo/root-key.ts';
import { matchKernel } from './tools/kernel-plugin.ts';
import { ownOriginOnly } from './tools/own-origin-only.ts';
import { publishBuild, stableSource } from './tools/publish-build.ts';
import { untouchedCore } from './tools/untouched-core.ts';

/** The installed version of a package. */
const locked = (name: string): string => lock.packages[`node_modules/${name}` as keyof typeof lock.packages].version;

/** Where `npm start` runs in another terminal; it takes posts from its own origin only. */
const HUB = 'http://localhost:4173';
const hub = { target: HUB, headers: { origin: HUB } };

const ownOrigin = ownOriginOnly();

/** The same bytes wherever the project lies; licences are published whole in licences.txt instead of scattered as comments. */
const output = { sourcemapPathTransform: stableSource, comments: { legal: false } } as const;

export default defineConfig({
  plugins: [matchKernel(), untouchedCore(SECURITY_HEADERS), ownOrigin.page(), publishBuild()],
  server: {
    headers: { ...SECURITY_HEADERS },
    proxy: { '/v1': hub, '/demo': hub },
    hmr: false,
    port: 5173,
    strictPort: true,
  },
  preview: { headers: { ...SECURITY_HEADERS }, port: 4174, strictPort: true },
  define: {
    /** The verifier key whose signature makes a directory genuine; PORCHLIGHT_ROOT_KEY replaces the demo town's. */
    __ROOT_KEY__: JSON.stringify(process.env['PORCHLIGHT_ROOT_KEY'] ?? DEMO_ROOT_KEY),
    /** What makes the clips, for the manifest of every package. */
    __TOOLS__: JSON.stringify({
      porchlight: manifest.version,
      'ffmpeg core': locked('@ffmpeg/core'),
      mediabunny: locked('mediabunny'),
      'age-encryption': locked('age-encryption'),
    }),
    __DEMO__: JSON.stringify(process.env['PORCHLIGHT_ROOT_KEY'] === undefined),
  },
  build: {
    target: 'es2023',
    sourcemap: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { output },
  },
  worker: { format: 'es', plugins: () => [matchKernel(), ...ownOrigin.worker()], rolldownOptions: { output } },
  optimizeDeps: { exclude: ['@ffmpeg/ffmpeg', '@ffmpeg/core'] },
});
