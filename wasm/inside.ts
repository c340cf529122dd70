/** Whether a camera lies in a request's area: by chord where that is certain, else by polygon or geodesic. The same answer as `areaContains`. */
import type { Position } from '../src/contracts/units.ts';
import { areaContains } from '../src/core/area.ts';
import type { CameraColumns, RequestColumns } from './world.ts';

export const placeOf = ({ lngLat }: CameraColumns, camera: number): Position => [
  lngLat[2 * camera] ?? 0,
  lngLat[2 * camera + 1] ?? 0,
];

export const isInside = (
  cameras: CameraColumns,
  camera: number,
  requests: RequestColumns,
  request: number,
): boolean => {
  const dx = (cameras.xyz[3 * camera] ?? 0) - (requests.xyz[3 * request] ?? 0);
  const dy = (cameras.xyz[3 * camera + 1] ?? 0) - (requests.xyz[3 * request + 1] ?? 0);
  const dz = (cameras.xyz[3 * camera + 2] ?? 0) - (requests.xyz[3 * request + 2] ?? 0);
  const chord = dx * dx + dy * dy + dz * dz;
  if (chord > (requests.outer[request] ?? -1)) return false;
  if (chord <= (requests.inner[request] ?? -1)) return true;
  const area = requests.areas[request];
  return !!area && areaContains(area, placeOf(cameras, camera));
};

/** The cameras that lie in a request's area, ascending. */
export const camerasInside = (cameras: CameraColumns, requests: RequestColumns, request: number): readonly number[] => {
  const { count, xyz } = cameras;
  const [x, y, z] = [0, 1, 2].map((axis) => requests.xyz[3 * request + axis] ?? 0) as [number, number, number];
  const outer = requests.outer[request] ?? -1;
  const inner = requests.inner[request] ?? -1;
  const inside: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const dx = (xyz[3 * i] ?? 0) - x;
    const dy = (xyz[3 * i + 1] ?? 0) - y;
    const dz = (xyz[3 * i + 2] ?? 0) - z;
    const chord = dx * dx + dy * dy + dz * dz;
    if (chord <= inner || (chord <= outer && isInside(cameras, i, requests, request))) inside.push(i);
  }
  return inside;
};
