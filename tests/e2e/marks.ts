/** Whether text that strangers wrote became more than text somewhere on a page. */
import type { Page } from '@playwright/test';

/** Elements, also in shadow trees, that only hostile markup would make, and what a script of it would leave behind. */
export const marks = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const look = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        const address = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        if (element.hasAttribute('data-pwned') || /^(?:javascript|vbscript):|hostile\.example/i.test(address))
          found.push(element.outerHTML.slice(0, 120));
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
    if ('pwned' in globalThis || Reflect.get({}, 'pwned') !== undefined)
      found.push('a script ran, or a prototype was changed');
    if (location.host !== document.location.host || document.baseURI !== location.href)
      found.push('the page was led away');
    return found;
  });
