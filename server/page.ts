/** The built page and the demo's files: whatever is not the API. */
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type Context } from 'hono';
import type { HubEnv } from './env.ts';
import { methodNotAllowed, NOT_FOUND, problemResponse } from './problems.ts';

/** Vite puts a content hash into every name below `assets/`. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

const cacheControl = (path: string, context: Context): void => {
  context.header('Cache-Control', /[\\/]assets[\\/]/.test(path) ? IMMUTABLE : 'no-cache');
  context.header('Accept-Ranges', 'bytes');
};

/** Static routes: `/demo/*` from `demoDir` if given, the rest from `distDir`; a path without extension is a screen of the page. */
export const pageRoutes = (distDir: string, demoDir: string | undefined): Hono<HubEnv> => {
  const routes = new Hono<HubEnv>();
  routes.use(async (context, next) =>
    context.req.method === 'GET' || context.req.method === 'HEAD' ? next() : methodNotAllowed('GET, HEAD'),
  );
  if (demoDir !== undefined) {
    routes.use(
      '/demo/*',
      serveStatic({ root: demoDir, rewriteRequestPath: (path) => path.replace(/^\/demo/, ''), onFound: cacheControl }),
    );
  }
  routes.all('/demo/*', () => problemResponse(NOT_FOUND));
  routes.use(serveStatic({ root: distDir, onFound: cacheControl }));
  routes.use(async (context, next) => {
    const last = context.req.path.split('/').at(-1) ?? '';
    return last.includes('.') || last.includes('%')
      ? next()
      : serveStatic({ root: distDir, path: 'index.html', onFound: cacheControl })(context, next);
  });
  routes.all('*', () => problemResponse(NOT_FOUND));
  return routes;
};
