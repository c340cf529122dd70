/** What a library file may say of a camera's confirmed rules, with which times of later imports are worked out. */
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { LIBRARY_FORMAT, LibraryFileSchema } from '../../../src/contracts/library-file.ts';
import { camera } from '../../support/share-fixtures.ts';

const parsed = (confirmedRules: unknown) =>
  v.safeParse(LibraryFileSchema, {
    ...{ format: LIBRARY_FORMAT, exported: 0, recordings: [], shares: [], notes: [], identity: null },
    cameras: [{ ...camera, ...(confirmedRules !== undefined && { confirmedRules }) }],
  });
const accepts = (confirmedRules: unknown): boolean => parsed(confirmedRules).success;

it.each<[string, unknown]>([
  ['none', undefined],
  ['an answer for all', { tapo: { reading: 'tapo start utc', correctionMs: -3_600_000 } }],
  ['each by itself', { tapo: 'ask-each' }],
])('takes %s', (_, rules) => expect(accepts(rules)).toBe(true));

it.each<[string, unknown]>([
  ['a correction in words', { tapo: { reading: 'tapo start utc', correctionMs: '3600' } }],
  ['an endless correction', { tapo: { reading: 'tapo start utc', correctionMs: Infinity } }],
  ['another answer', { tapo: 'always' }],
  ['a rule that is no word', { 'Tapo <b>': 'ask-each' }],
])('refuses %s', (_, rules) => expect(accepts(rules)).toBe(false));

it('drops a rule by the name of something every object has', () => {
  const { output } = parsed(JSON.parse('{"constructor": "ask-each", "tapo": "ask-each"}'));
  expect(output).toMatchObject({ cameras: [{ confirmedRules: { tapo: 'ask-each' } }] });
  expect(JSON.stringify(output)).not.toContain('constructor');
});
