/** Writes down what the content policy blocked, on the page and in its workers: an attempt to leave belongs into the ledger, too. */
import type { LedgerEntry } from '../contracts/share.ts';
import type { LedgerStore } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';

const CHANNEL = 'porchlight-blocked';

/** What a violation tells; other parts of the event would repeat the page's own policy. */
interface Blocked {
  readonly directive: string;
  readonly address: string;
  readonly where: string;
}

const blockedOf = (event: SecurityPolicyViolationEvent, where: string): Blocked => ({
  directive: event.effectiveDirective,
  address: event.blockedURI === '' ? 'inline' : event.blockedURI,
  where,
});

/** In a worker: tells the page. Runs where there is no BroadcastChannel without a word: the policy blocks all the same. */
export const tellBlocked = (scope: EventTarget, name: string): void => {
  if (!('BroadcastChannel' in globalThis)) return;
  const channel = new BroadcastChannel(CHANNEL);
  scope.addEventListener('securitypolicyviolation', (event) => {
    if (event instanceof SecurityPolicyViolationEvent) channel.postMessage(blockedOf(event, name));
  });
};

const entryOf = ({ directive, address, where }: Blocked, at: EpochMs): LedgerEntry => ({
  ...{ at, kind: 'blocked', purpose: `blocked by the content policy (${directive}), tried by ${where}`, method: '–' },
  ...{ url: address, bytesOut: 0, bytesIn: 0, bodySha256: null, status: null, problem: 'Nothing left.' },
});

const isBlocked = (data: unknown): data is Blocked =>
  typeof data === 'object' &&
  data !== null &&
  ['directive', 'address', 'where'].every((key) => typeof Reflect.get(data, key) === 'string');

/**
 * On the page: writes down its own violations and those that workers tell, also those from before the ledger is open. The ledger's
 * failure is nobody's here: nothing left.
 */
export const writeDownBlocked = (
  page: EventTarget,
  opening: Promise<Pick<LedgerStore, 'append'>>,
  now: () => EpochMs,
): void => {
  opening.catch(() => undefined);
  const write = (blocked: Blocked): void => {
    const entry = entryOf(blocked, now());
    opening.then((ledger) => ledger.append(entry)).catch(() => undefined);
  };
  page.addEventListener('securitypolicyviolation', (event) => {
    if (event instanceof SecurityPolicyViolationEvent) write(blockedOf(event, 'the page'));
  });
  new BroadcastChannel(CHANNEL).onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isBlocked(data)) write(data);
  };
};
