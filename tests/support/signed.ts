/** A note under the signatures of several keys, in their order. */
import { coSignNote, signNote, type NoteSigner } from '../../src/core/signed-note.ts';
import { valueOf } from './value-of.ts';

export const signed = async (text: string, first: NoteSigner, ...others: readonly NoteSigner[]): Promise<string> => {
  let note = valueOf(await signNote(text, first));
  for (const signer of others) note = valueOf(await coSignNote(note, signer));
  return note;
};
