/** The public record's parts: what cannot be approved, what stays of a removed comment, where a history breaks, and how long keys are good. */
import { expect, it } from 'vitest';
import type { VerifiedEntry } from '../../../src/contracts/agency-history.ts';
import type { CommentView } from '../../../src/contracts/comments.ts';
import type { Agency, FootageRequest } from '../../../src/contracts/request.ts';
import type { ReviewItem } from '../../../src/contracts/review.ts';
import type { AgencyProfile } from '../../../src/contracts/roles-api.ts';
import '../../../src/ui/parts/agency-keys.ts';
import '../../../src/ui/parts/comment-card.ts';
import '../../../src/ui/parts/comment-form.ts';
import type { CommentWritten } from '../../../src/ui/parts/comment-form.ts';
import '../../../src/ui/parts/history-entry.ts';
import '../../../src/ui/parts/history-verdict.ts';
import '../../../src/ui/parts/reason-form.ts';
import type { ReasonGiven } from '../../../src/ui/parts/reason-form.ts';
import '../../../src/ui/parts/review-item.ts';
import { QuestionsAnswered } from '../../../src/ui/parts/review-questions.ts';
import { mount, textOf } from './mount.ts';

const AT = Date.parse('2026-11-22T17:00:00Z');
const EVIL = '<img src=x onerror="globalThis.broken = true">';

const agency: Agency = {
  ...{ id: 'police', name: 'Police', kind: 'police', place: 'Here', contact: 'x', status: 'active' },
  keys: [
    { key: 'police.example+0a1b2c3d+AQ+bc+d', until: '2026-11-01T00:00:00Z', ended: 'revoked', lastSeq: 7 },
    { key: 'police.example+11111111+AQx', from: '2026-11-01T00:00:00Z' },
    'police.example+22222222+AQy',
  ],
  recipients: ['age1x'],
};

const request: FootageRequest = {
  ...{ id: 'r', agency: 'police', seq: 2, prev: null, caseNumber: '1', incidentType: 'Theft', suspectedCrime: '' },
  ...{ title: EVIL, description: EVIL, investigator: { name: 'I' }, incident: [0, 0], placeName: 'Here' },
  area: { type: 'Circle', center: [0, 0], radiusM: 100 },
  window: { from: '2026-11-22T17:00:00Z', to: '2026-11-22T18:00:00Z', zone: 'UTC' },
  ...{ posted: '2026-11-22T19:00:00Z', expires: '2026-12-22T19:00:00Z', policy: 'npss' },
};

const item: ReviewItem = {
  ...{ note: 'note', request, agency, receivedAt: AT, rules: [], signatures: [], obstacle: null },
};

const approveButton = (card: HTMLElement): Element | null | undefined =>
  [...(card.shadowRoot?.querySelectorAll('wa-button') ?? [])].find((button) =>
    /Approve/.test(button.textContent ?? ''),
  );

/** All six questions answered with no. */
const answerNo = async (card: HTMLElementTagNameMap['pl-review-item']): Promise<void> => {
  card.shadowRoot?.querySelector('pl-review-questions')?.dispatchEvent(new QuestionsAnswered(true, null));
  await card.updateComplete;
};

it('a request is approved only once every question was answered with no', async () => {
  const card = await mount('pl-review-item', { item, keyName: 'rev' });
  expect(approveButton(card)?.hasAttribute('disabled')).toBe(true);
  await answerNo(card);
  expect(approveButton(card)?.hasAttribute('disabled')).toBe(false);
  card.shadowRoot?.querySelector('pl-review-questions')?.dispatchEvent(new QuestionsAnswered(false, 'profiling'));
  await card.updateComplete;
  expect(approveButton(card)?.hasAttribute('disabled')).toBe(true);
  expect(card.shadowRoot?.querySelector('img')).toBeNull();
});

it.each<[string, ReviewItem, string]>([
  [
    'policy forbids',
    { ...item, obstacle: 'The window is 13 h long; at most 12 hours are allowed.' },
    'The window is 13 h',
  ],
  [
    'the same reviewer signed',
    { ...item, signatures: [{ keyName: 'rev', role: 'reviewer', verified: true }] },
    'You have signed this request already',
  ],
])('what %s cannot be approved, whatever is answered, and says why', async (_, forbidden, why) => {
  const card = await mount('pl-review-item', { item: forbidden, keyName: 'rev' });
  await answerNo(card);
  expect(approveButton(card)?.hasAttribute('disabled')).toBe(true);
  expect(textOf(card)).toContain(why);
});

it('a reason needs its ground and its words, and tells what a harmful ground withholds', async () => {
  const form = await mount('pl-reason-form', { withheld: 'It is shown nowhere.' });
  const given: ReasonGiven[] = [];
  form.addEventListener('pl-reason-given', (event) => given.push(event));
  const root = form.shadowRoot;
  const submit = async (): Promise<void> => {
    root?.querySelector('form')?.requestSubmit();
    await form.updateComplete;
  };
  await submit();
  expect(textOf(form)).toContain('Choose the ground');
  const ground = root?.querySelector('select');
  const words = root?.querySelector('textarea');
  if (!ground || !words) throw new Error('two fields');
  ground.value = 'victim-identity';
  ground.dispatchEvent(new Event('change'));
  await submit();
  expect(textOf(form)).toContain('It is shown nowhere.');
  expect(textOf(form)).toContain('Give the reason');
  words.value = '  Names a child. ';
  words.dispatchEvent(new Event('input'));
  await submit();
  expect(given.map(({ code, reason }) => [code, reason])).toEqual([['victim-identity', 'Names a child.']]);
});

it('a comment counts its characters and is sent as it stands', async () => {
  const form = await mount('pl-comment-form', {});
  const written: CommentWritten[] = [];
  form.addEventListener('pl-comment-written', (event) => written.push(event));
  const [name, text] = [form.shadowRoot?.querySelector('wa-input'), form.shadowRoot?.querySelector('textarea')];
  if (!name || !text) throw new Error('two fields');
  expect(text.maxLength).toBe(600);
  text.value = 'One\ntwo';
  text.dispatchEvent(new Event('input'));
  await form.updateComplete;
  expect(textOf(form)).toContain('7 of 600 characters');
  form.shadowRoot?.querySelector('form')?.requestSubmit();
  await form.updateComplete;
  expect(textOf(form)).toContain('Choose a name');
  Object.assign(name, { value: 'June' });
  name.dispatchEvent(new Event('input'));
  await form.updateComplete;
  form.shadowRoot?.querySelector('form')?.requestSubmit();
  expect(written.map((event) => [event.name, event.text])).toEqual([['June', 'One\ntwo']]);
});

it('of a removed comment, who removed it and why stays; of a standing one, its words as text and its time with the zone', async () => {
  const common = { id: 'c', requestId: 'r', at: AT, mine: false } as const;
  const standing: CommentView = { ...common, name: EVIL, text: `${EVIL}\nsecond line`, removed: null };
  const card = await mount('pl-comment-card', { comment: standing });
  expect(textOf(card)).toContain(EVIL);
  expect(textOf(card)).toContain('09:00 PST');
  expect(card.shadowRoot?.querySelector('img')).toBeNull();
  expect(card.shadowRoot?.querySelector('wa-button')).toBeNull();
  const reviewer = { id: 'rev', name: 'N. Okafor', keys: [] };
  const removed = { by: 'reviewer', reviewer, code: 'profiling', reason: EVIL, at: AT } as const;
  const gone = await mount('pl-comment-card', { comment: { ...common, name: null, text: null, removed } });
  expect(textOf(gone)).toContain('Removed by N. Okafor');
  expect(textOf(gone)).toContain(`Profiling: ${EVIL}`);
  expect(gone.shadowRoot?.querySelector('img')).toBeNull();
});

const profile = (change: Partial<AgencyProfile>): AgencyProfile => ({
  history: { agency, entries: [], problems: [], head: null },
  ...{ seenBefore: null, problems: [], added: null },
  ...change,
});

it('a history that breaks says where and how, and since when this device knew another', async () => {
  const seenBefore = { agency: 'police', texts: ['a', 'b', 'c'], seenAt: AT };
  const verdict = await mount('pl-history-verdict', {
    profile: profile({
      seenBefore,
      problems: [
        { kind: 'forked', position: 2, detail: 'There are two different entries 2.' },
        { kind: 'not-a-continuation', position: 3, detail: 'The history ends before entry 3.' },
      ],
    }),
  });
  const said = textOf(verdict);
  expect(said).toContain('This history does not hold');
  expect(said).toContain('Entry 2: forked.');
  expect(said).toContain('not a continuation of what this device saw on Sun 22 Nov 2026, 09:00 PST');
  const whole = textOf(await mount('pl-history-verdict', { profile: profile({ seenBefore, added: 2 }) }));
  expect(whole).toContain('It continues what this device saw on Sun 22 Nov 2026, 09:00 PST, with 2 new entries');
});

it('a rejected post keeps its text, its ground and its reason; a withheld one its hash', async () => {
  const rejection = { reviewer: null, code: 'announcement', reason: EVIL, at: AT } as const;
  const post: VerifiedEntry = {
    ...{ kind: 'post', position: 2, textSha256: 'f'.repeat(64), requestId: 'r', request, noteSha256: null },
    ...{ withheld: null, reviewer: null, outcome: 'rejected', rejection },
  };
  const entry = await mount('pl-history-entry', { entry: post, position: 2 });
  expect(textOf(entry)).toContain('Rejected by review');
  expect(textOf(entry)).toContain(`An announcement. ${EVIL}`);
  expect(entry.shadowRoot?.querySelector('details')?.textContent).toContain(EVIL);
  expect(entry.shadowRoot?.querySelector('img')).toBeNull();
  const withheld = { ...post, request: null, withheld: 'harmful' } as const;
  const hidden = textOf(await mount('pl-history-entry', { entry: withheld, position: 2 }));
  expect(hidden).toContain('does harm');
  expect(hidden).toContain('f'.repeat(64));
});

it('keys say when they are good, and why not any more', async () => {
  const keys = textOf(await mount('pl-agency-keys', { agency }));
  expect(keys).toContain('police.example+0a1b2c3d Revoked');
  expect(keys).toContain('when it was revoked. Nothing after entry 7 of the history counts with it.');
  expect(keys).toContain('police.example+11111111 Good');
  expect(keys).toContain('Good at any time.');
  expect(keys).not.toContain('AQ');
});
