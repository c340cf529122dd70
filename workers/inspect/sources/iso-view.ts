/** Walks a recording's ISO boxes leniently (ISO/IEC 14496-12 §4.2): recordings may hold anything, and what makes no sense ends the walk. */

export interface IsoBox {
  readonly type: string;
  /** Where the payload begins and ends in `view`. */
  readonly start: number;
  readonly end: number;
}

export const fourcc = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));

/** 64 bits as a number; recordings do not reach 2^53. */
export const u64 = (view: DataView, at: number): number => view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4);

/** Signed, for times that may lie before zero. */
export const i64 = (view: DataView, at: number): number => view.getInt32(at) * 0x1_0000_0000 + view.getUint32(at + 4);

/** Box headers one after another; ends at the first that makes no sense. */
export const boxesIn = (view: DataView, from: number, to: number): readonly IsoBox[] => {
  const boxes: IsoBox[] = [];
  let at = from;
  while (at + 8 <= to) {
    const short = view.getUint32(at);
    const wide = short === 1 && at + 16 <= to;
    const size = short === 0 ? to - at : wide ? u64(view, at + 8) : short;
    const header = wide ? 16 : 8;
    if (size < header || at + size > to) break;
    boxes.push({ type: fourcc(view, at + 4), start: at + header, end: at + size });
    at += size;
  }
  return boxes;
};

/** The first box along a path of types below `box`, or null. */
export const descend = (view: DataView, box: IsoBox, ...types: readonly string[]): IsoBox | null =>
  types.reduce<IsoBox | null>(
    (at, type) => (at === null ? null : (boxesIn(view, at.start, at.end).find((child) => child.type === type) ?? null)),
    box,
  );

/** Whether a box's payload has at least `bytes` bytes. */
export const holds = ({ start, end }: IsoBox, bytes: number): boolean => end - start >= bytes;
