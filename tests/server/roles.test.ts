/** Every role of the page against a real hub: an agency posts, a reviewer looks, residents comment. What is sent to agencies: inbox.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Roles } from '../../src/contracts/roles-api.ts';
import { valueOf } from '../support/value-of.ts';
import { AGENCY, demoHub, draft, HOUR, NOW, publish, rolePage, withKeys } from './role-page.ts';
import type { TestHub } from './test-hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await demoHub();
});
afterAll(() => hub.stop());

const page = (online = true) => rolePage(hub, online);

describe('keys', () => {
  it('leave as a file sealed with a passphrase and come back with it alone', async () => {
    // Both before the passphrase is stretched: that takes longer than an idle connection lasts.
    const [{ roles }, { roles: other }] = [await page(), await page()];
    const made = valueOf(await roles.createKeys('agency', 'new.police.example'));
    expect(made).toMatchObject({ role: 'agency', holder: null, recipient: expect.stringMatching(/^age1/) });
    const file = valueOf(await roles.exportKeys(made.id, 'correct horse'));
    expect(await other.importKeys(file, null)).toMatchObject({ reason: 'passphrase-needed' });
    expect(await other.importKeys(file, 'wrong')).toMatchObject({ reason: 'wrong-passphrase' });
    expect(valueOf(await other.importKeys(file, 'correct horse'))).toMatchObject({
      id: made.id,
      recipient: made.recipient,
    });
    expect(await other.importKeys(new Blob(['{}']), null)).toMatchObject({ reason: 'unreadable' });
    valueOf(await other.removeKeys(made.id));
    expect(other.keys.get()).toEqual([]);
  });

  it('that the directory does not know sign nothing', async () => {
    const { roles, net } = await page();
    const stranger = await withKeys(roles, 'stranger');
    const asked = net.sent.length;
    expect(await roles.postRequest(stranger, draft())).toMatchObject({ reason: 'not-allowed' });
    expect(await roles.inbox(stranger)).toMatchObject({ reason: 'not-allowed' });
    expect(net.sent).toHaveLength(asked);
  });
});

describe('a request', () => {
  it('is composed, posted, reviewed, public, and closed, each step in the agency’s verified history', async () => {
    const { roles, record } = await page();
    const before = valueOf(await roles.agencyProfile(AGENCY));
    expect(before.problems).toEqual([]);
    const check = roles.checkDraft(draft(), AGENCY, [], Date.now());
    expect(check).toMatchObject({ ready: true, problems: [] });
    expect(check.squareKilometres).toBeCloseTo(0.5027, 3);
    const requestId = await publish(roles);
    await record.refresh();
    expect(record.record.get().requests.find(({ id }) => id === requestId)).toMatchObject({ status: 'open' });
    const police = await withKeys(roles, 'police');
    valueOf(await roles.closeRequest(police, requestId, 'resolved', 'Found.'));
    const after = valueOf(await roles.agencyProfile(AGENCY));
    expect(after).toMatchObject({ problems: [], added: 2 });
    expect(after.history.entries.slice(-2)).toMatchObject([
      { kind: 'post', requestId, outcome: 'resolved', reviewer: { id: 'reviewer-okafor' } },
      { kind: 'closing', requestId, status: 'resolved', reason: 'Found.' },
    ]);
  });

  it('that breaks its policy is told while it is typed, cannot be posted, and cannot be approved', async () => {
    const { roles } = await page();
    const [police, reviewer] = [await withKeys(roles, 'police'), await withKeys(roles, 'reviewer')];
    const bad = draft({ to: NOW - 17 * HOUR });
    expect(roles.checkDraft(bad, AGENCY, [], Date.now())).toMatchObject({ ready: false });
    expect(await roles.postRequest(police, bad)).toMatchObject({ reason: 'refused-by-hub' });
    const { requestId } = valueOf(await roles.postRequest(police, draft({ caseNumber: 'R-2' })));
    const item = valueOf(await roles.reviewQueue(reviewer)).find(({ request }) => request.id === requestId);
    if (item === undefined) throw new Error('not in the queue');
    expect(await roles.approve(reviewer, { ...item, obstacle: 'It breaks a rule.' })).toMatchObject({
      reason: 'not-allowed',
    });
    expect(await roles.approve(police, item)).toMatchObject({ reason: 'not-allowed' });
    valueOf(await roles.approve(reviewer, item));
    expect(await roles.approve(reviewer, item)).toMatchObject({ reason: 'refused-by-hub' });
  });

  it('is rejected in public with code and reason; a harmful text is withheld, its place is not', async () => {
    const { roles } = await page();
    const [police, reviewer] = [await withKeys(roles, 'police'), await withKeys(roles, 'reviewer')];
    for (const [code, shown] of [
      ['announcement', true],
      ['victim-identity', false],
    ] as const) {
      const { requestId } = valueOf(await roles.postRequest(police, draft({ caseNumber: `R-${code}` })));
      valueOf(await roles.reject(reviewer, { id: requestId, agency: AGENCY }, code, 'Not like this.'));
      const { history, problems } = valueOf(await roles.agencyProfile(AGENCY));
      expect(problems).toEqual([]);
      const entry = history.entries.at(-1);
      expect(entry).toMatchObject({
        outcome: 'rejected',
        rejection: { code, reason: 'Not like this.', reviewer: { id: 'reviewer-okafor' } },
        withheld: shown ? null : 'harmful',
      });
      expect(entry?.kind === 'post' && entry.request !== null).toBe(shown);
    }
  });
});

describe('comments', () => {
  it('are written, read by anyone, removed by their device or with a reason that stays', async () => {
    const writer = await page();
    const requestId = await publish(writer.roles, { caseNumber: 'R-3' });
    const mine = valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'I saw a white van.\nTwice.'));
    valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'Rude words.'));
    const reader = await page();
    const read = async (roles: Roles) => valueOf(await roles.comments(requestId));
    expect((await read(reader.roles)).map(({ text, mine: own }) => [text, own])).toEqual([
      ['I saw a white van.\nTwice.', false],
      ['Rude words.', false],
    ]);
    expect((await read(writer.roles)).map(({ mine: own }) => own)).toEqual([true, true]);
    expect(await reader.roles.removeMyComment(mine)).toMatchObject({ reason: 'not-allowed' });
    valueOf(await writer.roles.removeMyComment(mine));
    const rude = (await read(reader.roles)).find(({ text }) => text === 'Rude words.');
    if (rude === undefined) throw new Error('the comment is gone');
    const reviewer = await withKeys(reader.roles, 'reviewer');
    valueOf(await reader.roles.removeComment(reviewer, rude, 'threats-or-harassment', 'It insults somebody.'));
    expect(await read(reader.roles)).toMatchObject([
      { text: null, removed: { by: 'writer', reason: null } },
      { text: null, removed: { by: 'reviewer', reason: 'It insults somebody.', reviewer: { id: 'reviewer-okafor' } } },
    ]);
    expect(reader.net.sent.some(({ method, path }) => method === 'GET' && path.includes(requestId))).toBe(false);
  });

  it('come with the feed, all of them, and go when requests are switched off; whoever opens one asks for nothing', async () => {
    const writer = await page();
    const requestId = await publish(writer.roles, { caseNumber: 'R-3b' });
    valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'First.'));
    const reader = await page();
    const comments = () =>
      reader.comments
        .get()
        .byRequest.get(requestId)
        ?.map(({ text }) => text);
    const asked = () => reader.net.sent.filter(({ path }) => path.startsWith('/v1/comments/'));
    await expect.poll(comments).toEqual(['First.']);
    expect(asked().map(({ path }) => path)).toEqual(['/v1/comments/all']);
    valueOf(await writer.roles.postComment(requestId, 'Neighbour', 'Second.'));
    await reader.record.reevaluate();
    expect(asked()).toHaveLength(1);
    await reader.record.refresh();
    await expect.poll(comments).toEqual(['First.', 'Second.']);
    expect(asked()).toHaveLength(2);
    await reader.record.setEnabled(false);
    await expect.poll(() => reader.comments.get().byRequest.size).toBe(0);
    expect(asked()).toHaveLength(2);
  });

  it('are not tried with the network off', async () => {
    const { net, record } = await page(false);
    await record.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(net.sent.filter(({ path }) => path.startsWith('/v1/comments/'))).toEqual([]);
  });

  it('under two requests cannot be told to be by one device', async () => {
    const { roles, roleStore } = await page();
    for (const caseNumber of ['R-4', 'R-5']) {
      valueOf(await roles.postComment(await publish(roles, { caseNumber }), 'Me', 'Hello.'));
    }
    const keys = await roleStore.commentKeys();
    expect(new Set(keys.map(({ verifierKey }) => verifierKey)).size).toBe(2);
  });

  it.each([
    ['', 'Hello', 'name'],
    ['Me', '', 'text'],
    ['Me', 'x'.repeat(601), '600'],
    ['Me\nToo', 'Hello', 'line'],
    ['Me', 'abc\u202edef', 'invisible'],
  ])('by %j saying %j are refused before anything is sent', async (name, text, why) => {
    const { roles, net } = await page();
    const asked = net.sent.length;
    const refused = await roles.postComment('wpd-alder-parcels', name, text);
    expect(refused).toMatchObject({ ok: false, detail: expect.stringContaining(why) });
    expect(net.sent).toHaveLength(asked);
  });
});

describe('with requests switched off', () => {
  it('no role asks the hub for anything', async () => {
    const { roles, record, net } = await page();
    const keys = await withKeys(roles, 'police');
    const reviewer = await withKeys(roles, 'reviewer');
    await record.setEnabled(false);
    const asked = net.sent.length;
    const answers = await Promise.all([
      roles.agencyProfile(AGENCY),
      roles.postRequest(keys, draft()),
      roles.reviewQueue(reviewer),
      roles.comments('wpd-alder-parcels'),
      roles.postComment('wpd-alder-parcels', 'Me', 'Hello'),
      roles.inbox(keys),
    ]);
    expect(answers.map((answer) => !answer.ok && answer.reason)).toEqual(answers.map(() => 'requests-off'));
    expect(net.sent).toHaveLength(asked);
  });
});
