/** A reviewer by hand: asks the hub what waits and co-signs it, as the demo's reviewer, without any of the page's screens. */
import { ReviewQueueSchema } from '../../src/contracts/review.ts';
import * as v from 'valibot';
import { signRequest, splitPath } from '../../src/core/http-signature.ts';
import { coSignNote } from '../../src/core/signed-note.ts';
import { readDocument } from '../../src/core/typed-note.ts';
import { demoSigner } from '../../tools/demo/keys.ts';

/** Approves every request that waits at the hub and gives their titles. Throws when the hub refuses. */
export const approveAll = async (url: string): Promise<readonly string[]> => {
  const signer = await demoSigner('reviewer');
  const path = '/v1/review';
  const signable = { method: 'GET', authority: new URL(url).host, ...splitPath(path), body: null };
  const answer = await fetch(url + path, { headers: { ...(await signRequest(signable, signer, Date.now())) } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  const { pending } = v.parse(ReviewQueueSchema, await answer.json());
  const titles: string[] = [];
  for (const { note } of pending) {
    const read = readDocument('request', note);
    const approved = await coSignNote(note, signer);
    if (!read.ok || !approved.ok) throw new Error('a request that waits cannot be read or signed');
    const { id, title } = read.value.document;
    const body = approved.value;
    const posted = await fetch(`${url}/v1/requests/${id}/review`, { method: 'POST', body, headers: { Origin: url } });
    if (!posted.ok) throw new Error(`${id}: ${posted.status} ${await posted.text()}`);
    titles.push(title);
  }
  return titles;
};
