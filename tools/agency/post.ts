/** Posting and closing requests from the command line: checked, numbered, signed, sent. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { FootageRequestSchema, type FootageRequest, type RequestStatusNote } from '../../src/contracts/request.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { nextPlace } from '../../src/core/agency-history.ts';
import { checkPolicy, earlierOfSameCase } from '../../src/core/request-policy.ts';
import { signNote } from '../../src/core/signed-note.ts';
import { documentText, type DocumentOf, type NoteKind } from '../../src/core/typed-note.ts';
import { agencyOf, ask, fetchDirectory, fetchHistory, type HubRefusal } from './hub.ts';
import type { Keys } from './keys.ts';

type Refusal = HubRefusal | 'bad-request' | 'breaks-policy';

interface Place {
  readonly agency: string;
  readonly seq: number;
  readonly prev: string | null;
  readonly earlier: readonly FootageRequest[];
}

const placeOf = async (hub: string, keys: Keys): Promise<Result<Place, HubRefusal>> => {
  const trusted = await fetchDirectory(hub);
  if (!trusted.ok) return trusted;
  const agency = agencyOf(keys, trusted.value);
  if (!agency.ok) return agency;
  const history = await fetchHistory(hub, agency.value, trusted.value);
  if (!history.ok) return history;
  const earlier = history.value.entries.flatMap((entry) =>
    entry.kind === 'post' && entry.request !== null && entry.outcome !== 'rejected' ? [entry.request] : [],
  );
  return ok({ agency: agency.value, ...nextPlace(history.value.head), earlier });
};

const send = async <K extends NoteKind>(
  hub: string,
  keys: Keys,
  path: string,
  kind: K,
  document: DocumentOf<K>,
): Promise<Result<Response, Refusal>> => {
  const note = await signNote(documentText(kind, document), keys.signer);
  return note.ok ? ask(hub, path, { method: 'POST', body: note.value }) : failure('bad-request', note.detail);
};

const readFields = async (file: string): Promise<Result<Record<string, unknown>, 'bad-request'>> => {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return failure('bad-request', `${file} cannot be read.`);
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return ok(json as Record<string, unknown>);
  } catch {
    // Said below: what is no JSON holds no object either.
  }
  return failure('bad-request', `${file} holds no JSON object.`);
};

/** Posts the request in a JSON file; refuses before signing what breaks its policy. */
export const postRequest = async (hub: string, keys: Keys, file: string): Promise<Result<string, Refusal>> => {
  const fields = await readFields(file);
  if (!fields.ok) return fields;
  const place = await placeOf(hub, keys);
  if (!place.ok) return place;
  const { agency, seq, prev, earlier } = place.value;
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(5))).toString('hex');
  const parsed = v.safeParse(FootageRequestSchema, {
    ...fields.value,
    id: `${agency.slice(0, 48)}-${random}`,
    agency,
    seq,
    prev,
    posted: new Date().toISOString(),
  });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = v.getDotPath(issue) ?? 'the request';
    const what = issue.received === 'undefined' ? `${where} is missing.` : `${where}: ${issue.message}`;
    return failure('bad-request', `${file}: ${what}`);
  }
  const request = parsed.output;
  const broken = checkPolicy(request, earlierOfSameCase(request, earlier)).find(({ holds }) => !holds);
  if (broken !== undefined) return failure('breaks-policy', broken.detail);
  const sent = await send(hub, keys, '/v1/requests', 'request', request);
  return sent.ok ? ok(`${request.id} is posted as number ${seq} and waits for a review.`) : sent;
};

export const closeRequest = async (
  hub: string,
  keys: Keys,
  request: string,
  status: 'resolved' | 'withdrawn',
  reason: string,
): Promise<Result<string, Refusal>> => {
  const place = await placeOf(hub, keys);
  if (!place.ok) return place;
  const { agency, seq, prev } = place.value;
  const words = reason.trim() === '' ? {} : { reason: reason.trim() };
  const at = new Date().toISOString();
  const document: RequestStatusNote = { request, agency, status, ...words, at, seq, prev };
  const sent = await send(hub, keys, `/v1/requests/${encodeURIComponent(request)}/status`, 'status', document);
  return sent.ok ? ok(`${request} is ${status}, as entry ${seq} of the agency’s history.`) : sent;
};
