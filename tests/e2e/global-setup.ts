/** Before the end-to-end tests: the page must have been built, because they test what is served. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Fails with a sentence that says what to run. Playwright asks for a default export. */
export default (): void => {
  if (existsSync(join(resolve(import.meta.dirname, '../..', process.env['PORCHLIGHT_DIST'] ?? 'dist'), 'index.html')))
    return;
  throw new Error('There is no built page in dist/: run `npm run build` first, or `npm test -- --only build,e2e`.');
};
