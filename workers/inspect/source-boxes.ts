/** Walks a source file's boxes leniently: sources may hold anything, and what makes no sense ends the walk. */

export interface SourceBox {
  readonly type: string;
  /** Where the payload begins and ends. */
  readonly start: number;
  readonly end: number;
}

export const fourcc = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));

/** Box headers one after another; ends at the first that makes no sense. `base` is where the view begins in the file. */
export const boxesIn = (view: DataView, from: number, to: number): readonly SourceBox[] => {
  const boxes: SourceBox[] = [];
  let at = from;
  while (at + 8 <= to) {
    const short = view.getUint32(at);
    const wide = short === 1 && at + 16 <= to;
    const size =
      short === 0 ? to - at : wide ? view.getUint32(at + 8) * 0x1_0000_0000 + view.getUint32(at + 12) : short;
    const header = wide ? 16 : 8;
    if (size < header || at + size > to) break;
    boxes.push({ type: fourcc(view, at + 4), start: at + header, end: at + size });
    at += size;
  }
  return boxes;
};

/** The file's top boxes, each header read on its own: the media is never loaded. */
export const topBoxes = async (
  source: Blob,
): Promise<{ readonly boxes: readonly SourceBox[]; readonly trailing: number }> => {
  const boxes: SourceBox[] = [];
  let at = 0;
  while (at + 8 <= source.size && boxes.length < 10_000) {
    const view = new DataView(await source.slice(at, at + 16).arrayBuffer());
    const short = view.getUint32(0);
    const wide = short === 1 && view.byteLength === 16;
    const size = short === 0 ? source.size - at : wide ? view.getUint32(8) * 0x1_0000_0000 + view.getUint32(12) : short;
    if (size < (wide ? 16 : 8) || at + size > source.size) break;
    boxes.push({ type: fourcc(view, 4), start: at + (wide ? 16 : 8), end: at + size });
    at += size;
  }
  return { boxes, trailing: source.size - at };
};
