/** Fetches the public record from the hub: the directory and the whole feed, never a part that would say where the reader lives. */
import * as v from 'valibot';
import type { Net } from '../contracts/net.ts';
import { FeedSchema, type Feed } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { KeptNote } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { readDocument } from '../core/typed-note.ts';

export type FetchProblem = 'unreachable' | 'unreadable';

export interface HubNotes {
  readonly directory: KeptNote;
  readonly notes: readonly KeptNote[];
}

const fetchText = async (
  net: Net,
  path: string,
  purpose: string,
  signal: AbortSignal,
): Promise<Result<string, FetchProblem>> => {
  const response = await net.send({ method: 'GET', path, purpose, signal });
  if (!response.ok) return failure('unreachable', response.detail);
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(response.body));
  } catch {
    return failure('unreadable', 'The hub sent something that is no text.');
  }
};

const parseFeed = (json: string): Result<Feed, FetchProblem> => {
  const unreadable = failure('unreadable', 'The hub sent a list of requests that cannot be read.');
  try {
    const checked = v.safeParse(FeedSchema, JSON.parse(json));
    return checked.success ? ok(checked.output) : unreadable;
  } catch {
    return unreadable;
  }
};

/** Notes under their keys; those that cannot be read get a key of their own, so that the page can say so. */
const keyed = (kind: 'request' | 'status', notes: readonly string[], fetchedAt: EpochMs): KeptNote[] =>
  notes.map((note, index) => {
    const read = readDocument(kind, note);
    const document = read.ok ? read.value.document : null;
    const id = document === null ? `unreadable-${index}` : 'request' in document ? document.request : document.id;
    return { key: `${kind}/${id}`, note, origin: 'hub', fetchedAt };
  });

/** Both documents or neither. */
export const fetchHubNotes = async (
  net: Net,
  now: EpochMs,
  signal: AbortSignal,
): Promise<Result<HubNotes, FetchProblem>> => {
  const directory = await fetchText(net, '/v1/directory', 'fetch the directory of agencies', signal);
  if (!directory.ok) return directory;
  const feed = await fetchText(net, '/v1/feed', 'fetch all public requests', signal);
  if (!feed.ok) return feed;
  const parsed = parseFeed(feed.value);
  if (!parsed.ok) return parsed;
  return ok({
    directory: { key: 'directory', note: directory.value, origin: 'hub', fetchedAt: now },
    notes: [...keyed('request', parsed.value.requests, now), ...keyed('status', parsed.value.statuses, now)],
  });
};
