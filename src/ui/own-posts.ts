/** An agency's posts as it sees them itself: its public history, and what this device knows of texts that are not public yet. */
import type { PostOutcome, VerifiedEntry } from '../contracts/agency-history.ts';
import type { FootageRequest } from '../contracts/request.ts';
import type { AgencyProfile } from '../contracts/roles-api.ts';

type Post = Extract<VerifiedEntry, { kind: 'post' }>;
type Closing = Extract<VerifiedEntry, { kind: 'closing' }>;

export interface OwnPost {
  readonly requestId: string;
  /** Its number in the chain. */
  readonly position: number;
  /** Null where the text is not public and another device posted it. */
  readonly request: FootageRequest | null;
  readonly outcome: PostOutcome;
  readonly rejection: Post['rejection'];
  readonly closing: Closing | null;
  readonly reviewer: string | null;
}

/** Newest first. */
export const ownPosts = (profile: AgencyProfile, posted: readonly FootageRequest[]): readonly OwnPost[] => {
  const { entries } = profile.history;
  const closings = new Map(
    entries.flatMap((entry) => (entry.kind === 'closing' ? [[entry.requestId, entry] as const] : [])),
  );
  return entries
    .flatMap((entry): readonly OwnPost[] => {
      if (entry.kind !== 'post') return [];
      const { requestId, position, outcome, rejection } = entry;
      const request = entry.request ?? posted.find(({ id }) => id === requestId) ?? null;
      const closing = closings.get(requestId) ?? null;
      return [{ requestId, position, request, outcome, rejection, closing, reviewer: entry.reviewer?.name ?? null }];
    })
    .toReversed();
};

/** Every request whose text is known, for the rule about posts of one case; a rejected one does not count, as the hub has it. */
export const earlierRequests = (profile: AgencyProfile, posted: readonly FootageRequest[]): readonly FootageRequest[] =>
  ownPosts(profile, posted).flatMap(({ request, outcome }) =>
    request === null || outcome === 'rejected' ? [] : [request],
  );

/** What this device posted and the history does not have. */
export const missingPosts = (profile: AgencyProfile, posted: readonly FootageRequest[]): readonly FootageRequest[] =>
  posted.filter(({ id }) => !profile.history.entries.some((entry) => entry.kind === 'post' && entry.requestId === id));
