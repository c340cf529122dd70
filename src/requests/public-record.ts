/** Keeps the public record: kept notes first, the hub when it answers, files when somebody brings one; all judged alike. */
import type { MatchableRequest } from '../contracts/match-api.ts';
import type { Net } from '../contracts/net.ts';
import { writable, type Readable } from '../contracts/observable.ts';
import type { PublicRecord } from '../contracts/public-record.ts';
import type { Directory } from '../contracts/request.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { HubFileStore, KeptNote, NoteStore, StoreFailure } from '../contracts/storage.ts';
import type { EpochMs, Position } from '../contracts/units.ts';
import { checkStatusSignature, openDirectory, type TrustedDirectory } from '../core/trusted-directory.ts';
import { noteKind, readDocument } from '../core/typed-note.ts';
import { createHubFileReader } from './hub-files.ts';
import { fetchHubNotes, type HubNotes } from './hub-notes.ts';
import { judgeNotes } from './request-views.ts';

export interface KeeperOptions {
  readonly net: Net;
  readonly notes: NoteStore;
  /** Files of the hub kept here, so that an unchanged one need not come again; null to keep none. */
  readonly files?: HubFileStore | null;
  /** Where the cameras hang. Asked only while the hub has more requests than one file holds, and then for coarse cells. */
  readonly places?: () => readonly Position[];
  /** The verifier key string that the page pins. */
  readonly rootKey: string;
  readonly now: () => EpochMs;
}

export interface PublicRecordKeeper {
  readonly record: Readable<PublicRecord>;
  /** Shows what is kept on the device. Asks nobody. */
  start(): Promise<void>;
  /** Asks the hub, unless requests are off. A failure leaves the kept notes shown, with a message. */
  refresh(): Promise<void>;
  /** Off: nothing is fetched or shown; what is kept stays. On again: shows what is kept. */
  setEnabled(on: boolean): Promise<void>;
  /** The text of a signed note, a request or the note that closes one, however it got here. */
  importFile(text: string): Promise<Result<{ requestId: string }, 'unreadable' | StoreFailure>>;
  directory(): Directory | null;
  trusted(): TrustedDirectory | null;
  /** Judges again by the clock: requests expire while the page is open. */
  reevaluate(): Promise<void>;
}

const EMPTY: Pick<PublicRecord, 'requests' | 'unreadable' | 'fetchedAt'> = {
  requests: [],
  unreadable: [],
  fetchedAt: null,
};
const OFF: PublicRecord = { state: 'off', message: null, ...EMPTY };

/** A kept record with what is known about it. */
interface Known {
  readonly trusted: TrustedDirectory | null;
  /** The directory first, then hub notes, then notes from files. */
  readonly notes: readonly KeptNote[];
}

/** Prefers the directory that was issued later: a hub cannot bring an older one back. */
const newerDirectory = (fetched: TrustedDirectory, known: TrustedDirectory | null): boolean =>
  known === null || Date.parse(fetched.directory.issued) >= Date.parse(known.directory.issued);

/** The keeper over its arguments; `record` is `loading` until `start` is done. Requests are on until `setEnabled(false)`. */
export const createPublicRecordKeeper = ({
  net,
  notes,
  files = null,
  places = () => [],
  rootKey,
  now,
}: KeeperOptions): PublicRecordKeeper => {
  const reader = createHubFileReader(net, files, now);
  const record = writable<PublicRecord>({ state: 'loading', message: null, ...EMPTY });
  let known: Known = { trusted: null, notes: [] };
  let enabled = true;
  /** What the last fetch said of the hub itself. */
  let hub: Pick<PublicRecord, 'accepts' | 'cells'> = {};
  let refreshing: { readonly done: Promise<void>; readonly abort: AbortController } | null = null;

  const readKept = async (): Promise<void> => {
    const all = await notes.all();
    const kept = [...all.filter(({ origin }) => origin === 'hub'), ...all.filter(({ origin }) => origin === 'file')];
    const directory = kept.find(({ key }) => key === 'directory');
    const opened = directory === undefined ? null : await openDirectory(directory.note, rootKey);
    known = { trusted: opened?.ok === true ? opened.value : null, notes: kept };
  };

  /** `message` says what went wrong just now, if anything did. */
  const show = async (message: string | null): Promise<void> => {
    const { trusted } = known;
    if (trusted === null) {
      const unavailable = message ?? 'No directory of agencies has been fetched yet, so no request can be checked.';
      record.set({ state: 'unavailable', message: unavailable, ...EMPTY });
      return;
    }
    const judged = await judgeNotes(known.notes, trusted, now());
    if (!enabled) return;
    const fetched = known.notes.filter(({ origin }) => origin === 'hub').map(({ fetchedAt }) => fetchedAt);
    record.set({
      state: 'ready',
      message,
      requests: judged.views,
      unreadable: judged.unreadable,
      fetchedAt: fetched.length === 0 ? null : Math.max(...fetched),
      ...hub,
    });
  };

  /** Keeps what the hub sent; a note from a file that is genuine is not displaced by a hub's note under its key that is not. */
  const keep = async (fetched: HubNotes, trusted: TrustedDirectory): Promise<string | null> => {
    const fromFiles = known.notes.filter(({ origin }) => origin === 'file');
    const judged = await judgeNotes([...fetched.notes, ...fromFiles], trusted, now());
    const displaced = new Set(judged.views.filter(({ origin }) => origin === 'file').map(({ id }) => `request/${id}`));
    const hubNotes = fetched.notes.filter(({ key }) => !displaced.has(key));
    known = { trusted, notes: [fetched.directory, ...hubNotes, ...fromFiles] };
    // The store holds one note per key: of two that claim one id, the one that counts.
    const counting = new Map(judged.views.map(({ id, note }) => [`request/${id}`, note]));
    const storable = hubNotes.filter(({ key, note }) => (counting.get(key) ?? note) === note);
    const stored = await notes.replaceHubNotes([fetched.directory, ...storable]);
    return stored.ok ? null : `The requests could not be kept on this device: ${stored.detail}`;
  };

  const fetchAndKeep = async (signal: AbortSignal): Promise<string | null> => {
    const fetched = await fetchHubNotes(reader, places(), now(), signal);
    if (signal.aborted) return null;
    if (!fetched.ok) {
      return known.trusted === null
        ? `The requests could not be fetched: ${fetched.detail}`
        : `Shown as last fetched, because the hub could not be asked: ${fetched.detail}`;
    }
    const opened = await openDirectory(fetched.value.directory.note, rootKey);
    if (!opened.ok) return `What the hub sent is not used: ${opened.detail}`;
    if (!newerDirectory(opened.value, known.trusted)) {
      return 'What the hub sent is not used: its directory is older than the one this page already has.';
    }
    const { accepts, cells } = fetched.value;
    hub = { ...(accepts === null ? {} : { accepts }), ...(cells === null ? {} : { cells }) };
    return keep(fetched.value, opened.value);
  };

  /** Two calls at once share one fetch; switching off aborts it. */
  const refresh = async (): Promise<void> => {
    if (!enabled) return;
    if (refreshing === null) {
      const abort = new AbortController();
      const run = async () => {
        const message = await fetchAndKeep(abort.signal);
        if (abort.signal.aborted) return;
        refreshing = null;
        await show(message);
      };
      refreshing = { abort, done: run() };
    }
    await refreshing.done;
  };

  /** A note that closes a request is taken from a file only once its signature holds: it must not displace a good one. */
  const statusProblem = async (text: string): Promise<string | null> => {
    const read = readDocument('status', text);
    if (!read.ok) return read.detail;
    if (known.trusted === null)
      return 'No directory of agencies has been fetched yet, so nobody’s signature can be checked.';
    const entitled = await checkStatusSignature(read.value.note, read.value.document, known.trusted);
    return entitled.ok ? null : entitled.detail;
  };

  const importFile: PublicRecordKeeper['importFile'] = async (text) => {
    // Editors on some systems end lines with CR LF; a signed text never does.
    const note = text.replaceAll('\r\n', '\n');
    const kind = noteKind(note);
    if (kind !== 'request' && kind !== 'status') {
      return failure('unreadable', 'This file holds neither a signed request nor a note that closes one.');
    }
    const read = readDocument(kind, note);
    if (!read.ok) return failure('unreadable', read.detail);
    const { document } = read.value;
    const requestId = 'request' in document ? document.request : document.id;
    const key = `${kind}/${requestId}`;
    const rival = record.get().requests.find((view) => view.id === requestId);
    // What the hub brought and is in order is not displaced by a file that claims the same id.
    if (kind === 'request' && rival?.origin === 'hub' && rival.problem === null) return ok({ requestId });
    const refusal = kind === 'status' ? await statusProblem(note) : null;
    if (refusal !== null) return failure('unreadable', refusal);
    const kept: KeptNote = { key, note, origin: 'file', fetchedAt: now() };
    const stored = await notes.put(kept);
    if (!stored.ok) return stored;
    known = { ...known, notes: [...known.notes.filter((other) => other.key !== key), kept] };
    if (enabled) await show(record.get().message);
    return ok({ requestId });
  };

  return {
    record,
    start: async () => {
      await readKept();
      if (enabled) await show(null);
      else record.set(OFF);
    },
    refresh,
    setEnabled: async (on) => {
      if (on === enabled) return;
      enabled = on;
      if (on) return show(null);
      refreshing?.abort.abort();
      refreshing = null;
      record.set(OFF);
    },
    importFile,
    directory: () => known.trusted?.directory ?? null,
    trusted: () => known.trusted,
    reevaluate: async () => {
      if (enabled && record.get().state === 'ready') await show(record.get().message);
    },
  };
};

/** The open requests as the match engine takes them: nothing else may ever be matched. */
export const matchable = (record: PublicRecord): readonly MatchableRequest[] =>
  record.requests
    .filter(({ status }) => status === 'open')
    .map(({ id, request, window }) => ({ id, area: request.area, window, incident: request.incident }));
