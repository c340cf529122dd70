/** The keeper of the public record: what is fetched when, what stays when the hub fails, what a file may bring. */
import { describe, expect, it } from 'vitest';
import type { Net, NetRequest, NetResult } from '../../../src/contracts/net.ts';
import { ok } from '../../../src/contracts/result.ts';
import type { KeptNote, NoteStore } from '../../../src/contracts/storage.ts';
import { createPublicRecordKeeper } from '../../../src/requests/public-record.ts';
import { demoDocuments } from '../../../tools/demo/documents.ts';
import { DEMO_ROOT_KEY } from '../../../tools/demo/root-key.ts';
import { demoTown } from '../../../tools/demo/town.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const DAY = 86_400_000;
const { directory, requests } = await demoDocuments(demoTown(NOW));
const olderDirectory = (await demoDocuments(demoTown(NOW - DAY))).directory;
const request = (id: string) => {
  const found = requests.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const parcels = request('wpd-alder-parcels');
const hydrant = request('wfr-hydrant');
const forged = parcels.approved.replace('Parcels', 'Packets');

/** Keeps notes the way the contract says: one per key. */
const memoryNotes = (): NoteStore & { readonly kept: Map<string, KeptNote> } => {
  const kept = new Map<string, KeptNote>();
  return {
    kept,
    all: async () => [...kept.values()],
    replaceHubNotes: async (notes) => {
      for (const [key, { origin }] of kept) if (origin === 'hub') kept.delete(key);
      for (const note of notes) kept.set(note.key, note);
      return ok(undefined);
    },
    put: async (note) => {
      kept.set(note.key, note);
      return ok(undefined);
    },
  };
};

interface Answers {
  directory: string;
  feed: unknown;
  down: boolean;
}

const netOf = (answers: Answers): Net & { readonly sent: NetRequest[] } => {
  const sent: NetRequest[] = [];
  return {
    sent,
    send: async (message): Promise<NetResult> => {
      sent.push(message);
      if (answers.down) return { ok: false, reason: 'offline', detail: 'The hub cannot be reached.', status: null };
      const text = message.path === '/v1/directory' ? answers.directory : JSON.stringify(answers.feed);
      return { ok: true, status: 200, headers: new Headers(), body: new TextEncoder().encode(text) };
    },
  };
};

const feed = (...notes: readonly string[]) => ({
  version: 1,
  generated: new Date(NOW).toISOString(),
  requests: notes,
  statuses: [],
});

const setUp = (change: Partial<Answers> = {}, notes = memoryNotes()) => {
  const answers: Answers = { directory, feed: feed(parcels.approved), down: false, ...change };
  const net = netOf(answers);
  const clock = { now: NOW };
  const keeper = createPublicRecordKeeper({ net, notes, rootKey: DEMO_ROOT_KEY, now: () => clock.now });
  const shown = () => keeper.record.get().requests.map(({ id, status, origin }) => `${id} ${status} ${origin}`);
  return { answers, net, notes, keeper, clock, shown };
};

describe('fetching', () => {
  it('asks for the whole directory and the whole feed, and for nothing with a place or a time in it', async () => {
    const { keeper, net, shown } = setUp();
    await keeper.start();
    expect(keeper.record.get()).toMatchObject({ state: 'unavailable' });
    expect(net.sent).toEqual([]);
    await keeper.refresh();
    expect(net.sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/directory', 'GET /v1/feed']);
    expect(keeper.record.get()).toMatchObject({ state: 'ready', message: null, fetchedAt: NOW });
    expect(shown()).toEqual(['wpd-alder-parcels open hub']);
    expect(keeper.directory()?.agencies).toHaveLength(2);
  });

  it('is done once when asked for twice at the same time', async () => {
    const { keeper, net } = setUp();
    await Promise.all([keeper.refresh(), keeper.refresh()]);
    expect(net.sent).toHaveLength(2);
  });

  it('does not happen while requests are off, and nothing is shown', async () => {
    const { keeper, net, shown } = setUp();
    await keeper.refresh();
    await keeper.setEnabled(false);
    expect(keeper.record.get()).toMatchObject({ state: 'off', requests: [] });
    await keeper.start();
    await keeper.refresh();
    await keeper.reevaluate();
    expect(keeper.record.get().state).toBe('off');
    expect(net.sent).toHaveLength(2);
    await keeper.setEnabled(true);
    expect(shown()).toEqual(['wpd-alder-parcels open hub']);
    expect(net.sent).toHaveLength(2);
  });

  it('stops in the middle when requests are turned off', async () => {
    const { keeper, net, notes } = setUp();
    const refreshing = keeper.refresh();
    await keeper.setEnabled(false);
    await refreshing;
    expect(net.sent.every(({ signal }) => signal?.aborted)).toBe(true);
    expect(keeper.record.get().state).toBe('off');
    expect(notes.kept.size).toBe(0);
  });
});

describe('what was kept', () => {
  it('is shown when the hub is down, with a message, also after a restart', async () => {
    const first = setUp();
    await first.keeper.refresh();
    first.answers.down = true;
    await first.keeper.refresh();
    expect(first.keeper.record.get()).toMatchObject({
      state: 'ready',
      message: expect.stringContaining('cannot be reached'),
    });
    expect(first.shown()).toEqual(['wpd-alder-parcels open hub']);

    const second = setUp({ down: true }, first.notes);
    await second.keeper.start();
    expect(second.keeper.record.get()).toMatchObject({ state: 'ready', message: null });
    expect(second.shown()).toEqual(['wpd-alder-parcels open hub']);
  });

  it.each<[string, Partial<Answers>]>([
    ['a directory that the root key did not sign', { directory: directory.replace('Police', 'Sheriff') }],
    ['an older directory', { directory: olderDirectory }],
    ['a feed that is none', { feed: { version: 2 } }],
    ['nothing of sense', { directory: 'hello' }],
  ])('stays when the hub sends %s', async (_, bad) => {
    const { keeper, answers, shown } = setUp();
    await keeper.refresh();
    Object.assign(answers, bad);
    await keeper.refresh();
    expect(keeper.record.get().message).not.toBeNull();
    expect(shown()).toEqual(['wpd-alder-parcels open hub']);
  });

  it('goes when the hub no longer has it', async () => {
    const { keeper, answers, shown, notes } = setUp();
    await keeper.refresh();
    answers.feed = feed();
    await keeper.refresh();
    expect(shown()).toEqual([]);
    expect([...notes.kept.keys()]).toEqual(['directory']);
  });
});

describe('time passing', () => {
  it('expires requests on the open page', async () => {
    const { keeper, clock, shown } = setUp();
    await keeper.refresh();
    clock.now = NOW + 15 * DAY;
    expect(shown()).toEqual(['wpd-alder-parcels open hub']);
    await keeper.reevaluate();
    expect(shown()).toEqual(['wpd-alder-parcels expired hub']);
  });
});

describe('a file', () => {
  it('brings a request that is judged like any other, and stays through refreshes and restarts', async () => {
    const { keeper, notes, shown } = setUp({ feed: feed() });
    await keeper.refresh();
    expect(await keeper.importFile(parcels.approved)).toEqual({ ok: true, value: { requestId: 'wpd-alder-parcels' } });
    expect(shown()).toEqual(['wpd-alder-parcels open file']);
    await keeper.refresh();
    expect(shown()).toEqual(['wpd-alder-parcels open file']);
    const again = setUp({ down: true }, notes);
    await again.keeper.start();
    expect(again.shown()).toEqual(['wpd-alder-parcels open file']);
  });

  it('with a forged request shows it as refused', async () => {
    const { keeper, shown } = setUp({ feed: feed() });
    await keeper.refresh();
    await keeper.importFile(forged);
    expect(shown()).toEqual(['wpd-alder-parcels refused file']);
  });

  it('never displaces a good request of the hub, nor the hub a good one of a file', async () => {
    const { keeper, answers, shown, notes } = setUp();
    await keeper.refresh();
    await keeper.importFile(forged);
    expect(shown()).toEqual(['wpd-alder-parcels open hub']);
    answers.feed = feed();
    await keeper.refresh();
    await keeper.importFile(parcels.approved);
    answers.feed = feed(forged);
    await keeper.refresh();
    expect(shown()).toEqual(['wpd-alder-parcels open file']);
    expect(notes.kept.get('request/wpd-alder-parcels')?.note).toBe(parcels.approved);
  });

  it('closes a request with a note that its agency signed, and with no other', async () => {
    const { keeper, shown } = setUp({ feed: feed(hydrant.approved) });
    await keeper.refresh();
    if (hydrant.status === null) throw new Error('the hydrant is resolved');
    const bad = await keeper.importFile(hydrant.status.replace('resolved', 'withdrawn'));
    expect(bad).toMatchObject({ ok: false, reason: 'unreadable' });
    expect(shown()).toEqual(['wfr-hydrant open hub']);
    await keeper.importFile(hydrant.status.replaceAll('\n', '\r\n'));
    expect(shown()).toEqual(['wfr-hydrant resolved hub']);
  });

  it.each([
    ['nothing', ''],
    ['something else', 'a shopping list\n'],
    ['a directory', directory],
    ['half a request', parcels.approved.slice(0, 400)],
  ])('with %s is refused', async (_, text) => {
    const { keeper, notes } = setUp();
    expect(await keeper.importFile(text)).toMatchObject({ ok: false, reason: 'unreadable' });
    expect(notes.kept.size).toBe(0);
  });
});
