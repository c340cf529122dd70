/** A worker that answers, hangs or dies, as it is asked. */
import { expose } from 'comlink';

const api = {
  born: performance.timeOrigin,
  answer: (value: number): number => value,
  hang: (): never => {
    for (;;);
  },
  die: (): Promise<never> => {
    setTimeout(() => {
      throw new Error('died as asked');
    });
    return new Promise<never>(() => undefined);
  },
};
export type StubbornApi = typeof api;

expose(api);
