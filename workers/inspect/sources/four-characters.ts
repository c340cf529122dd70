/** Four-character codes. */

/** The four bytes at `at` as text; empty where the view ends before. */
export const fourCharacters = (view: DataView, at: number): string =>
  at + 4 <= view.byteLength ? String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index))) : '';
