/** In development, serves the ffmpeg core's script as its package ships it: Vite would rewrite it, and its SHA-256 would not be the pinned one. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const PATH = '/node_modules/@ffmpeg/core/dist/esm/ffmpeg-core.js';

/** `headers` go with everything that the server answers. */
export const untouchedCore = (headers: Readonly<Record<string, string>>): Plugin => ({
  name: 'untouched-ffmpeg-core',
  configureServer: (server) => {
    const script = readFileSync(fileURLToPath(import.meta.resolve('@ffmpeg/core')));
    server.middlewares.use((request, response, next) => {
      // Here and not only in Vite's own setting: an answer that its proxy makes up when there is no hub would lack them.
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      // With a query it is Vite's own module around the URL.
      if (request.url !== PATH) {
        next();
        return;
      }
      response.setHeader('Content-Type', 'text/javascript');
      response.end(script);
    });
  },
});
