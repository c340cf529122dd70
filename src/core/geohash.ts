/** Geohash cells (Niemeyer 2008, geohash.org): the coarse squares in which a large feed is cut, and their neighbours. */
import type { Position } from '../contracts/units.ts';
import type { AreaBox } from './area.ts';

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';

/** Columns and rows that cells of this many characters make of the globe: five bits a character, longitude first. */
const gridOf = (precision: number): { readonly columns: number; readonly rows: number } => ({
  columns: 2 ** Math.ceil((5 * precision) / 2),
  rows: 2 ** Math.floor((5 * precision) / 2),
});

/** Rows count from the south pole, columns from 180° west; columns wrap around. */
const nameOf = (column: number, row: number, precision: number): string => {
  const { columns } = gridOf(precision);
  const x = ((column % columns) + columns) % columns;
  const bits = 5 * precision;
  let [left, up] = [Math.ceil(bits / 2) - 1, Math.floor(bits / 2) - 1];
  let name = '';
  for (let char = 0; char < precision; char += 1) {
    let index = 0;
    for (let bit = 0; bit < 5; bit += 1) {
      const isLongitude = (char * 5 + bit) % 2 === 0;
      const value = isLongitude ? Math.floor(x / 2 ** left) % 2 : Math.floor(row / 2 ** up) % 2;
      if (isLongitude) left -= 1;
      else up -= 1;
      index = index * 2 + value;
    }
    name += ALPHABET[index] ?? '';
  }
  return name;
};

const columnOf = (lng: number, precision: number): number => {
  const { columns } = gridOf(precision);
  return Math.min(columns - 1, Math.max(0, Math.floor(((lng + 180) / 360) * columns)));
};

const rowOf = (lat: number, precision: number): number => {
  const { rows } = gridOf(precision);
  return Math.min(rows - 1, Math.max(0, Math.floor(((lat + 90) / 180) * rows)));
};

/** The cell that a place lies in, as a name of `precision` characters. */
export const cellOf = ([lng, lat]: Position, precision: number): string =>
  nameOf(columnOf(lng, precision), rowOf(lat, precision), precision);

/** Every cell that a box touches. */
export const cellsOfBox = ({ minX, minY, maxX, maxY }: AreaBox, precision: number): string[] => {
  const cells: string[] = [];
  for (let row = rowOf(minY, precision); row <= rowOf(maxY, precision); row += 1) {
    for (let column = columnOf(minX, precision); column <= columnOf(maxX, precision); column += 1) {
      cells.push(nameOf(column, row, precision));
    }
  }
  return cells;
};

/** A place's cell and the cells around it, across the antimeridian too; fewer at the poles. */
export const cellsAround = ([lng, lat]: Position, precision: number): string[] => {
  const { rows } = gridOf(precision);
  const [column, row] = [columnOf(lng, precision), rowOf(lat, precision)];
  const cells: string[] = [];
  for (const y of [row - 1, row, row + 1]) {
    if (y < 0 || y >= rows) continue;
    for (const x of [column - 1, column, column + 1]) cells.push(nameOf(x, y, precision));
  }
  return [...new Set(cells)];
};
