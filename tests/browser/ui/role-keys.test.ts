/** Keys come and go: made, saved with and without a passphrase, brought back, removed only when one says so; and the demo's at a press. */
import { deleteDB } from 'idb';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { CommentsState } from '../../../src/contracts/comments.ts';
import type { Journey } from '../../../src/contracts/journey-api.ts';
import type { Net } from '../../../src/contracts/net.ts';
import { writable } from '../../../src/contracts/observable.ts';
import type { Roles } from '../../../src/contracts/roles-api.ts';
import type { Stores } from '../../../src/contracts/storage.ts';
import { demoKeyFile } from '../../../src/core/demo-keys.ts';
import { createPublicRecordKeeper } from '../../../src/requests/public-record.ts';
import { createRoles } from '../../../src/requests/roles.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import '../../../src/ui/parts/role-keys.ts';
import '../../../src/ui/web-awesome.ts';
import '../../../src/ui/web-awesome-forms.ts';
import { mount } from './mount.ts';

const NAME = `role-keys-${crypto.randomUUID()}`;
const offline: Net = {
  send: async () => ({ ok: false, reason: 'offline', status: null, detail: 'There is no network in this test.' }),
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
afterEach(async () => {
  for (const { id } of roles.keys.get()) await roles.removeKeys(id);
});

declare const __ROOT_KEY__: string;

type Panel = HTMLElementTagNameMap['pl-role-keys'];

const demoJourney: Pick<Journey, 'demo' | 'demoKeys'> = {
  demo: true,
  demoKeys: async (holder) => new Blob([await demoKeyFile(holder)]),
};

const open = async (journey: Pick<Journey, 'demo' | 'demoKeys'> | null = null): Promise<Panel> => {
  // Only what the panel asks of a journey.
  const panel = await mount('pl-role-keys', { roles, journey: journey as Journey | null, keys: roles.keys.get() });
  const follow = (): void => {
    panel.keys = roles.keys.get();
  };
  roles.keys.subscribe(follow);
  return panel;
};
const within = (root: Element): Element[] =>
  [...(root.shadowRoot?.querySelectorAll('*') ?? [])].flatMap((element) => [
    element,
    ...(element.localName.startsWith('pl-') ? within(element) : []),
  ]);
const button = (panel: Panel, name: string): HTMLElement => {
  const found = within(panel).find((one) => one.localName === 'wa-button' && one.textContent?.trim().startsWith(name));
  if (!found) throw new Error(`no button ${name}`);
  return found as HTMLElement;
};
const input = (panel: Panel, label: string): HTMLInputElement => {
  const found = within(panel).find((one) => one.getAttribute('label') === label || one.ariaLabel === label);
  if (!found) throw new Error(`no field ${label}`);
  return found as HTMLInputElement;
};
const type = (field: HTMLInputElement, text: string): void => {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
};
const said = (panel: Panel): string =>
  within(panel)
    .filter((one) => one.matches('h3, p'))
    .map((one) => one.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '')
    .join('\n');

/** What the page hands over as a file. */
const saved = async (act: () => void): Promise<Blob> => {
  const made = vi.spyOn(URL, 'createObjectURL');
  act();
  await expect.poll(() => made.mock.calls.length, { timeout: 30_000 }).toBe(1);
  const [blob] = made.mock.calls[0] ?? [];
  made.mockRestore();
  if (!(blob instanceof Blob)) throw new Error('no file');
  return blob;
};
const bring = (panel: Panel, file: Blob): void => {
  const field = input(panel, 'Key file');
  const files = new DataTransfer();
  files.items.add(new File([file], 'keys.json.age'));
  field.files = files.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
};
const send = (panel: Panel, name: string): void => {
  const form = button(panel, name).closest('form');
  form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
};

it('keys are made with a name that can be one, and nobody believes them before the directory knows them', async () => {
  const panel = await open();
  type(input(panel, 'Name of the key'), 'two words');
  send(panel, 'Make keys');
  await expect.poll(() => said(panel)).toContain('has neither spaces nor plus signs');
  type(input(panel, 'Name of the key'), 'police.test.example');
  send(panel, 'Make keys');
  await expect.poll(() => said(panel)).toContain('Not in the directory yet');
  expect(said(panel)).toContain('No directory has been fetched yet.');
  const [kept] = await stores.roles.keys();
  expect(kept?.recipient).toMatch(/^age1/);
});

it('a key file that was sealed asks for its passphrase, refuses a wrong one, and brings the same keys back', async () => {
  const made = await roles.createKeys('agency', 'police.test.example');
  if (!made.ok) throw new Error(made.detail);
  const panel = await open();
  button(panel, 'Save as a file').click();
  await panel.updateComplete;
  type(input(panel, 'Passphrase (recommended)'), 'correct horse');
  type(input(panel, 'The same again'), 'correct house');
  const dialogForm = within(panel).find(
    (one) => one.localName === 'form' && one.querySelector('[label="The same again"]'),
  );
  const submit = (): unknown => dialogForm?.dispatchEvent(new Event('submit', { cancelable: true }));
  submit();
  await expect.poll(() => said(panel)).toContain('The two passphrases differ.');
  type(input(panel, 'The same again'), 'correct horse');
  const file = await saved(submit);
  expect(await file.slice(0, 21).text()).toBe('age-encryption.org/v1');

  await roles.removeKeys(made.value.id);
  await panel.updateComplete;
  bring(panel, file);
  await expect.poll(() => said(panel)).toContain('is sealed with a passphrase');
  type(input(panel, 'Passphrase of the file'), 'wrong');
  send(panel, 'Open it');
  await expect.poll(() => said(panel), { timeout: 30_000 }).toContain('The passphrase does not open this file');
  type(input(panel, 'Passphrase of the file'), 'correct horse');
  send(panel, 'Open it');
  await expect.poll(() => roles.keys.get().map(({ id }) => id), { timeout: 30_000 }).toEqual([made.value.id]);
});

it('keys are removed when the question is answered with yes, and only then', async () => {
  await roles.createKeys('agency', 'police.test.example');
  const panel = await open();
  const dialog = within(panel).find(({ localName }) => localName === 'pl-confirm-dialog');
  button(panel, 'Remove…').click();
  await panel.updateComplete;
  expect(dialog?.hasAttribute('open')).toBe(true);
  button(panel, 'Keep it').click();
  await expect.poll(() => dialog?.hasAttribute('open')).toBe(false);
  expect(await stores.roles.keys()).toHaveLength(1);
  button(panel, 'Remove…').click();
  await panel.updateComplete;
  button(panel, 'Remove the keys').click();
  await expect.poll(() => stores.roles.keys()).toEqual([]);
});

it('the demo’s keys are one press away in the demo, and offered nowhere else', async () => {
  expect(within(await open()).some((one) => one.textContent?.includes('Be the demo'))).toBe(false);
  const panel = await open(demoJourney);
  const chosen = vi.fn();
  panel.addEventListener('pl-keys-chosen', chosen);
  button(panel, 'Be the demo’s police').click();
  await expect.poll(() => roles.keys.get().map(({ id }) => id)).toEqual([expect.stringMatching(/^police\.demo\./)]);
  expect(chosen).toHaveBeenCalledOnce();
});
