/** Markup in titles, file names and signed documents stays text, wherever it is shown. */
import { expect, it } from 'vitest';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import type { RequestView } from '../../../src/contracts/public-record.ts';
import '../../../src/ui/parts/import-list.ts';
import '../../../src/ui/parts/investigator-contact.ts';
import '../../../src/ui/parts/recording-card.ts';
import '../../../src/ui/parts/request-card.ts';
import '../../../src/ui/parts/request-checks.ts';
import { mount, textOf } from './mount.ts';

const EVIL = '<img src=x onerror="globalThis.broken = true">"><script>globalThis.broken = true</script>';

const view: RequestView = {
  id: 'evil',
  note: EVIL,
  request: {
    id: 'evil',
    agency: 'a',
    seq: 1,
    prev: null,
    caseNumber: EVIL,
    incidentType: EVIL,
    suspectedCrime: EVIL,
    title: EVIL,
    description: EVIL,
    investigator: { name: EVIL, email: 'javascript:alert(1)', telephone: 'javascript:1' },
    incident: [0, 0],
    placeName: EVIL,
    area: { type: 'Circle', center: [0, 0], radiusM: 100 },
    window: { from: '2026-11-22T17:00:00Z', to: '2026-11-22T18:00:00Z', zone: 'No/Zone' },
    posted: '2026-11-22T19:00:00Z',
    expires: '2026-12-22T19:00:00Z',
    policy: 'npss',
  },
  agency: null,
  reviewer: null,
  window: { from: Date.parse('2026-11-22T17:00:00Z'), to: Date.parse('2026-11-22T18:00:00Z') },
  status: 'refused',
  statusReason: EVIL,
  problem: { kind: 'unknown-agency', detail: EVIL },
  rules: [{ rule: 'case-number', holds: false, detail: EVIL }],
  signatures: [{ keyName: EVIL, role: 'unknown', verified: false }],
  origin: 'file',
};

const expectHarmless = (element: Element): void => {
  expect(textOf(element)).toContain('<img src=x onerror=');
  expect(element.shadowRoot?.querySelector('img, script')).toBeNull();
  expect('broken' in globalThis).toBe(false);
};

it('in a post on the timeline', async () => expectHarmless(await mount('pl-request-card', { view })));

it('in rules, signatures and the signed document', async () =>
  expectHarmless(await mount('pl-request-checks', { view })));

it('in the investigator’s contact, whose links are never scripts', async () => {
  const contact = await mount('pl-investigator-contact', { request: view.request, open: true });
  expectHarmless(contact);
  const links = [...(contact.shadowRoot?.querySelectorAll('a') ?? [])].map((link) => link.protocol);
  expect(links).toEqual(['mailto:', 'tel:']);
});

it('in a file name', async () => {
  const camera: Camera = { id: 'c', name: EVIL, place: null, zone: 'UTC', clockOffsetMs: 0, createdAt: 0 };
  const recording: Recording = {
    id: 'r',
    cameraId: 'c',
    fileName: EVIL,
    relativePath: EVIL,
    bytes: 1,
    sha256: '0'.repeat(64),
    durationMs: 1000,
    firstFrameAt: 0,
    video: { codec: 'avc1', width: 1, height: 1, rotation: 0 },
    audio: null,
    time: { startMs: 0, confidence: 'accepted', source: 'tapo', candidates: [] },
    importedAt: 0,
  };
  expectHarmless(await mount('pl-recording-card', { recording, camera }));
});

it('in a refusal while importing', async () => {
  const line = {
    name: EVIL,
    bytes: 1,
    state: 'refused',
    recordingId: null,
    refusal: { reason: 'damaged', detail: EVIL },
  } as const;
  expectHarmless(
    await mount('pl-import-list', { imports: { running: false, unfinished: [], done: 1, lines: [line] } }),
  );
});
