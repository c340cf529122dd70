/** Which screen an address names, and the way from one to the next: History API, so that reload and Back work. */

export type TimelineFilter = 'all' | 'for-me' | 'nearby' | 'resolved';

/** The desks of the agency console; `home` is the inbox, or the keys while there are none. */
export const AGENCY_DESKS = ['home', 'inbox', 'posts', 'compose', 'file', 'keys'] as const;
export type AgencyDesk = (typeof AGENCY_DESKS)[number];

/** What a reviewer does. */
export type ReviewDesk = 'queue' | 'public' | 'comments' | 'keys';

export type Route =
  | { readonly screen: 'timeline'; readonly show: TimelineFilter }
  | { readonly screen: 'request'; readonly id: string }
  | { readonly screen: 'agency-profile'; readonly id: string }
  | { readonly screen: 'review'; readonly desk: ReviewDesk }
  | { readonly screen: 'library' }
  | { readonly screen: 'share'; readonly requestId: string }
  | { readonly screen: 'activity'; readonly shareId: string | null }
  | { readonly screen: 'settings' }
  /** `item`: a package of the inbox. `report`: its custody report. */
  | { readonly screen: 'agency'; readonly desk: AgencyDesk; readonly item: string | null; readonly report: boolean }
  | { readonly screen: 'not-found' };

const FILTERS: readonly TimelineFilter[] = ['all', 'for-me', 'nearby', 'resolved'];

const REVIEW_DESKS: readonly ReviewDesk[] = ['queue', 'public', 'comments', 'keys'];

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** `/agency`, `/agency/DESK`, `/agency/inbox/ID`, `/agency/inbox/ID/report`, `/agency/file/report`. */
const agencyRoute = ([wanted, ...rest]: readonly string[]): Route => {
  const desk = wanted === undefined ? 'home' : AGENCY_DESKS.find((name) => name !== 'home' && name === wanted);
  const report = rest.at(-1) === 'report';
  const [item = null, ...more] = report ? rest.slice(0, -1) : rest;
  const fits = desk === 'inbox' ? !report || item !== null : item === null && (!report || desk === 'file');
  if (desk === undefined || more.length > 0 || !fits) return { screen: 'not-found' };
  return { screen: 'agency', desk, item, report };
};

/** The route that a URL of this page names; `not-found` for anything else. Never throws. */
export const routeOf = (url: URL): Route => {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [first, second, ...rest] = parts;
  if (first === 'agency') return agencyRoute(parts.slice(1));
  if (rest.length > 0) return { screen: 'not-found' };
  if (first === undefined) {
    const wanted = url.searchParams.get('show');
    return { screen: 'timeline', show: FILTERS.find((filter) => filter === wanted) ?? 'all' };
  }
  if (first === 'request' && second !== undefined) return { screen: 'request', id: second };
  if (first === 'agencies' && second !== undefined) return { screen: 'agency-profile', id: second };
  if (first === 'review') {
    const desk = REVIEW_DESKS.find((known) => known === (second ?? 'queue'));
    return desk === undefined ? { screen: 'not-found' } : { screen: 'review', desk };
  }
  if (first === 'share' && second !== undefined) return { screen: 'share', requestId: second };
  if (second !== undefined) return { screen: 'not-found' };
  if (first === 'library' || first === 'settings') return { screen: first };
  if (first === 'activity') return { screen: 'activity', shareId: url.searchParams.get('share') };
  return { screen: 'not-found' };
};

export const requestPath = (id: string): string => `/request/${encodeURIComponent(id)}`;
export const agencyPath = (id: string): string => `/agencies/${encodeURIComponent(id)}`;
export const reviewPath = (desk: ReviewDesk): string => (desk === 'queue' ? '/review' : `/review/${desk}`);
export const sharePath = (requestId: string): string => `/share/${encodeURIComponent(requestId)}`;
export const receiptPath = (shareId: string): string => `/activity?share=${encodeURIComponent(shareId)}`;

export const deskPath = (desk: Exclude<AgencyDesk, 'home'>, item: string | null = null, report = false): string =>
  ['/agency', desk, ...(item === null ? [] : [encodeURIComponent(item)]), ...(report ? ['report'] : [])].join('/');

/** Goes to a path of this page; the shell hears of it through `popstate`. */
export const navigate = (path: string): void => {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
};
