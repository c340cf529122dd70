/** The nearest camera by blocks, and the requests around a camera: as a plain list would have them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRequestColumns } from '../../../wasm/request-columns.ts';
import { nearestCameras } from '../../../workers/match/camera-blocks.ts';
import { CameraRequests } from '../../../workers/match/camera-requests.ts';

const coordinate = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ min: -6.4e6, max: 6.4e6, noNaN: true }));
const place = fc.tuple(coordinate, coordinate, coordinate);

it('finds the nearest of up to hundreds of cameras', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 300, size: 'max' }), fc.array(place), (cameras, asked) => {
      const xyz = Float64Array.from(cameras.flat());
      const columns = { count: cameras.length, xyz, lngLat: new Float64Array(2 * cameras.length) };
      // Asked from the last to the first, beside places that are not asked about.
      const places = Float64Array.from([...asked, [1, 2, 3]].flat());
      const found = nearestCameras(columns, places, Uint32Array.from(asked.keys()).reverse());
      const squared = ([x, y, z]: readonly number[], camera: number): number =>
        ((cameras[camera]?.[0] ?? 0) - (x ?? 0)) ** 2 +
        ((cameras[camera]?.[1] ?? 0) - (y ?? 0)) ** 2 +
        ((cameras[camera]?.[2] ?? 0) - (z ?? 0)) ** 2;
      for (const [n, from] of asked.toReversed().entries()) {
        const least = Math.min(...cameras.map((_, camera) => squared(from, camera)));
        expect(squared(from, found.camera[n] ?? -1)).toBe(least);
        expect(found.squared[n]).toBe(least);
      }
    }),
    { numRuns: 200 },
  );
});

it('keeps the requests around a camera by start, then by slot, in whatever order they come and go', () => {
  const deed = fc.oneof(
    fc.record({ kind: fc.constant('come' as const), start: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ kind: fc.constant('go' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('ask' as const), start: fc.integer({ min: -1, max: 21 }) }),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 80 }), (deeds) => {
      const requests = createRequestColumns();
      const around = new CameraRequests(new Uint32Array(0));
      let kept: { readonly start: number; readonly slot: number }[] = [];
      for (const [slot, step] of deeds.entries()) {
        if (step.kind === 'come') {
          requests.put(slot, { type: 'Circle', center: [0, 0], radiusM: 1 }, { from: step.start, to: 99 });
          around.add(slot);
          kept = [...kept, { start: step.start, slot }].toSorted((a, b) => a.start - b.start || a.slot - b.slot);
        } else if (step.kind === 'go') {
          const gone = kept[step.which % Math.max(1, kept.length)];
          if (!gone) continue;
          around.remove(requests, gone.slot);
          kept = kept.filter((one) => one !== gone);
        } else {
          const index = kept.findIndex(({ start }) => start >= step.start);
          expect(around.indexOf(requests, step.start, 0)).toBe(index < 0 ? kept.length : index);
          expect(Array.from({ length: around.count }, (_, i) => around.at(i))).toEqual(kept.map((one) => one.slot));
        }
      }
    }),
    { numRuns: 300 },
  );
});
