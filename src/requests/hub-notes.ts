/**
 * Fetches the public record from the hub: the directory and the whole feed, or of a feed too large for one file the whole coarse
 * cells around the cameras; never a part that would say where exactly the reader lives.
 */
import type { PublicRecord } from '../contracts/public-record.ts';
import { FeedIndexSchema, FeedSchema, type Feed, type FeedIndex, type HubService } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { KeptNote } from '../contracts/storage.ts';
import type { EpochMs, Position } from '../contracts/units.ts';
import { cellsAround } from '../core/geohash.ts';
import { readDocument } from '../core/typed-note.ts';
import { parseJson, type FetchProblem, type HubFileReader } from './hub-files.ts';

export interface HubNotes {
  readonly directory: KeptNote;
  readonly notes: readonly KeptNote[];
  readonly accepts: readonly HubService[] | null;
  /** Null while the feed is one file. */
  readonly cells: NonNullable<PublicRecord['cells']> | null;
}

const FEED_PATH = '/v1/feed';
const CELLS_FOLDER = '/v1/cells';

const UNREADABLE = failure<FetchProblem>('unreadable', 'The hub sent a list of requests that cannot be read.');

const parseFeed = (json: string): Feed | FeedIndex | null =>
  parseJson(FeedSchema, json) ?? parseJson(FeedIndexSchema, json);

/** Notes under their keys, each once; those that cannot be read get a key of their own, so that the page can say so. */
const keyed = (kind: 'request' | 'status', notes: readonly string[], fetchedAt: EpochMs): KeptNote[] =>
  [...new Set(notes)].map((note, index) => {
    const read = readDocument(kind, note);
    const document = read.ok ? read.value.document : null;
    const id = document === null ? `unreadable-${index}` : 'request' in document ? document.request : document.id;
    return { key: `${kind}/${id}`, note, origin: 'hub', fetchedAt };
  });

/** The cells around every place that have requests at all. */
const wantedCells = (index: FeedIndex, places: readonly Position[]): string[] => {
  const around = new Set(places.flatMap((place) => cellsAround(place, index.precision)));
  return Object.keys(index.cells)
    .filter((cell) => around.has(cell))
    .toSorted();
};

const fetchCells = async (
  reader: HubFileReader,
  index: FeedIndex,
  cells: readonly string[],
  signal: AbortSignal,
): Promise<Result<readonly Feed[], FetchProblem>> => {
  const paths = cells.map((cell) => `${CELLS_FOLDER}/${cell}/${index.cells[cell]?.version ?? ''}`);
  const feeds: Feed[] = [];
  for (const path of paths) {
    const text = await reader.immutable(path, 'fetch all public requests of a region', signal);
    if (!text.ok) return text;
    const feed = parseJson(FeedSchema, text.value);
    if (feed === null) return UNREADABLE;
    feeds.push(feed);
  }
  await reader.keepOnly(CELLS_FOLDER, paths);
  return ok(feeds);
};

type Parts = Pick<HubNotes, 'accepts' | 'cells'> & { readonly feeds: readonly Feed[] };

/** A cell may get a new version between index and cell: then the index is read once more. */
const fetchFeeds = async (
  reader: HubFileReader,
  places: readonly Position[],
  signal: AbortSignal,
  again = true,
): Promise<Result<Parts, FetchProblem>> => {
  const text = await reader.text(FEED_PATH, 'fetch all public requests', signal);
  if (!text.ok) return text;
  const feed = parseFeed(text.value);
  if (feed === null) return UNREADABLE;
  const accepts = feed.accepts ?? null;
  if ('requests' in feed) return ok({ accepts, cells: null, feeds: [feed] });
  const read = wantedCells(feed, places);
  const feeds = await fetchCells(reader, feed, read, signal);
  if (!feeds.ok && feeds.reason === 'not-there' && again) return fetchFeeds(reader, places, signal, false);
  if (!feeds.ok) return feeds;
  return ok({ accepts, cells: { read, all: Object.keys(feed.cells).length, open: feed.open }, feeds: feeds.value });
};

/** Directory and requests, or neither. `places` are the cameras', of which only coarse cells are ever named. */
export const fetchHubNotes = async (
  reader: HubFileReader,
  places: readonly Position[],
  now: EpochMs,
  signal: AbortSignal,
): Promise<Result<HubNotes, FetchProblem>> => {
  const directory = await reader.text('/v1/directory', 'fetch the directory of agencies', signal);
  if (!directory.ok) return directory;
  const fetched = await fetchFeeds(reader, places, signal);
  if (!fetched.ok) return fetched;
  const { feeds, accepts, cells } = fetched.value;
  return ok({
    directory: { key: 'directory', note: directory.value, origin: 'hub', fetchedAt: now },
    notes: [
      ...keyed(
        'request',
        feeds.flatMap(({ requests }) => requests),
        now,
      ),
      ...keyed(
        'status',
        feeds.flatMap(({ statuses }) => statuses),
        now,
      ),
    ],
    accepts,
    cells,
  });
};
