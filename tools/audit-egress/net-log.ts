/**
 * Reads Chromium's own network log (--log-net-log): which names were looked up, which sockets were opened past the proxy, and who began
 * each request. Chromium asks its maker's servers by itself (updates, sign-in, form filling); such requests have no page behind them.
 */
import { readFile } from 'node:fs/promises';

export interface NetLogFacts {
  /** Hosts that Chromium asked for itself only; no page or worker ever began a request to them. */
  readonly browsersOwn: readonly string[];
  /** Names looked up and sockets opened for anything else, as sentences. */
  readonly pastTheProxy: readonly string[];
}

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: Readonly<Record<string, unknown>> | null }[];
}

/** What the log says in place of an origin when no page began a request. */
const NOBODY = 'not an origin';
/** To learn whether there is IPv6, Chromium connects a UDP socket to this address (Google's resolver) and sends nothing. */
const IPV6_PROBE = '[2001:4860:4860::8888]:443';

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address);

/** `hub` is the page's own host, `proxyPort` the recording proxy's. Throws when the log cannot be read. */
export const readNetLog = async (path: string, proxyPort: number, hub: string): Promise<NetLogFacts> => {
  const { constants, events } = JSON.parse(await readFile(path, 'utf8')) as NetLog;
  const all = (name: string): readonly Readonly<Record<string, unknown>>[] =>
    events.flatMap(({ type, params }) => (type === constants.logEventTypes[name] && params ? [params] : []));
  const strings = (name: string, field: string): readonly string[] =>
    all(name).flatMap((params) => (typeof params[field] === 'string' ? [params[field]] : []));

  const asked = new Map<string, boolean>();
  for (const { url, initiator } of all('URL_REQUEST_START_JOB')) {
    if (typeof url !== 'string' || !URL.canParse(url)) continue;
    const { host } = new URL(url);
    asked.set(host, (asked.get(host) ?? true) && initiator === NOBODY);
  }
  const browsersOwn = [...asked].flatMap(([host, nobody]) => (nobody && host !== '' && host !== hub ? [host] : []));
  const known = new Set([hub, ...browsersOwn]);

  const lookedUp = strings('HOST_RESOLVER_MANAGER_REQUEST', 'host').map(hostOf);
  const tcp = strings('TCP_CONNECT_ATTEMPT', 'address').filter((address) => address !== `127.0.0.1:${proxyPort}`);
  const udp = strings('UDP_CONNECT', 'address').filter((address) => address !== IPV6_PROBE);
  return {
    browsersOwn,
    pastTheProxy: [
      ...new Set(lookedUp.filter((host) => !known.has(host)).map((host) => `name looked up: ${host}`)),
      ...new Set(tcp.map((address) => `TCP to ${address}`)),
      ...new Set(udp.map((address) => `UDP to ${address}`)),
    ],
  };
};
