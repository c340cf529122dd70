/** A file's boxes as rows of a tree, neighbours of one path (the samples) gathered into one. */
import type { AuditedBox } from '../../contracts/inspect-api.ts';

export interface BoxRow {
  readonly name: string;
  readonly depth: number;
  readonly count: number;
  readonly offset: number;
  readonly bytes: number;
  /** Bytes that belong to no part inside it: over all rows they add up to what the boxes cover. */
  readonly own: number;
  readonly meaning: string;
}

/** Bytes of each box less those of the boxes directly inside it. `boxes` as they lie in the file, the outer one first. */
const ownBytes = (boxes: readonly AuditedBox[]): readonly number[] => {
  const own = boxes.map(({ bytes }) => bytes);
  const around: number[] = [];
  for (const [index, box] of boxes.entries()) {
    const isAround = (outer: number): boolean => {
      const parent = boxes[outer];
      return parent !== undefined && box.offset < parent.offset + parent.bytes;
    };
    while (around.length > 0 && !isAround(around.at(-1) ?? 0)) around.pop();
    const parent = around.at(-1);
    if (parent !== undefined) own[parent] = (own[parent] ?? 0) - box.bytes;
    around.push(index);
  }
  return own;
};

export const boxRows = (audited: readonly AuditedBox[]): readonly BoxRow[] => {
  const boxes = audited.toSorted((a, b) => a.offset - b.offset || b.bytes - a.bytes);
  const rows: (BoxRow & { readonly path: string })[] = [];
  const own = ownBytes(boxes);
  for (const [index, box] of boxes.entries()) {
    const mine = own[index] ?? 0;
    const last = rows.at(-1);
    if (last && last.path === box.path && last.meaning === box.meaning) {
      rows[rows.length - 1] = { ...last, count: last.count + 1, bytes: last.bytes + box.bytes, own: last.own + mine };
      continue;
    }
    const steps = box.path.split('/');
    rows.push({
      path: box.path,
      name: steps.at(-1) ?? box.path,
      depth: steps.length - 1,
      count: 1,
      offset: box.offset,
      bytes: box.bytes,
      own: mine,
      meaning: box.meaning,
    });
  }
  return rows;
};
