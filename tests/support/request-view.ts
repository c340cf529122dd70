/** An open request as the page shows it, with everything in order. */
import type { RequestView } from '../../src/contracts/public-record.ts';

/** A window of an hour on 22 November 2026, half a kilometre around 50° north, 10° east; `change` takes the place of what it names. */
export const requestView = (change: Partial<RequestView> = {}): RequestView => ({
  id: 'r',
  note: '',
  request: {
    id: 'r',
    agency: 'a',
    seq: 1,
    prev: null,
    caseNumber: '1',
    incidentType: 'Theft',
    suspectedCrime: '',
    title: 'T',
    description: 'D',
    investigator: { name: 'I' },
    incident: [10, 50],
    placeName: 'P',
    area: { type: 'Circle', center: [10, 50], radiusM: 500 },
    window: { from: '2026-11-22T17:00:00Z', to: '2026-11-22T18:00:00Z', zone: 'UTC' },
    posted: '2026-11-22T19:00:00Z',
    expires: '2026-12-22T19:00:00Z',
    policy: 'npss',
  },
  agency: {
    id: 'a',
    name: 'A',
    kind: 'police',
    place: 'P',
    contact: 'C',
    keys: ['k'],
    recipients: ['age1'],
    status: 'active',
  },
  reviewer: null,
  window: { from: Date.parse('2026-11-22T17:00:00Z'), to: Date.parse('2026-11-22T18:00:00Z') },
  status: 'open',
  statusReason: null,
  problem: null,
  rules: [
    { rule: 'case-number', holds: true, detail: 'Case number 1.' },
    { rule: 'window-length', holds: true, detail: 'The window is 1 h 0 min long.' },
  ],
  signatures: [],
  origin: 'hub',
  ...change,
});
