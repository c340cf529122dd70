/** A request as the page shows it: the signed document plus everything the page itself checked about it. */
import type { Agency, FootageRequest, HubService, Reviewer } from './request.ts';
import type { EpochMs, TimeWindow } from './units.ts';

export type PolicyRule =
  | 'case-number'
  | 'crime-or-incident'
  | 'investigator-contact'
  | 'window-length'
  | 'area-size'
  | 'area-near-incident'
  | 'posts-per-case';

export interface RuleOutcome {
  readonly rule: PolicyRule;
  readonly holds: boolean;
  /** One sentence with the measured figure and the bound. */
  readonly detail: string;
}

export type RequestProblem =
  | 'not-signed-by-agency'
  | 'not-reviewed'
  | 'forged-signature'
  | 'unknown-agency'
  | 'agency-suspended'
  | 'key-not-valid-then'
  | 'breaks-policy'
  | 'unreadable';

export type RequestStatus = 'open' | 'expired' | 'resolved' | 'withdrawn' | 'rejected' | 'refused';

export interface SignatureLine {
  readonly keyName: string;
  readonly role: 'agency' | 'reviewer' | 'unknown';
  readonly verified: boolean;
}

/** `status: 'refused'` carries the problem; only `open` ones are ever matched. */
export interface RequestView {
  readonly id: string;
  readonly note: string;
  readonly request: FootageRequest;
  readonly agency: Agency | null;
  readonly reviewer: Reviewer | null;
  readonly window: TimeWindow;
  readonly status: RequestStatus;
  readonly statusReason: string | null;
  readonly problem: { readonly kind: RequestProblem; readonly detail: string } | null;
  readonly rules: readonly RuleOutcome[];
  readonly signatures: readonly SignatureLine[];
  readonly origin: 'hub' | 'file';
}

/** What the page knows of the public record. */
export interface PublicRecord {
  readonly state: 'off' | 'loading' | 'ready' | 'unavailable';
  /** Set with `unavailable`, or with `ready` when the last refresh failed and kept notes are shown. */
  readonly message: string | null;
  readonly requests: readonly RequestView[];
  /** Notes that could not even be read, each with its reason. */
  readonly unreadable: readonly string[];
  readonly fetchedAt: EpochMs | null;
  /** What the hub takes; absent while unknown, and then everything may be tried. A static host takes nothing. */
  readonly accepts?: readonly HubService[];
  /** Set while the hub has more requests than one file holds: which cells this page reads, and of how many. */
  readonly cells?: { readonly read: readonly string[]; readonly all: number; readonly open: number };
}
