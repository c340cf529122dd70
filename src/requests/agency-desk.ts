/** Agencies on the public record: profiles verified in the page and remembered, posting, closing. */
import * as v from 'valibot';
import { AgencyHistorySchema, type HistoryProblem } from '../contracts/agency-history.ts';
import { RequestFormSchema } from '../contracts/request-form.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { AgencyProfile, DeedFailure, Roles } from '../contracts/roles-api.ts';
import type { RoleStore } from '../contracts/storage.ts';
import type { EpochMs } from '../contracts/units.ts';
import { continuationProblem, nextPlace, textsOf, verifyHistory } from '../core/agency-history.ts';
import { documentOfDraft } from '../core/request-draft.ts';
import { signNote } from '../core/signed-note.ts';
import type { TrustedDirectory } from '../core/trusted-directory.ts';
import { documentText } from '../core/typed-note.ts';
import { REQUESTS_OFF, type HubDeeds } from './hub-deeds.ts';
import { parseJson, type HubFileReader } from './hub-files.ts';
import type { RoleKeyRing, RoleKeys } from './role-keys.ts';

export type AgencyDesk = Pick<
  Roles,
  'agencyProfile' | 'postRequest' | 'keptForm' | 'keepForm' | 'postedHere' | 'closeRequest'
>;

export interface AgencyDeskParts {
  readonly ring: RoleKeyRing;
  readonly deeds: HubDeeds;
  readonly reader: HubFileReader;
  readonly store: RoleStore;
  trusted(): TrustedDirectory | null;
  requestsOn(): boolean;
  readonly now: () => EpochMs;
}

export const NO_DIRECTORY = failure<'no-directory'>(
  'no-directory',
  'No directory of agencies has been fetched yet, so nothing can be checked.',
);

/** The directory's agency that holds these keys. */
export const agencyOfKeys = (ring: RoleKeyRing, keysId: string): Result<string, DeedFailure> => {
  const held = ring.keys.get().find(({ id }) => id === keysId);
  if (held === undefined) return failure('unknown-key', 'These keys are not on this device.');
  if (held.problem !== null) return failure('not-allowed', held.problem);
  return held.role === 'agency' && held.holder !== null
    ? ok(held.holder.id)
    : failure('not-allowed', 'These are not the keys of an agency.');
};

export const createAgencyDesk = (parts: AgencyDeskParts): AgencyDesk => {
  const { ring, deeds, reader, store, trusted, requestsOn, now } = parts;

  const look = async (agencyId: string): Promise<Result<AgencyProfile, DeedFailure>> => {
    if (!requestsOn()) return REQUESTS_OFF;
    const directory = trusted();
    if (directory === null) return NO_DIRECTORY;
    if (!directory.agencies.has(agencyId)) {
      return failure('unknown-agency', `The directory knows no agency called “${agencyId}”.`);
    }
    const text = await reader.text(`/v1/agencies/${encodeURIComponent(agencyId)}`, 'fetch the history of an agency');
    if (!text.ok) return failure(text.reason === 'unreachable' ? 'offline' : 'unreadable', text.detail);
    const history = parseJson(AgencyHistorySchema, text.value);
    if (history === null || history.agency.id !== agencyId) {
      return failure('unreadable', 'The hub sent a history that cannot be read.');
    }
    const verified = await verifyHistory(history, directory, now());
    if (!verified.ok) return failure('unreadable', verified.detail);
    const seenBefore = await store.seenHistory(agencyId).catch(() => null);
    const broken = continuationProblem(verified.value, seenBefore);
    const problems: HistoryProblem[] = [...verified.value.problems, ...(broken === null ? [] : [broken])];
    const texts = textsOf(verified.value);
    const added = seenBefore === null ? null : Math.max(0, texts.length - seenBefore.texts.length);
    return ok({ history: verified.value, seenBefore, problems, added });
  };

  const agencyProfile: AgencyDesk['agencyProfile'] = async (agencyId) => {
    const profile = await look(agencyId);
    // What does not hold is not remembered in the place of what did.
    if (profile.ok && profile.value.problems.length === 0) {
      await store.putSeenHistory({ agency: agencyId, texts: textsOf(profile.value.history), seenAt: now() });
    }
    return profile;
  };

  /** The place of the agency's next note, read from the hub and verified first: nobody signs onto a broken chain. */
  const nextOf = async (agencyId: string): Promise<Result<ReturnType<typeof nextPlace>, DeedFailure>> => {
    const profile = await look(agencyId);
    if (!profile.ok) return profile;
    const [problem] = profile.value.problems;
    return problem === undefined
      ? ok(nextPlace(profile.value.history.head))
      : failure('not-allowed', `Nothing is signed onto a history that does not hold. ${problem.detail}`);
  };

  const prepare = async (
    keysId: string,
  ): Promise<Result<{ keys: RoleKeys; agency: string; seq: number; prev: string | null }, DeedFailure>> => {
    const agency = agencyOfKeys(ring, keysId);
    if (!agency.ok) return agency;
    const keys = await ring.use(keysId);
    if (!keys.ok) return keys;
    const next = await nextOf(agency.value);
    return next.ok ? ok({ keys: keys.value, agency: agency.value, ...next.value }) : next;
  };

  return {
    agencyProfile,

    postRequest: async (keysId, draft) => {
      const ready = await prepare(keysId);
      if (!ready.ok) return ready;
      const { keys, agency, seq, prev } = ready.value;
      const random = Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      );
      const requestId = `${agency.slice(0, 48)}-${random.join('')}`;
      const document = documentOfDraft(draft, { id: requestId, agency, seq, prev, posted: now() });
      if (!document.ok) return failure('not-allowed', document.detail);
      const note = await signNote(documentText('request', document.value), keys.signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      const posted = await deeds.post('/v1/requests', note.value, 'post a request');
      if (!posted.ok) return posted;
      // It is posted whether or not this device has room to remember it.
      await store.putPostedRequest(document.value);
      return ok({ requestId });
    },

    keptForm: async (agencyId) => {
      const form = v.safeParse(RequestFormSchema, await store.requestForm(agencyId));
      return form.success ? form.output : null;
    },
    keepForm: (agencyId, form) => store.putRequestForm(agencyId, form),
    postedHere: (agencyId) => store.postedRequests(agencyId),

    closeRequest: async (keysId, requestId, status, reason) => {
      const ready = await prepare(keysId);
      if (!ready.ok) return ready;
      const { keys, agency, seq, prev } = ready.value;
      const words = reason.trim() === '' ? {} : { reason: reason.trim() };
      const at = new Date(now()).toISOString();
      const document = { request: requestId, agency, status, ...words, at, seq, prev };
      const note = await signNote(documentText('status', document), keys.signer);
      if (!note.ok) return failure('not-allowed', note.detail);
      const path = `/v1/requests/${encodeURIComponent(requestId)}/status`;
      const posted = await deeds.post(path, note.value, 'close a request');
      return posted.ok ? ok(undefined) : posted;
    },
  };
};
