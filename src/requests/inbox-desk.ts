/** The agency's inbox in its own browser: signed requests to the hub, downloads in ranges, decisions, the custody report. */
import { InboxItemSchema, InboxListSchema, type CustodyReport, type InboxItem } from '../contracts/inbox.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { AgencyProfile, DeedFailure, Roles } from '../contracts/roles-api.ts';
import type { EpochMs, Sha256Hex } from '../contracts/units.ts';
import type { FootageRequest } from '../contracts/request.ts';
import { blobSha256 } from '../core/blob-sha256.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { NoteSigner } from '../core/signed-note.ts';
import type { TrustedDirectory } from '../core/trusted-directory.ts';
import { agencyOfKeys, type AgencyDesk } from './agency-desk.ts';
import { textOf, type HubDeeds } from './hub-deeds.ts';
import { parseJson } from './hub-files.ts';
import { openPackage, type ClipAudit } from './open-package.ts';
import type { RoleKeyRing, RoleKeys } from './role-keys.ts';

export type InboxDesk = Pick<Roles, 'inbox' | 'download' | 'openPackage' | 'decide' | 'custodyReport'>;

interface InboxDeskParts {
  readonly ring: RoleKeyRing;
  readonly deeds: HubDeeds;
  readonly agencies: Pick<AgencyDesk, 'agencyProfile'>;
  trusted(): TrustedDirectory | null;
  /** The published notes of this page's record: what a package for a request may be compared with. */
  noteOf(requestId: string): { readonly request: FootageRequest; readonly note: string } | null;
  readonly audit: ClipAudit;
  readonly now: () => EpochMs;
  readonly rangeBytes?: number;
}

/** One range of a download, in bytes. */
const RANGE_BYTES = 8 * 1024 * 1024;
const ATTEMPTS = 3;
const MAX_PAGES = 500;

interface Download {
  readonly parts: Blob[];
  done: number;
}

export const createInboxDesk = (parts: InboxDeskParts): InboxDesk => {
  const { ring, deeds, agencies, trusted, noteOf, audit, now } = parts;
  const rangeBytes = parts.rangeBytes ?? RANGE_BYTES;
  /** What has arrived of downloads that broke off, while the page is open. */
  const unfinished = new Map<string, Download>();

  const agencyKeys = async (keysId: string): Promise<Result<RoleKeys & { agency: string }, DeedFailure>> => {
    const agency = agencyOfKeys(ring, keysId);
    if (!agency.ok) return agency;
    const keys = await ring.use(keysId);
    return keys.ok ? ok({ ...keys.value, agency: agency.value }) : keys;
  };

  const inbox: InboxDesk['inbox'] = async (keysId) => {
    const keys = await agencyKeys(keysId);
    if (!keys.ok) return keys;
    const items: InboxItem[] = [];
    let path: string | null = '/v1/inbox';
    for (let page = 0; path !== null && page < MAX_PAGES; page += 1) {
      const answer: Awaited<ReturnType<HubDeeds['signed']>> = await deeds.signed(
        { method: 'GET', path, purpose: 'list the packages of the inbox' },
        keys.value.signer,
      );
      if (!answer.ok) return answer;
      const text = textOf(answer.value);
      const list = text.ok ? parseJson(InboxListSchema, text.value) : null;
      if (list === null) return failure('hub-error', 'The hub sent an inbox that cannot be read.');
      items.push(...list.items);
      path = list.next;
    }
    return ok(items);
  };

  const fetchRange = async (
    item: InboxItem,
    from: number,
    signer: NoteSigner,
    signal: AbortSignal,
  ): Promise<Result<Blob, DeedFailure>> => {
    const to = Math.min(from + rangeBytes, item.bytes) - 1;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await deeds.signed(
        {
          method: 'GET',
          path: `/v1/inbox/${item.package}`,
          purpose: 'download a part of a sealed package',
          headers: { Range: `bytes=${from}-${to}` },
          signal,
        },
        signer,
      );
      const retry = !answer.ok && (answer.reason === 'offline' || answer.reason === 'hub-error');
      if (retry && attempt < ATTEMPTS) continue;
      if (!answer.ok) return answer;
      if (answer.value.body.length !== to - from + 1) {
        return failure('hub-error', 'The hub sent another stretch of the package than was asked for.');
      }
      return ok(new Blob([answer.value.body]));
    }
  };

  const download: InboxDesk['download'] = async (keysId, item, { signal, onProgress }) => {
    const keys = await agencyKeys(keysId);
    if (!keys.ok) return keys;
    const current = unfinished.get(item.package) ?? { parts: [], done: 0 };
    unfinished.set(item.package, current);
    const report = (): void => onProgress({ bytesDone: current.done, bytesTotal: item.bytes, at: now() });
    report();
    while (current.done < item.bytes) {
      const part = await fetchRange(item, current.done, keys.value.signer, signal);
      if (!part.ok) return part;
      current.parts.push(part.value);
      current.done += part.value.size;
      report();
    }
    unfinished.delete(item.package);
    const whole = new Blob(current.parts, { type: 'application/octet-stream' });
    return (await blobSha256(whole)) === item.sha256
      ? ok(whole)
      : failure('hub-error', 'What the hub sent is not what it says it took: the SHA-256 differs.');
  };

  /** The requests that a package can answer, from the agency's own verified history, else from the page's record. */
  const requestsOf = async (agency: string) => {
    const known = new Map<string, { readonly request: FootageRequest; readonly noteSha256: Sha256Hex }>();
    const profile: Result<AgencyProfile, DeedFailure> = await agencies.agencyProfile(agency);
    for (const entry of profile.ok ? profile.value.history.entries : []) {
      if (entry.kind !== 'post' || entry.request === null || entry.noteSha256 === null) continue;
      known.set(entry.requestId, { request: entry.request, noteSha256: entry.noteSha256 });
    }
    return known;
  };

  return {
    inbox,
    download,

    openPackage: async (keysId, sealed, item) => {
      const keys = await ring.use(keysId);
      const held = ring.keys.get().find(({ id }) => id === keysId);
      if (!keys.ok) return keys;
      const agencyId = held?.holder?.id ?? '';
      const known = await requestsOf(agencyId);
      /** With the network off the history is not there, but the page keeps the published notes. */
      const keptHere = async (id: string) => {
        const kept = noteOf(id);
        if (kept?.request.agency !== agencyId) return null;
        return { request: kept.request, noteSha256: await sha256Hex(new TextEncoder().encode(kept.note)) };
      };
      // Every key of this agency that the device holds: a package may have been sealed to the one before.
      const others = ring.keys.get().filter(({ holder, role }) => role === 'agency' && holder?.id === agencyId);
      const rings = await Promise.all(others.map(({ id }) => ring.use(id)));
      const identities = [keys, ...rings].flatMap((one) =>
        one.ok && one.value.kept.identity !== null ? [one.value.kept.identity] : [],
      );
      return openPackage({
        sealed,
        identities: [...new Set(identities)],
        item,
        agencyId,
        requestOf: async (id) => known.get(id) ?? keptHere(id),
        hubKey: trusted()?.hubKey ?? null,
        audit,
      });
    },

    decide: async (keysId, item, decision) => {
      const keys = await agencyKeys(keysId);
      if (!keys.ok) return keys;
      const answer = await deeds.signed(
        {
          method: 'POST',
          path: `/v1/inbox/${item.package}`,
          purpose: 'accept or decline a package',
          headers: { 'Content-Type': 'application/json' },
          body: new TextEncoder().encode(JSON.stringify(decision)),
        },
        keys.value.signer,
      );
      if (!answer.ok) return answer;
      const text = textOf(answer.value);
      const decided = text.ok ? parseJson(InboxItemSchema, text.value) : null;
      return decided === null ? failure('hub-error', 'The hub’s answer cannot be read.') : ok(decided);
    },

    custodyReport: async (keysId, item, sealed, opened) => {
      const keys = await ring.use(keysId);
      if (!keys.ok) return keys;
      const directory = trusted();
      const holder = ring.keys.get().find(({ id }) => id === keysId)?.holder ?? null;
      if (directory === null || holder === null) {
        return failure('no-directory', 'The directory does not say whose keys these are.');
      }
      const { request } = opened.manifest;
      const title = (await requestsOf(holder.id)).get(request.id)?.request.title ?? '';
      const report: CustodyReport = {
        format: 'porchlight/custody/v1',
        made: new Date(now()).toISOString(),
        agency: { ...holder, keyId: keysId },
        request: { id: request.id, caseNumber: request.caseNumber, title, noteSha256: request.noteSha256 },
        package: {
          id: item?.package ?? null,
          bytes: sealed.size,
          sha256: await blobSha256(sealed),
          received: item?.received ?? null,
        },
        receipt: item?.receipt ?? null,
        decision: item?.decision ?? null,
        manifest: opened.manifest,
        checks: opened.checks,
        sound: opened.sound,
      };
      return ok(report);
    },
  };
};
