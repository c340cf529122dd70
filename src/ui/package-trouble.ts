/** Why a package could not be opened or fetched at all, as a heading and what to do about it. */
import type { OpenProblem } from '../contracts/inbox.ts';
import type { DeedFailure } from '../contracts/roles-api.ts';
import { DEED_FAILURE } from './role-words.ts';

export interface Trouble {
  readonly heading: string;
  readonly advice: string;
}

const OPENING: Readonly<Record<OpenProblem, Trouble>> = {
  'wrong-key': {
    heading: 'None of your keys opens this',
    advice: 'It may have been sealed to keys that you had before: bring their key file under Keys, then try again.',
  },
  damaged: {
    heading: 'The package is damaged',
    advice: 'Nothing of it is believed. Fetch it again; if that does not help, ask the sender to send it anew.',
  },
  'no-manifest': {
    heading: 'This is no package of recordings',
    advice: 'It opens with your key, but holds nothing that can be checked. Do not use what is in it.',
  },
};

export const packageTrouble = (reason: OpenProblem | DeedFailure): Trouble =>
  reason === 'wrong-key' || reason === 'damaged' || reason === 'no-manifest'
    ? OPENING[reason]
    : { heading: DEED_FAILURE[reason], advice: '' };
