/**
 * The feed as finished bytes: one whole file, or an index and coarse cells once more requests are open than one file should hold;
 * comments in the same pieces. Built once for each state of the record and kept compressed, so that reading costs no query.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { CommentsFile } from '../src/contracts/comments.ts';
import {
  WHOLE_FEED_LIMIT,
  type Feed,
  type FeedIndex,
  type FootageRequest,
  type HubService,
} from '../src/contracts/request.ts';
import type { EpochMs, Ms } from '../src/contracts/units.ts';
import { areaBounds } from '../src/core/area.ts';
import { cellsOfBox } from '../src/core/geohash.ts';
import { readDocument } from '../src/core/typed-note.ts';
import { isHarmful } from './history.ts';
import type { CommentStore, StoredComment } from './stores/comments.ts';
import type { DocumentStore, StoredRequest } from './stores/documents.ts';

/** Closed and expired requests stay in the feed this long, so that pages can say what became of them. */
const FEED_KEEPS_MS: Ms = 30 * 86_400_000;
/** Cells are about 156 km on a side: coarse enough to hide a home, small enough that nine of them are not the whole country. */
const PRECISION = 3;
/** Another hub on the same database may have changed the record: looked for this often. */
const RECHECK_MS: Ms = 1_000;
/** Requests also fall out of the feed by the clock alone. */
const REBUILD_MS: Ms = 60_000;
/** Below this, compressing costs more than it saves. */
const COMPRESS_FROM = 1_024;

export const WHOLE = 'all';
const HUB_SERVICES: readonly HubService[] = ['packages', 'comments', 'requests', 'inbox'];

/** One file of the feed, ready to be sent. */
export interface FeedFile {
  readonly body: Buffer<ArrayBuffer>;
  /** Null where it is not worth it. */
  readonly brotli: Buffer<ArrayBuffer> | null;
  /** A strong ETag, quoted. */
  readonly etag: string;
}

/** Everything that one state of the record is read as. */
interface BuiltFeed {
  readonly feed: FeedFile;
  /** By `CELL/VERSION`. */
  readonly cells: ReadonlyMap<string, FeedFile>;
  readonly requestsByCell: ReadonlyMap<string, readonly string[]>;
}

export interface FeedFiles {
  feed(): Promise<FeedFile>;
  /** Null for a cell that is not there, or a version that is no longer. */
  cell(cell: string, version: string): Promise<FeedFile | null>;
  /** The comments on every open request of a cell, `all` of the whole feed; null for a cell without requests. */
  comments(cell: string): Promise<FeedFile | null>;
  /** Say so after each change made here: it shows at once, not after the next look. */
  changed(): void;
  /** Every file by its path below `/v1/`, for a plain static host. */
  all(): Promise<ReadonlyMap<string, FeedFile>>;
}

export interface FeedParts {
  readonly documents: DocumentStore;
  readonly comments: CommentStore;
  readonly now: () => EpochMs;
  /** Default: everything. A static host takes nothing. */
  readonly accepts?: readonly HubService[];
  /** Open requests that one file holds; smaller in tests. */
  readonly wholeLimit?: number;
}

const compress = promisify(brotliCompress);

/** A text as a file. Its ETag is a hash of it and of nothing else: pages check that, so that an ETag cannot serve to recognise them. */
export const fileOfText = async (text: string): Promise<FeedFile> => {
  const body = Buffer.from(text);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  return { body, etag, brotli: body.length < COMPRESS_FROM ? null : Buffer.from(await compress(body, { params })) };
};

export const fileOf = (content: unknown): Promise<FeedFile> => fileOfText(JSON.stringify(content));

interface FeedRequest {
  readonly stored: StoredRequest;
  readonly cells: readonly string[];
}

const cellsOfRequest = ({ area, incident }: FootageRequest): string[] => {
  const boxes = [...areaBounds(area), { minX: incident[0], maxX: incident[0], minY: incident[1], maxY: incident[1] }];
  return [...new Set(boxes.flatMap((box) => cellsOfBox(box, PRECISION)))];
};

const located = (stored: StoredRequest): FeedRequest => {
  const read = readDocument('request', stored.note);
  return { stored, cells: read.ok ? cellsOfRequest(read.value.document) : [] };
};

const notesOf = (requests: readonly StoredRequest[]): Pick<Feed, 'requests' | 'statuses'> => ({
  // The words of a request that was taken back because they do harm are shown nowhere.
  requests: requests.filter(({ statusNote }) => !isHarmful(statusNote)).map(({ note }) => note),
  statuses: requests.flatMap(({ statusNote }) => (statusNote === null ? [] : [statusNote])),
});

const commentsFile = (comments: readonly StoredComment[]): CommentsFile => ({
  version: 1,
  comments: comments.flatMap(({ id, note, removal }): CommentsFile['comments'] => {
    if (removal !== null) return [{ id, removal }];
    return note === null ? [] : [{ id, note }];
  }),
});

export const createFeedFiles = ({ documents, comments, now, accepts, wholeLimit }: FeedParts): FeedFiles => {
  const takes = accepts ?? HUB_SERVICES;
  const limit = wholeLimit ?? WHOLE_FEED_LIMIT;

  const build = async (changedAt: EpochMs): Promise<BuiltFeed> => {
    const requests = (await documents.published(now() - FEED_KEEPS_MS)).map(located);
    // `generated` moves only with the content: an unchanged feed keeps its ETag.
    const head = { version: 1, generated: new Date(changedAt).toISOString(), accepts: [...takes] } as const;
    const isOpen = ({ stored }: FeedRequest) => stored.statusNote === null && stored.expiresAt > now();
    const open = requests.filter(isOpen);
    if (open.length <= limit) {
      const all = requests.map(({ stored }) => stored);
      const notes = notesOf(all);
      const feed: Feed = { ...head, ...notes, requests: [...notes.requests, ...(await documents.exhibits())] };
      const ids = open.map(({ stored }) => stored.id);
      return { feed: await fileOf(feed), cells: new Map(), requestsByCell: new Map([[WHOLE, ids]]) };
    }
    const byCell = new Map<string, FeedRequest[]>();
    for (const request of requests) {
      for (const cell of request.cells) byCell.set(cell, [...(byCell.get(cell) ?? []), request]);
    }
    const cells = new Map<string, FeedFile>();
    const index: FeedIndex['cells'] = {};
    for (const [cell, inside] of byCell) {
      // Not the index's own date: a cell whose notes are the same keeps its version when others change.
      const newest = Math.max(...inside.map(({ stored }) => stored.receivedAt));
      const generated = new Date(newest).toISOString();
      const file = await fileOf({
        version: 1,
        generated,
        ...notesOf(inside.map(({ stored }) => stored)),
      } satisfies Feed);
      const version = file.etag.slice(1, 17);
      cells.set(`${cell}/${version}`, file);
      index[cell] = { version, requests: inside.filter(isOpen).length };
    }
    const feed: FeedIndex = { ...head, open: open.length, precision: PRECISION, cells: index };
    const requestsByCell = new Map(
      [...byCell].map(([cell, inside]) => [cell, inside.filter(isOpen).map(({ stored }) => stored.id)]),
    );
    return { feed: await fileOf(feed), cells, requestsByCell };
  };

  let built: BuiltFeed | null = null;
  let commentFiles = new Map<string, Promise<FeedFile>>();
  let previousCells: ReadonlyMap<string, FeedFile> = new Map();
  let revision = -1;
  let builtAt = 0;
  let checkedAt = -Infinity;
  let changes = 0;
  let checking: Promise<BuiltFeed> | null = null;

  const check = async (): Promise<BuiltFeed> => {
    const before = changes;
    const state = await documents.revision();
    let feed = built;
    if (feed === null || state.number !== revision || now() - builtAt >= REBUILD_MS) {
      // Who read the old index a moment ago still finds the cells it names.
      previousCells = feed?.cells ?? new Map();
      feed = await build(state.changedAt);
      commentFiles = new Map();
      built = feed;
      revision = state.number;
      builtAt = now();
    }
    checkedAt = before === changes ? performance.now() : -Infinity;
    return feed;
  };

  const current = (): Promise<BuiltFeed> | BuiltFeed => {
    const fresh = performance.now() - checkedAt < RECHECK_MS && now() - builtAt < REBUILD_MS;
    if (built !== null && fresh) return built;
    checking ??= check().finally(() => {
      checking = null;
    });
    return checking;
  };

  const commentsOf = async (cell: string): Promise<FeedFile | null> => {
    const requests = (await current()).requestsByCell.get(cell);
    if (requests === undefined) return null;
    const known = commentFiles.get(cell);
    if (known !== undefined) return known;
    const file = comments.commentsOn(requests).then((found) => fileOf(commentsFile(found)));
    commentFiles.set(cell, file);
    // A store that could not be reached is asked again next time.
    file.catch(() => commentFiles.delete(cell));
    return file;
  };

  return {
    feed: async () => (await current()).feed,
    cell: async (cell, version) => {
      const name = `${cell}/${version}`;
      return (await current()).cells.get(name) ?? previousCells.get(name) ?? null;
    },
    comments: commentsOf,
    changed: () => {
      changes += 1;
      checkedAt = -Infinity;
      checking = null;
    },
    all: async () => {
      const { feed, cells, requestsByCell } = await current();
      const files = new Map([['feed', feed]]);
      for (const [name, file] of cells) files.set(`cells/${name}`, file);
      for (const cell of requestsByCell.keys()) {
        const file = await commentsOf(cell);
        if (file !== null) files.set(`comments/${cell}`, file);
      }
      return files;
    },
  };
};
