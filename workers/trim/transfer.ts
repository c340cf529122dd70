/** Hands a finished clip to the page without copying it. */
import { transfer } from 'comlink';
import type { TrimResult } from '../../src/contracts/trim-api.ts';

export const transferClip = (result: TrimResult): TrimResult =>
  result.ok ? transfer(result, [result.value.bytes.buffer]) : result;
