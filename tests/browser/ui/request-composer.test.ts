/** The composer judges while one types, with the policy's own rules; draws and types the same area; and loses nothing with the tab. */
import { deleteDB } from 'idb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CommentsState } from '../../../src/contracts/comments.ts';
import type { Net } from '../../../src/contracts/net.ts';
import { writable } from '../../../src/contracts/observable.ts';
import type { Roles } from '../../../src/contracts/roles-api.ts';
import type { Stores } from '../../../src/contracts/storage.ts';
import { createPublicRecordKeeper } from '../../../src/requests/public-record.ts';
import { createRoles } from '../../../src/requests/roles.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import type { ActingKeys } from '../../../src/ui/controllers/agency-controller.ts';
import '../../../src/ui/parts/request-composer.ts';
import { toFieldText } from '../../../src/ui/wall-clock.ts';
import '../../../src/ui/web-awesome.ts';
import '../../../src/ui/web-awesome-forms.ts';
import { mount, textOf } from './mount.ts';

const ZONE = 'America/Los_Angeles';
const NAME = `composer-${crypto.randomUUID()}`;
const offline: Net = {
  send: async () => ({ ok: false, reason: 'offline', status: null, detail: 'There is no network in this test.' }),
};
const keys: ActingKeys = {
  ...{ id: 'police.example+00000000', role: 'agency', verifierKey: 'v', recipient: 'r', addedAt: 0, problem: null },
  holder: { id: 'wrenfield-police', name: 'Wrenfield Police' },
};

let stores: Stores;
let roles: Roles;
beforeAll(async () => {
  const opened = await openStores({ name: NAME });
  if (!opened.ok) throw new Error(opened.detail);
  stores = opened.value;
  const now = () => Date.now();
  const record = createPublicRecordKeeper({
    ...{ net: offline, notes: stores.notes, files: stores.hubFiles, rootKey: __ROOT_KEY__, now },
  });
  const audit = async () => ({ ok: true as const, value: { frames: [] } });
  const comments = writable<CommentsState>({ byRequest: new Map(), fetched: false, problem: null });
  ({ roles } = createRoles({
    net: offline,
    stores,
    record,
    comments,
    authority: 'localhost',
    audit,
    online: () => false,
    now,
  }));
});
afterAll(() => deleteDB(NAME));
beforeEach(() => stores.roles.putRequestForm('wrenfield-police', null));

declare const __ROOT_KEY__: string;

type Composer = HTMLElementTagNameMap['pl-request-composer'];

const settled = async (composer: Composer): Promise<void> => {
  for (let frame = 0; frame < 4; frame++) await new Promise((done) => requestAnimationFrame(done));
  await composer.updateComplete;
};

const open = async (width = 1000): Promise<Composer> => {
  const composer = await mount('pl-request-composer', { roles, keys, about: null }, width);
  await expect.poll(() => composer.shadowRoot?.querySelector('pl-case-fields') ?? null).not.toBeNull();
  await settled(composer);
  return composer;
};

/** Every element of ours and of Web Awesome's inside, through the shadow roots. */
const inside = (root: Element): Element[] =>
  [...(root.shadowRoot?.querySelectorAll('*') ?? [])].flatMap((element) => [
    element,
    ...(element.localName.startsWith('pl-') ? inside(element) : []),
  ]);

const field = (composer: Composer, label: string): HTMLInputElement => {
  for (const element of inside(composer)) {
    if (element.localName === 'wa-input' && element.getAttribute('label') === label) return element as HTMLInputElement;
    if (element instanceof HTMLLabelElement && element.textContent === label && element.control) {
      return element.control as HTMLInputElement;
    }
  }
  throw new Error(`no field ${label}`);
};
const type = async (composer: Composer, entries: Readonly<Record<string, string>>): Promise<void> => {
  for (const [label, text] of Object.entries(entries)) {
    const input = field(composer, label);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    await settled(composer);
  }
};

const checks = (composer: Composer): string => {
  const part = composer.shadowRoot?.querySelector('pl-draft-checks');
  return part ? textOf(part) : '';
};
/** `holds`, `broken` or `not judged yet`, as a reader hears it. */
const stateOf = (composer: Composer, rule: string): string | null => {
  const lines = composer.shadowRoot?.querySelector('pl-draft-checks')?.shadowRoot?.querySelectorAll('li.rule') ?? [];
  const line = [...lines].find((one) => one.querySelector('strong')?.textContent === rule);
  return line?.querySelector('wa-icon')?.getAttribute('label') ?? null;
};
const postButton = (composer: Composer): Element | null =>
  composer.shadowRoot?.querySelector('wa-button[variant=brand]') ?? null;

const yesterday = (hour: number): string =>
  `${toFieldText(Date.now() - 86_400_000, ZONE).slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`;
const WORDS = {
  'Case number': 'C-7',
  'Incident type': 'Theft',
  Title: 'Parcels taken',
  Description: 'Between noon and one.',
  'Place in words': 'Alder Street',
  Name: 'Det. Lind',
  'E-mail': 'lind@police.example',
};
const PLACE = { 'Latitude of the incident (degrees)': '40.87', 'Longitude of the incident (degrees)': '-119.05' };

it('says what is missing, then judges rule by rule, and lets nothing be posted before every rule holds', async () => {
  const composer = await open();
  expect(stateOf(composer, 'Length of the time window')).toBe('not judged yet');
  expect(checks(composer)).toContain('The place of the incident is missing.');
  await type(composer, { 'Case number': 'C-1' });
  expect(stateOf(composer, 'Case number')).toBe('holds');
  expect(stateOf(composer, 'Investigator can be reached')).toBe('not judged yet');
  await type(composer, { 'Case number': '' });
  expect(stateOf(composer, 'Case number')).toBe('not judged yet');
  await type(composer, { ...PLACE, From: yesterday(1), To: yesterday(14) });
  expect(stateOf(composer, 'Length of the time window')).toBe('broken');
  expect(checks(composer)).toContain('The window is 13 h long; at most 12 hours are allowed.');
  expect(stateOf(composer, 'Case number')).toBe('broken');
  expect(postButton(composer)?.hasAttribute('disabled')).toBe(true);

  await type(composer, { To: yesterday(13) });
  expect(stateOf(composer, 'Length of the time window')).toBe('holds');
  await type(composer, WORDS);
  expect(checks(composer)).toContain('Every rule holds: it can be posted.');
  expect(postButton(composer)?.hasAttribute('disabled')).toBe(false);

  await type(composer, { 'Radius (metres)': '805' });
  expect(stateOf(composer, 'Area lies around the incident')).toBe('broken');
  expect(postButton(composer)?.hasAttribute('disabled')).toBe(true);
});

it('says the size in both units while one types, and a polygon’s with its hole taken away', async () => {
  const composer = await open();
  await type(composer, PLACE);
  const size = (): string => {
    const part = composer.shadowRoot?.querySelector('pl-area-editor')?.shadowRoot?.querySelector('.size');
    return part?.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '';
  };
  expect(size()).toBe('0.194 square miles · 0.503 km²');
  await type(composer, { 'Radius (metres)': '200' });
  expect(size()).toBe('0.049 square miles · 0.126 km²');

  const [polygon] = inside(composer).filter(
    (element) => element.localName === 'wa-radio' && element.getAttribute('value') === 'polygon',
  );
  (polygon as HTMLElement).click();
  await settled(composer);
  const square = '40.873, -119.054\n40.873, -119.046\n40.867, -119.046\n40.867, -119.054';
  await type(composer, { 'Corners as numbers': square });
  const whole = size();
  await type(composer, { 'Corners as numbers': `${square}\n\n40.871, -119.051\n40.871, -119.049\n40.869, -119.049` });
  const squareKilometres = (text: string): number => Number(/([\d.]+) km²/.exec(text)?.[1]);
  expect(squareKilometres(whole)).toBeCloseTo(0.449, 2);
  // Half of 168.6 m by 222.1 m, as two figures with three decimals show it.
  expect(Math.abs(squareKilometres(whole) - squareKilometres(size()) - 0.0187)).toBeLessThanOrEqual(0.001);
});

it('what is drawn stands in the fields as numbers, and what is typed is drawn', async () => {
  const composer = await open();
  await type(composer, PLACE);
  const sketch = inside(composer).find(
    (element) => element.localName === 'pl-area-sketch',
  ) as HTMLElementTagNameMap['pl-area-sketch'];
  const svg = sketch.shadowRoot?.querySelector('svg');
  const press = (key: string) => svg?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  for (const key of ['ArrowLeft', 'ArrowRight', 'Enter', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'Enter']) {
    press(key);
    await settled(composer);
  }
  const radius = Number(field(composer, 'Radius (metres)').value);
  expect(radius).toBe(sketch.circle?.radiusM);
  expect(Number(field(composer, 'Latitude of the centre').value)).toBeCloseTo(40.87, 4);
  await type(composer, { 'Radius (metres)': '300' });
  expect(sketch.circle?.radiusM).toBe(300);
});

it('a half-typed request is there again after a reload', async () => {
  const composer = await open();
  await type(composer, { Title: 'Half a ti', 'Radius (metres)': '12x', 'Latitude of the incident (degrees)': '40.' });
  composer.remove();
  await expect.poll(async () => (await roles.keptForm('wrenfield-police'))?.title).toBe('Half a ti');
  const again = await open();
  expect(field(again, 'Title').value).toBe('Half a ti');
  expect(field(again, 'Radius (metres)').value).toBe('12x');
  expect(checks(again)).toContain('The radius is a number of metres');
});

it('keys that may not sign post nothing, and the reason stands there', async () => {
  const composer = await mount('pl-request-composer', {
    ...{ roles, about: null },
    keys: { ...keys, problem: 'The directory lists Wrenfield Police as suspended.' },
  });
  await expect.poll(() => textOf(composer)).toContain('The directory lists Wrenfield Police as suspended.');
  expect(postButton(composer)?.hasAttribute('disabled')).toBe(true);
});
