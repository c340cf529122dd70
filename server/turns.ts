/** One write at a time for each upload. Who comes next has lost the one before, and asks it to stop: a dead connection blocks nobody. */

export interface Turns {
  /** Runs `task` once it is its turn. Its signal aborts when somebody else waits for the same id; it should end soon then. */
  take<T>(id: string, task: (stop: AbortSignal) => Promise<T>): Promise<T>;
}

interface Turn {
  readonly stop: AbortController;
  readonly over: Promise<unknown>;
}

/** Turns within this process. */
export const createTurns = (): Turns => {
  const taken = new Map<string, Turn>();
  return {
    take: async (id, task) => {
      for (let before = taken.get(id); before !== undefined; before = taken.get(id)) {
        before.stop.abort();
        await before.over;
      }
      const stop = new AbortController();
      const running = task(stop.signal);
      const over = running.catch(() => undefined).then(() => taken.delete(id));
      taken.set(id, { stop, over });
      return running;
    },
  };
};
