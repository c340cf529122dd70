/** What people in the demo town say about its requests: signed by keys made on the spot, one of them removed by the reviewer. */
import type { EpochMs } from '../../src/contracts/units.ts';
import { createSigner, signNote, type NoteSigner } from '../../src/core/signed-note.ts';
import { documentText, textSha256 } from '../../src/core/typed-note.ts';
import { demoSigner } from './keys.ts';

const MINUTE = 60_000;

interface TownComment {
  readonly request: string;
  readonly name: string;
  readonly text: string;
  readonly minutesAgo: number;
  /** Why the reviewer removed it. */
  readonly removed?: string;
}

/** Oldest first. */
const COMMENTS: readonly TownComment[] = [
  {
    request: 'wpd-alder-parcels',
    name: 'June at number 14',
    text: 'Ours was taken as well: a flat box, about the size of a book.',
    minutesAgo: 24,
  },
  {
    request: 'wpd-alder-parcels',
    name: 'Somebody',
    text: 'I know who it was, it is the tall one from Birch Lane, go and ask him.',
    minutesAgo: 19,
    removed: 'Accuses a neighbour who can be recognised.',
  },
  {
    request: 'wpd-alder-parcels',
    name: 'Corner bakery',
    text: 'The hand cart stood in front of our window for a minute.\nWe have no camera on that side.',
    minutesAgo: 11,
  },
  {
    request: 'wpd-second-hit-and-run',
    name: 'R. T.',
    text: 'Glad to read that the cyclist is recovering.',
    minutesAgo: 8,
  },
];

const signed = async (text: string, signer: NoteSigner): Promise<string> => {
  const note = await signNote(text, signer);
  if (!note.ok) throw new Error(note.detail);
  return note.value;
};

/** Paths below `/v1/` with the notes to post there, in order. A hub takes no comment that is older than a day. */
export const demoCommentPosts = async (
  now: EpochMs,
): Promise<readonly { readonly path: string; readonly note: string }[]> => {
  const posts: { path: string; note: string }[] = [];
  for (const { request, name, text, minutesAgo, removed } of COMMENTS) {
    const signer = await createSigner('device', crypto.getRandomValues(new Uint8Array(32)));
    const at = now - minutesAgo * MINUTE;
    const document = { request, name, text, at: new Date(at).toISOString(), key: signer.verifierKey };
    const words = documentText('comment', document);
    posts.push({ path: `requests/${request}/comments`, note: await signed(words, signer) });
    if (removed === undefined) continue;
    const removal = documentText('comment-removal', {
      ...{ comment: await textSha256(words), request, at: new Date(at + 2 * MINUTE).toISOString() },
      ...{ by: 'reviewer', code: 'profiling', reason: removed },
    });
    posts.push({
      path: `requests/${request}/comments/removal`,
      note: await signed(removal, await demoSigner('reviewer')),
    });
  }
  return posts;
};
