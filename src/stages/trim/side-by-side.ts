/** Several tasks at once of which one refusal is enough: the rest is then called off. */
import { ok, type Result } from '../../contracts/result.ts';

/**
 * Starts `task` for every item at once and gives the values in the items' order. The first refusal aborts the signal of all the
 * others and is the answer, once all of them have ended: nothing runs on behind it. A task that throws does the same.
 */
export const sideBySide = async <Item, Value, Reason extends string>(
  items: readonly Item[],
  signal: AbortSignal,
  task: (item: Item, index: number, signal: AbortSignal) => Promise<Result<Value, Reason>>,
): Promise<Result<readonly Value[], Reason>> => {
  const callOff = new AbortController();
  const either = AbortSignal.any([signal, callOff.signal]);
  const refusals: Result<readonly Value[], Reason>[] = [];
  const outcomes = await Promise.allSettled(
    items.map(async (item, index) => {
      try {
        const result = await task(item, index, either);
        if (result.ok) return result.value;
        refusals.push(result);
        throw new CalledOff();
      } catch (error) {
        callOff.abort();
        throw error;
      }
    }),
  );
  const [refusal] = refusals;
  const values: Value[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') values.push(outcome.value);
    else if (!(outcome.reason instanceof CalledOff)) throw outcome.reason;
  }
  return refusal ?? ok(values);
};

class CalledOff extends Error {}
