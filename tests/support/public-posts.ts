/** Comments and rejections posted to a hub from outside the page, signed as the page would sign them. */
import type { RejectionCode } from '../../src/contracts/request.ts';
import { createSigner, signNote, type NoteSigner } from '../../src/core/signed-note.ts';
import { documentText } from '../../src/core/typed-note.ts';
import { demoSigner } from '../../tools/demo/keys.ts';

/** True when the hub took it. */
const post = async (url: string, text: string, signer: NoteSigner): Promise<boolean> => {
  const note = await signNote(text, signer);
  if (!note.ok) return false;
  const response = await fetch(url, { method: 'POST', body: note.value, headers: { Origin: new URL(url).origin } });
  return response.ok;
};

/** By somebody whose key nobody knows. False for what no note can hold, or what the hub refuses. */
export const postComment = async (hub: string, request: string, name: string, text: string): Promise<boolean> => {
  const signer = await createSigner('device', crypto.getRandomValues(new Uint8Array(32)));
  const comment = { request, name, text, at: new Date().toISOString(), key: signer.verifierKey };
  return post(`${hub}/v1/requests/${request}/comments`, documentText('comment', comment), signer);
};

/** By the demo's reviewer, of one of the demo police's requests. */
export const rejectRequest = async (
  hub: string,
  request: string,
  code: RejectionCode,
  reason: string,
): Promise<boolean> => {
  const at = new Date().toISOString();
  const text = documentText('status', { request, agency: 'wrenfield-police', status: 'rejected', code, reason, at });
  return post(`${hub}/v1/requests/${request}/status`, text, await demoSigner('reviewer'));
};
