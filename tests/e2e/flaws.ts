/** What is wrong with a screen as far as a machine can tell: rules of axe that it breaks, and what sticks out of the window. */
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

/** Give it to `context.addInitScript({ path: AXE })` before the page is opened. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Axe {
  run(root: Document, options: unknown): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }>;
}

/** Rules that the screen breaks, with the elements; by how much it is wider than the window; and what is cut off at its edge. */
export const flawsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async (tags) => {
    const axe = Reflect.get(globalThis, 'axe') as Axe;
    const { violations } = await axe.run(document, { runOnly: tags });
    const flaws = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => JSON.stringify(target)).join(', ')}`,
    );
    const tooWide = document.documentElement.scrollWidth - innerWidth;
    if (tooWide > 0) flaws.push(`${tooWide} px wider than the window`);
    // What is cut off at the window's edge makes no page wider; what can be scrolled to is not cut off.
    const parentOf = (node: Element): Element | null => {
      const root = node.getRootNode();
      return node.assignedSlot ?? node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    };
    const scrollable = (node: Element | null): boolean =>
      node !== null &&
      node !== document.body &&
      (/auto|scroll|hidden/.test(getComputedStyle(node).overflowX) || scrollable(parentOf(node)));
    const look = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        const { right, width } = element.getBoundingClientRect();
        if (width > 1 && right > innerWidth + 1 && !scrollable(element))
          flaws.push(
            `${element.localName} “${element.textContent.trim().slice(0, 30)}” ends at ${Math.round(right)} of ${innerWidth} px`,
          );
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
    return flaws;
  }, TAGS);
