/** Which screen an address names, and the way from one to the next: History API, so that reload and Back work. */

export type TimelineFilter = 'all' | 'for-me' | 'nearby' | 'resolved';

export type Route =
  | { readonly screen: 'timeline'; readonly show: TimelineFilter }
  | { readonly screen: 'request'; readonly id: string }
  | { readonly screen: 'library' }
  | { readonly screen: 'share'; readonly requestId: string }
  | { readonly screen: 'activity'; readonly shareId: string | null }
  | { readonly screen: 'settings' }
  | { readonly screen: 'not-found' };

const FILTERS: readonly TimelineFilter[] = ['all', 'for-me', 'nearby', 'resolved'];

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** The route that a URL of this page names; `not-found` for anything else. Never throws. */
export const routeOf = (url: URL): Route => {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [first, second, ...rest] = parts;
  if (rest.length > 0) return { screen: 'not-found' };
  if (first === undefined) {
    const wanted = url.searchParams.get('show');
    return { screen: 'timeline', show: FILTERS.find((filter) => filter === wanted) ?? 'all' };
  }
  if (first === 'request' && second !== undefined) return { screen: 'request', id: second };
  if (first === 'share' && second !== undefined) return { screen: 'share', requestId: second };
  if (second !== undefined) return { screen: 'not-found' };
  if (first === 'library' || first === 'settings') return { screen: first };
  if (first === 'activity') return { screen: 'activity', shareId: url.searchParams.get('share') };
  return { screen: 'not-found' };
};

export const requestPath = (id: string): string => `/request/${encodeURIComponent(id)}`;
export const sharePath = (requestId: string): string => `/share/${encodeURIComponent(requestId)}`;
export const receiptPath = (shareId: string): string => `/activity?share=${encodeURIComponent(shareId)}`;

/** Goes to a path of this page; the shell hears of it through `popstate`. */
export const navigate = (path: string): void => {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
};
