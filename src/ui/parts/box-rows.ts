/** A file's boxes as rows of a tree, neighbours of one path (the samples) gathered into one. */
import type { AuditedBox } from '../../contracts/inspect-api.ts';

export interface BoxRow {
  readonly name: string;
  readonly depth: number;
  readonly count: number;
  readonly offset: number;
  readonly bytes: number;
  readonly meaning: string;
}

export const boxRows = (boxes: readonly AuditedBox[]): readonly BoxRow[] => {
  const rows: (BoxRow & { readonly path: string })[] = [];
  for (const box of boxes) {
    const last = rows.at(-1);
    if (last && last.path === box.path && last.meaning === box.meaning) {
      rows[rows.length - 1] = { ...last, count: last.count + 1, bytes: last.bytes + box.bytes };
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
      meaning: box.meaning,
    });
  }
  return rows;
};
