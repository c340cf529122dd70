/** A polygon as text: a corner a line, latitude before longitude in degrees; after an empty line a hole begins. */
import { failure, ok, type Result } from '../contracts/result.ts';
import type { Position } from '../contracts/units.ts';

/** The outer ring and then its holes, each without the closing repeat of its first corner. The last may still be empty. */
export type Rings = readonly (readonly Position[])[];

/** Degrees from text, within ±`most`; null when it is no such number. */
export const degreesOf = (text: string, most: number): number | null => {
  const trimmed = text.trim().replace('−', '-');
  const value = Number(trimmed);
  return trimmed !== '' && Number.isFinite(value) && Math.abs(value) <= most ? value : null;
};

/** Six decimals are about a decimetre. */
export const degreesText = (degrees: number): string => String(Number(degrees.toFixed(6)));

const cornerOf = (line: string): Position | null => {
  const [latitude = '', longitude = '', ...more] = line.trim().split(/\s*[,;]\s*|\s+/);
  const lat = degreesOf(latitude, 90);
  const lng = degreesOf(longitude, 180);
  return lat === null || lng === null || more.some((rest) => rest !== '') ? null : [lng, lat];
};

/** `unreadable` names the first line that is no corner. Text without a corner gives one empty ring. */
export const readCorners = (text: string): Result<Rings, 'unreadable'> => {
  const lines = text.split(/\r\n|\r|\n/);
  const rings: Position[][] = [[]];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') {
      // The line break after the last corner begins nothing; an empty line after it does.
      if ((rings.at(-1)?.length ?? 0) > 0 && index < lines.length - 1) rings.push([]);
      continue;
    }
    const corner = cornerOf(line);
    if (corner === null) {
      return failure(
        'unreadable',
        `Line ${index + 1} of the corners is no latitude and longitude in degrees: “${line.trim().slice(0, 60)}”.`,
      );
    }
    rings.at(-1)?.push(corner);
  }
  return ok(rings);
};

/** The text of rings; `readCorners` gives them back, an empty last ring included. */
export const writeCorners = (rings: Rings): string =>
  rings.map((ring) => ring.map(([lng, lat]) => `${degreesText(lat)}, ${degreesText(lng)}\n`).join('')).join('\n');

/** Rings as GeoJSON wants them: closed, and none that is empty. */
export const closedRings = (rings: Rings): Position[][] =>
  rings.filter((ring) => ring.length > 0).map((ring) => [...ring, ring[0] ?? [0, 0]]);
