/** Whether text that strangers wrote became more than text somewhere on a page. */
import type { Page } from '@playwright/test';

/** Elements, also in shadow trees, that only hostile markup would make, and what a script of it would leave behind. */
export const marks = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const look = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        const address = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        // As the browser would follow it: in the words of a `mailto:` a host leads nowhere.
        const { protocol, host } = URL.canParse(address, document.baseURI)
          ? new URL(address, document.baseURI)
          : { protocol: '', host: '' };
        const leads =
          /^(?:javascript|vbscript):$/.test(protocol) || host === 'hostile.example' || /^data:text/i.test(address);
        if (element.hasAttribute('data-pwned') || leads) found.push(element.outerHTML.slice(0, 120));
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
