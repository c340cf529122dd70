/** Addresses name screens, and nothing in an address can break the page. */
import { expect, it } from 'vitest';
import { requestPath, routeOf, sharePath, type Route } from '../../../src/ui/router.ts';

const route = (path: string): Route => routeOf(new URL(path, 'http://localhost'));

it.each<[string, Route]>([
  ['/', { screen: 'timeline', show: 'all' }],
  ['/?show=for-me', { screen: 'timeline', show: 'for-me' }],
  ['/?show=everything', { screen: 'timeline', show: 'all' }],
  ['/request/wpd-1', { screen: 'request', id: 'wpd-1' }],
  ['/agencies/wrenfield-police', { screen: 'agency-profile', id: 'wrenfield-police' }],
  ['/agencies', { screen: 'not-found' }],
  ['/agencies/a/b', { screen: 'not-found' }],
  ['/review', { screen: 'review', desk: 'queue' }],
  ['/review/comments', { screen: 'review', desk: 'comments' }],
  ['/review/x', { screen: 'not-found' }],
  ['/library', { screen: 'library' }],
  ['/share/wpd-1', { screen: 'share', requestId: 'wpd-1' }],
  ['/activity', { screen: 'activity', shareId: null }],
  ['/activity?share=s-1', { screen: 'activity', shareId: 's-1' }],
  ['/settings/', { screen: 'settings' }],
  ['/agency', { screen: 'agency', desk: 'home', item: null, report: false }],
  ['/agency/compose', { screen: 'agency', desk: 'compose', item: null, report: false }],
  ['/agency/inbox/0a', { screen: 'agency', desk: 'inbox', item: '0a', report: false }],
  ['/agency/inbox/0a/report', { screen: 'agency', desk: 'inbox', item: '0a', report: true }],
  ['/agency/file/report', { screen: 'agency', desk: 'file', item: null, report: true }],
  ['/agency/home', { screen: 'not-found' }],
  ['/agency/inbox/report', { screen: 'not-found' }],
  ['/agency/posts/x', { screen: 'not-found' }],
  ['/agency/inbox/a/b', { screen: 'not-found' }],
  ['/request', { screen: 'not-found' }],
  ['/request/a/b', { screen: 'not-found' }],
  ['/library/x', { screen: 'not-found' }],
  ['/request/%E0%A4%A', { screen: 'request', id: '%E0%A4%A' }],
])('%s', (path, expected) => expect(route(path)).toEqual(expected));

it('finds any id again from its own path', () => {
  expect(route(requestPath('a/b?c#d'))).toEqual({ screen: 'request', id: 'a/b?c#d' });
  expect(route(sharePath('ü %'))).toEqual({ screen: 'share', requestId: 'ü %' });
});
