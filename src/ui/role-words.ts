/** Plain words for what agencies and reviewers see; apart from words.ts, so that residents' first screen does not carry them. */
import type { HistoryProblemKind, PostOutcome } from '../contracts/agency-history.ts';
import type { PackageRule } from '../contracts/inbox.ts';
import type { RejectionCode } from '../contracts/request.ts';
import type { DeedFailure } from '../contracts/roles-api.ts';

/** What to do about it; the detail of the failure says what exactly went wrong. */
export const DEED_FAILURE: Readonly<Record<DeedFailure, string>> = {
  offline: 'The hub cannot be reached. Nothing was sent; try again when it can.',
  unrecorded: 'There is no room on this device to write down what leaves.',
  'hub-error': 'The hub answered with an error. Try again in a while.',
  'refused-by-hub': 'The hub did not accept this.',
  'too-many-requests':
    'The hub takes only so many of these a minute from one address. Nothing is lost here: wait a little.',
  'requests-off': 'Requests are switched off on this device: switch them on in the Settings first.',
  'no-directory': 'No directory of agencies is known here yet. Fetch the requests first.',
  'unknown-agency': 'There is no such agency here.',
  'unknown-key': 'These keys are no longer on this device.',
  'not-allowed': 'This is not allowed.',
  unreadable: 'What the hub sent cannot be read.',
  cancelled: 'Stopped. What has arrived is kept while this page is open.',
};

/** What to do, then the exact words of what went wrong. */
export const sayFailure = ({ reason, detail }: { readonly reason: string; readonly detail: string }): string => {
  const [, advice] = Object.entries(DEED_FAILURE).find(([known]) => known === reason) ?? [];
  return advice === undefined ? detail : `${advice} ${detail}`;
};

export const POST_OUTCOME: Readonly<Record<PostOutcome, string>> = {
  'awaiting-review': 'Waits for review',
  open: 'Open',
  expired: 'Expired',
  resolved: 'Resolved',
  withdrawn: 'Withdrawn',
  rejected: 'Rejected by review',
  refused: 'Refused by this page',
};

/** The colour of an outcome's chip. */
export const OUTCOME_TONE: Readonly<Record<PostOutcome, '' | 'good' | 'amber' | 'bad'>> = {
  'awaiting-review': 'amber',
  open: 'good',
  expired: '',
  resolved: '',
  withdrawn: '',
  rejected: 'bad',
  refused: 'bad',
};

export const REJECTION: Readonly<Record<RejectionCode, string>> = {
  'lawful-activity': 'About lawful activity',
  announcement: 'An announcement',
  profiling: 'Profiling',
  'threats-or-harassment': 'Threats or harassment',
  'victim-identity': 'A victim’s identity',
  'pressure-to-share': 'Pressure to share',
  'breaks-policy': 'Breaks the policy',
  'not-genuine': 'Not genuine',
};

/** What is wrong with an entry of a history, in a word or two. */
export const HISTORY_PROBLEM: Readonly<Record<HistoryProblemKind, string>> = {
  changed: 'Changed',
  dropped: 'Dropped',
  reordered: 'Reordered',
  forked: 'Forked',
  unreadable: 'Unreadable',
  'not-signed-by-agency': 'Not signed by the agency',
  'key-not-valid-then': 'Key not good then',
  'not-reviewed': 'Not reviewed',
  'not-a-continuation': 'Not a continuation',
};

export const PACKAGE_RULE: Readonly<Record<PackageRule, string>> = {
  'sealed-bytes': 'The bytes that the hub took',
  receipt: 'The hub’s signed receipt',
  contents: 'Holds what the manifest lists, and nothing else',
  manifest: 'The manifest can be read',
  request: 'Answers a request of yours',
  'clip-hash': 'The clip’s SHA-256',
  window: 'Within the requested time',
  place: 'From inside the area',
  frames: 'As many frames, over as long a time, as it says',
  audit: 'Nothing hidden inside the file',
};
