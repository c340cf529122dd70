/** An agency sees what became of each of its posts, and notices when one that left from here is not in its history. */
import { describe, expect, it } from 'vitest';
import type { VerifiedEntry } from '../../../src/contracts/agency-history.ts';
import type { FootageRequest } from '../../../src/contracts/request.ts';
import type { AgencyProfile } from '../../../src/contracts/roles-api.ts';
import { earlierRequests, missingPosts, ownPosts } from '../../../src/ui/own-posts.ts';

const request = (id: string, seq: number): FootageRequest => ({
  ...{ id, agency: 'police', seq, prev: null, caseNumber: 'C-1', incidentType: 'Theft', suspectedCrime: '' },
  ...{ title: `Title of ${id}`, description: 'D', investigator: { name: 'I' }, incident: [0, 0], placeName: 'P' },
  area: { type: 'Circle', center: [0, 0], radiusM: 100 },
  window: { from: '2026-11-22T17:00:00Z', to: '2026-11-22T18:00:00Z', zone: 'UTC' },
  ...{ posted: '2026-11-22T19:00:00Z', expires: '2026-12-22T19:00:00Z', policy: 'rfa-2021' },
});

type Post = Extract<VerifiedEntry, { kind: 'post' }>;
const post = (id: string, position: number, change: Partial<Post> = {}): Post => ({
  ...{ kind: 'post', position, textSha256: String(position), requestId: id, request: request(id, position) },
  ...{ noteSha256: 'n', withheld: null, reviewer: null, outcome: 'open', rejection: null },
  ...change,
});
const waiting = (id: string, position: number): Post =>
  post(id, position, { request: null, noteSha256: null, withheld: 'awaiting-review', outcome: 'awaiting-review' });

const profile = (entries: readonly VerifiedEntry[]): AgencyProfile => ({
  history: {
    agency: {
      ...{ id: 'police', name: 'Police', kind: 'police', place: 'Town', contact: 'c', status: 'active' },
      ...{ keys: ['k'], recipients: ['r'] },
    },
    ...{ entries, problems: [], head: null },
  },
  ...{ seenBefore: null, problems: [], added: null },
});

describe('own posts', () => {
  it('come newest first, with the agency’s own closing words', () => {
    const closing: VerifiedEntry = {
      ...{ kind: 'closing', position: 3, textSha256: '3', requestId: 'a', status: 'resolved', reason: 'Found.', at: 0 },
    };
    const posts = ownPosts(profile([post('a', 1, { outcome: 'resolved' }), post('b', 2), closing]), []);
    expect(posts.map(({ requestId, outcome }) => [requestId, outcome])).toEqual([
      ['b', 'open'],
      ['a', 'resolved'],
    ]);
    expect(posts[1]?.closing?.reason).toBe('Found.');
  });

  it('that wait for a review have their words on the device that posted them, and on no other', () => {
    const history = profile([waiting('a', 1)]);
    expect(ownPosts(history, [request('a', 1)])[0]?.request?.title).toBe('Title of a');
    expect(ownPosts(history, [])[0]?.request).toBeNull();
  });

  it('count for the rule about posts of a case while they wait, and no more once they are rejected', () => {
    const history = profile([post('a', 1, { outcome: 'rejected' }), waiting('b', 2)]);
    expect(earlierRequests(history, [request('b', 2)]).map(({ id }) => id)).toEqual(['b']);
  });

  it('that left from here and are in no history are named', () => {
    const sent = [request('a', 1), request('b', 2)];
    expect(missingPosts(profile([post('a', 1)]), sent).map(({ id }) => id)).toEqual(['b']);
  });
});
