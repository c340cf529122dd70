/** What a day ruler draws: the day of each zone, in it a row for each camera, on it every recording of which a part falls into that day. */
import { recordingInterval, type Camera, type Recording } from '../../contracts/library.ts';
import type { EpochMs, TimeWindow, ZoneId } from '../../contracts/units.ts';
import { dayWindow } from '../../core/local-day.ts';

export interface DayBar {
  readonly recording: Recording;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface DayRow {
  readonly camera: Camera;
  /** In the order of time. */
  readonly bars: readonly DayBar[];
}

export interface ZoneDay {
  readonly zone: ZoneId;
  readonly day: TimeWindow;
  readonly rows: readonly DayRow[];
}

/** `key` is `2026-11-22`. Cameras with nothing on that day have no row; zones without a row are left out. */
export const zoneDays = (
  key: string,
  recordings: readonly Recording[],
  cameras: readonly Camera[],
): readonly ZoneDay[] => {
  const ofCamera = Map.groupBy(recordings, ({ cameraId }) => cameraId);
  return [...Map.groupBy(cameras, ({ zone }) => zone)].flatMap(([zone, own]) => {
    const day = dayWindow(key, zone);
    if (!day) return [];
    const rows = own.flatMap((camera) => {
      const bars = (ofCamera.get(camera.id) ?? []).flatMap((recording) => {
        const interval = recordingInterval(recording, camera);
        return interval && interval.from < day.to && interval.to > day.from ? [{ recording, ...interval }] : [];
      });
      return bars.length > 0 ? [{ camera, bars: bars.toSorted((a, b) => a.from - b.from) }] : [];
    });
    return rows.length > 0 ? [{ zone, day, rows }] : [];
  });
};

/** The bar whose drawn stretch lies nearest to an instant; null when none is within `within` milliseconds. */
export const nearestBar = (bars: readonly DayBar[], at: EpochMs, within: number): DayBar | null => {
  const away = ({ from, to }: DayBar): number => Math.max(0, from - at, at - to);
  const nearest = bars.reduce<DayBar | null>((best, bar) => (best && away(best) <= away(bar) ? best : bar), null);
  return nearest && away(nearest) <= within ? nearest : null;
};
