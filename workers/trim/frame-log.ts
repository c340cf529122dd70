/** Reads the times of frames from the core's log: its `showinfo` filter prints one line for each frame that passes. */

export interface FrameLog {
  readonly onLog: (line: string, attempt: number) => void;
  /** Presentation times of the frames that passed the filter, in ticks of `timeBaseOf`, in order. */
  ticksOf(filter: string): readonly number[];
  /** Seconds per tick as a fraction; null when no frame came. */
  timeBaseOf(filter: string): { readonly num: number; readonly den: number } | null;
  /** Lines in which a decoder complains of damaged pictures. */
  readonly complaints: readonly string[];
}

interface Seen {
  readonly ticks: number[];
  timeBase: { num: number; den: number } | null;
}

const COMPLAINT =
  /error while decoding|Error while decoding|concealing|corrupt|Invalid NAL|missing reference|non-existing/i;

/** `filter` names are as in the filter graph, `showinfo@NAME`. A job that is run again starts afresh. */
export const createFrameLog = (): FrameLog => {
  const filters = new Map<string, Seen>();
  const complaints: string[] = [];
  let current = 0;
  const of = (filter: string): Seen => {
    const known = filters.get(filter) ?? { ticks: [], timeBase: null };
    filters.set(filter, known);
    return known;
  };
  return {
    complaints,
    ticksOf: (filter) => of(filter).ticks,
    timeBaseOf: (filter) => of(filter).timeBase,
    onLog: (line, attempt) => {
      if (attempt !== current) {
        filters.clear();
        complaints.length = 0;
        current = attempt;
      }
      if (COMPLAINT.test(line)) complaints.push(line);
      const filter = /^\[(showinfo@\w+) @/.exec(line)?.[1];
      if (!filter) return;
      const base = /config in time_base: (\d+)\/(\d+)/.exec(line);
      if (base) of(filter).timeBase = { num: Number(base[1]), den: Number(base[2]) };
      const ticks = /\bn: *\d+ pts: *(-?\d+)/.exec(line)?.[1];
      if (ticks !== undefined) of(filter).ticks.push(Number(ticks));
    },
  };
};
