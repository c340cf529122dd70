/** Recordings in the order people look for them: newest day first, within a day by the clock, those without a time at the end. */
import { recordingInterval, type Camera, type Recording } from '../../contracts/library.ts';
import { dayKey, dayName } from '../format.ts';

export interface LibraryRow {
  readonly recording: Recording;
  readonly camera: Camera;
}

export interface LibraryDay {
  /** `2026-11-22`, or empty for recordings whose time is unknown. */
  readonly key: string;
  readonly name: string;
  readonly rows: readonly LibraryRow[];
}

/** Groups by calendar day in each camera's own zone. Recordings of unknown cameras are left out. */
export const libraryDays = (recordings: readonly Recording[], cameras: readonly Camera[]): readonly LibraryDay[] => {
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const days = new Map<string, { name: string; rows: { row: LibraryRow; from: number }[] }>();
  for (const recording of recordings) {
    const camera = byId.get(recording.cameraId);
    if (!camera) continue;
    const from = recordingInterval(recording, camera)?.from ?? null;
    const key = from === null ? '' : dayKey(from, camera.zone);
    const day = days.get(key) ?? { name: from === null ? 'Time unknown' : dayName(from, camera.zone), rows: [] };
    day.rows.push({ row: { recording, camera }, from: from ?? recording.importedAt });
    days.set(key, day);
  }
  return [...days]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([key, { name, rows }]) => ({ key, name, rows: rows.sort((a, b) => a.from - b.from).map(({ row }) => row) }));
};
