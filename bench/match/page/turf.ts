/** The match as a user would first write it: objects, an R-tree of degree boxes, turf's distance, filters. */
import { bbox, circle, distance, point } from '@turf/turf';
import RBush from 'rbush';
import type { NumberedRequest } from '../../../src/contracts/match-api.ts';
import type { Area } from '../../../src/contracts/request.ts';
import { areaContains } from '../../../src/core/area.ts';

export interface TurfRequest {
  readonly id: number;
  readonly center: [number, number];
  readonly radiusM: number;
  readonly area: Area;
  readonly from: number;
  readonly to: number;
}

export interface TurfRecording {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export interface TurfCamera {
  readonly place: [number, number];
  readonly recordings: TurfRecording[];
}

export interface TurfBox {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly request: TurfRequest;
}

interface Found {
  readonly request: number;
  readonly recording: number;
  readonly from: number;
  readonly to: number;
}

/** turf's sphere is off by up to half a per cent: so near the edge it asks the ellipsoid, or its result would be another. */
export const inside = (camera: TurfCamera, { center, radiusM, area }: TurfRequest): boolean => {
  const metres = distance(point(camera.place), point(center), { units: 'meters' });
  if (Math.abs(metres - radiusM) < 0.01 * radiusM) return areaContains(area, camera.place);
  return metres <= radiusM;
};

/** Boxes a per cent larger, for the same reason. */
export const boxOf = (request: TurfRequest): TurfBox => {
  const [minX, minY, maxX, maxY] = bbox(circle(request.center, 1.02 * request.radiusM, { units: 'meters', steps: 16 }));
  return { minX, minY, maxX, maxY, request };
};

export const overlapping = (camera: TurfCamera, { id, from, to }: TurfRequest): Found[] =>
  camera.recordings
    .filter(({ start, end }) => start < to && end > from)
    .map((recording) => ({
      request: id,
      recording: recording.id,
      from: Math.max(recording.start, from),
      to: Math.min(recording.end, to),
    }));

export const matchWithTurf = (of: readonly TurfCamera[], inBoxes: readonly TurfBox[]): Found[] => {
  const tree = new RBush<TurfBox>().load([...inBoxes]);
  const found: Found[] = [];
  for (const camera of of) {
    const [lng, lat] = camera.place;
    for (const { request } of tree.search({ minX: lng, minY: lat, maxX: lng, maxY: lat })) {
      if (!inside(camera, request)) continue;
      for (const match of overlapping(camera, request)) found.push(match);
    }
  }
  return found;
};

export const turfRequests = (from: readonly NumberedRequest[]): TurfRequest[] =>
  from.flatMap(({ number, area, window }) =>
    area.type === 'Circle'
      ? [
          {
            id: number,
            center: [area.center[0], area.center[1]],
            radiusM: area.radiusM,
            area,
            from: window.from,
            to: window.to,
          },
        ]
      : [],
  );

export const turfBoxes = (requests: readonly TurfRequest[]): TurfBox[] => requests.map(boxOf);
