/** The value of a result that a test counts on; throws its reason otherwise. */
import type { Result } from '../../src/contracts/result.ts';

export const valueOf = <T>(result: Result<T, string>): T => {
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
};
