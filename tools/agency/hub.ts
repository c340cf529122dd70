/** A hub as a tool talks to it: its directory and histories verified before anything is signed onto them. */
import { AgencyHistorySchema, type VerifiedHistory } from '../../src/contracts/agency-history.ts';
import { failure, ok, type Result } from '../../src/contracts/result.ts';
import { verifyHistory } from '../../src/core/agency-history.ts';
import { signRequest, splitPath } from '../../src/core/http-signature.ts';
import { openDirectory, type TrustedDirectory } from '../../src/core/trusted-directory.ts';
import { DEMO_ROOT_KEY } from '../demo/root-key.ts';
import type { Keys } from './keys.ts';
import * as v from 'valibot';

export type HubRefusal = 'hub' | 'directory' | 'keys' | 'history';

/** A hub's refusal in its own words. */
const words = async (response: Response): Promise<string> => {
  const text = await response.text();
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    const parts = detail?.startsWith(title ?? '') === true ? [detail] : [title, detail];
    return parts.filter((part) => part !== undefined).join(': ') || `HTTP ${response.status}`;
  } catch {
    return `HTTP ${response.status}`;
  }
};

export const ask = async (
  hub: string,
  path: string,
  init: { readonly method?: string; readonly body?: string } = {},
  keys: Keys | null = null,
): Promise<Result<Response, 'hub'>> => {
  if (!/^https?:\/\//.test(hub) || !URL.canParse(path, hub)) {
    return failure('hub', `--hub is an address such as https://hub.example, not “${hub}”.`);
  }
  const url = new URL(path, hub);
  const method = init.method ?? 'GET';
  const body = init.body === undefined ? null : new TextEncoder().encode(init.body);
  const signable = { method, authority: url.host, ...splitPath(`${url.pathname}${url.search}`), body };
  const headers = keys === null ? {} : await signRequest(signable, keys.signer, Date.now());
  try {
    const response = await fetch(url, { ...init, headers, redirect: 'error' });
    return response.ok ? ok(response) : failure('hub', await words(response));
  } catch (error) {
    return failure('hub', `${hub} cannot be reached (${error instanceof Error ? error.message : String(error)}).`);
  }
};

export const fetchDirectory = async (hub: string): Promise<Result<TrustedDirectory, HubRefusal>> => {
  const response = await ask(hub, '/v1/directory');
  if (!response.ok) return response;
  const opened = await openDirectory(await response.value.text(), process.env['PORCHLIGHT_ROOT_KEY'] ?? DEMO_ROOT_KEY);
  return opened.ok ? opened : failure('directory', opened.detail);
};

/** The id of the agency that the directory says holds these keys. */
export const agencyOf = (keys: Keys, trusted: TrustedDirectory): Result<string, HubRefusal> => {
  const { name, keyId } = keys.signer;
  const found = [...trusted.agencies.values()].find((entry) =>
    entry.keys.some((key) => key.name === name && key.keyId === keyId),
  );
  return found === undefined
    ? failure('keys', `The directory knows no agency with the key ${name}.`)
    : ok(found.agency.id);
};

/** The agency's chain, whole and in order, or why it cannot be trusted. */
export const fetchHistory = async (
  hub: string,
  agency: string,
  trusted: TrustedDirectory,
): Promise<Result<VerifiedHistory, HubRefusal>> => {
  const response = await ask(hub, `/v1/agencies/${agency}`);
  if (!response.ok) return response;
  const parsed = v.safeParse(AgencyHistorySchema, await response.value.json());
  if (!parsed.success) return failure('history', 'The hub sent a history that cannot be read.');
  const verified = await verifyHistory(parsed.output, trusted, Date.now());
  if (!verified.ok) return failure('history', verified.detail);
  const [problem] = verified.value.problems;
  return problem === undefined ? ok(verified.value) : failure('history', problem.detail);
};
