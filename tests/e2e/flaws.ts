/** What is wrong with a screen as far as a machine can tell: rules of axe that it breaks, and whether it is wider than the window. */
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

/** Give it to `context.addInitScript({ path: AXE })` before the page is opened. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Axe {
  run(root: Document, options: unknown): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }>;
}

/** Rules that the screen breaks, with the elements; and by how much it is wider than the window. */
export const flawsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async (tags) => {
    const axe = Reflect.get(globalThis, 'axe') as Axe;
    const { violations } = await axe.run(document, { runOnly: tags });
    const flaws = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => JSON.stringify(target)).join(', ')}`,
    );
    const tooWide = document.documentElement.scrollWidth - innerWidth;
    return tooWide > 0 ? [...flaws, `${tooWide} px wider than the window`] : flaws;
  }, TAGS);
