/** The Web Awesome elements of the first screen, one by one, with both icon libraries drawn from our own sprite instead of a CDN. */
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/icon/icon.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';

for (const library of ['default', 'system']) {
  registerIconLibrary(library, {
    resolver: (name) => `/icons.svg#${name}`,
    spriteSheet: true,
    // Without a view box of its own the outer drawing would be 300 px wide, whatever the symbol's.
    mutator: (svg) => svg.setAttribute('viewBox', '0 0 24 24'),
  });
}
