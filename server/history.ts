/** An agency's public history out of the store: its whole chain, with the texts that are public. */
import type { AgencyHistory, HistoryEntry } from '../src/contracts/agency-history.ts';
import { HARMFUL_CODES } from '../src/contracts/review.ts';
import type { Agency } from '../src/contracts/request.ts';
import { readDocument } from '../src/core/typed-note.ts';
import type { ChainEntry, DocumentStore, StoredRequest } from './stores/documents.ts';

/** Whether a rejection says that the very text does harm: then it is shown nowhere. */
export const isHarmful = (statusNote: string | null): boolean => {
  const read = statusNote === null ? null : readDocument('status', statusNote);
  if (read?.ok !== true) return false;
  const { status, code } = read.value.document;
  return status === 'rejected' && code !== undefined && HARMFUL_CODES.includes(code);
};

const isRejected = (statusNote: string | null): boolean => {
  const read = statusNote === null ? null : readDocument('status', statusNote);
  return read?.ok === true && read.value.document.status === 'rejected';
};

/** Requests are public once a reviewer looked: approved, or rejected for a reason that does not forbid showing them. */
const requestEntry = ({ seq, textSha256, requestId }: ChainEntry, request: StoredRequest | undefined): HistoryEntry => {
  const hidden = (withheld: 'awaiting-review' | 'harmful'): HistoryEntry => ({
    seq,
    textSha256,
    withheld,
    request: requestId,
  });
  if (request === undefined) return hidden('awaiting-review');
  if (isHarmful(request.statusNote)) return hidden('harmful');
  if (request.state === 'published' || isRejected(request.statusNote)) return { seq, note: request.note };
  return hidden('awaiting-review');
};

export const historyOf = async (agency: Agency, store: DocumentStore): Promise<AgencyHistory> => {
  const [chain, requests] = await Promise.all([store.chainOf(agency.id), store.requestsOf(agency.id)]);
  const byId = new Map(requests.map((request) => [request.id, request]));
  const closedInChain = new Set(chain.filter(({ kind }) => kind === 'status').map(({ requestId }) => requestId));
  return {
    version: 1,
    agency,
    entries: chain.map((entry): HistoryEntry => {
      const request = byId.get(entry.requestId);
      if (entry.kind === 'request') return requestEntry(entry, request);
      return { seq: entry.seq, note: request?.statusNote ?? '' };
    }),
    others: requests.flatMap(({ id, statusNote }) =>
      statusNote === null || closedInChain.has(id) ? [] : [statusNote],
    ),
  };
};
