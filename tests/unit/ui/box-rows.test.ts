/** The box tree accounts for every byte once: what each part has of its own adds up to the file. */
import { expect, test } from 'vitest';
import { boxRows } from '../../../src/ui/parts/box-rows.ts';

const box = (path: string, offset: number, bytes: number) => ({ path, offset, bytes, meaning: '' });

test('each byte is counted in the innermost part that has it', () => {
  const rows = boxRows([
    box('ftyp', 0, 20),
    box('moov', 20, 100),
    box('moov/mvhd', 28, 40),
    box('moov/trak', 68, 52),
    box('moov/trak/tkhd', 76, 30),
    box('mdat', 120, 80),
  ]);
  expect(rows.map(({ name, own }) => [name, own])).toEqual([
    ['ftyp', 20],
    ['moov', 8],
    ['mvhd', 40],
    ['trak', 22],
    ['tkhd', 30],
    ['mdat', 80],
  ]);
  expect(rows.reduce((sum, { own }) => sum + own, 0)).toBe(200);
});

test('a hole between the parts is missing from the sum, whatever the order they come in', () => {
  const rows = boxRows([box('mdat', 130, 70), box('moov/trak', 40, 20), box('moov', 20, 100), box('ftyp', 0, 20)]);
  expect(rows.reduce((sum, { own }) => sum + own, 0)).toBe(190);
});
