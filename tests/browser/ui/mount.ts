/** Puts one of our elements on the test page at a given width and takes it away afterwards. */
import { afterEach } from 'vitest';
import type { LitElement } from 'lit';

const mounted: HTMLElement[] = [];

afterEach(() => {
  for (const element of mounted.splice(0)) element.remove();
});

/** The element, rendered and measured. */
export const mount = async <K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  width = 600,
): Promise<HTMLElementTagNameMap[K]> => {
  const frame = document.createElement('div');
  frame.style.setProperty('width', `${width}px`);
  // Away from the corner, so that a click measured from the wrong origin misses.
  frame.style.setProperty('margin', '120px 0 0 90px');
  const element = document.createElement(name);
  Object.assign(element, properties);
  frame.append(element);
  document.body.append(frame);
  mounted.push(frame);
  for (let frame = 0; frame < 4; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  await (element as unknown as LitElement).updateComplete;
  return element;
};

/** All text of an element as a reader sees it, shadow roots included. */
export const textOf = (element: Element): string =>
  (element.shadowRoot?.textContent ?? element.textContent ?? '').replaceAll(/\s+/g, ' ');

export const numberOf = (element: Element | null | undefined, attribute: string): number =>
  Number(element?.getAttribute(attribute) ?? Number.NaN);
