/** In development, serves the ffmpeg core's script as its package ships it: Vite would rewrite it, and its SHA-256 would not be the pinned one. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const PATH = '/node_modules/@ffmpeg/core/dist/esm/ffmpeg-core.js';

/** `headers` are sent along, as with everything else that the server answers. */
export const untouchedCore = (headers: Readonly<Record<string, string>>): Plugin => ({
  name: 'untouched-ffmpeg-core',
  configureServer: (server) => {
    const script = readFileSync(fileURLToPath(import.meta.resolve('@ffmpeg/core')));
    server.middlewares.use((request, response, next) => {
      // With a query it is Vite's own module around the URL.
      if (request.url !== PATH) {
        next();
        return;
      }
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.setHeader('Content-Type', 'text/javascript');
      response.end(script);
    });
  },
});
