/** The sketch map is true to scale, survives the antimeridian, gives coordinates on a click and describes itself in words. */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { destination, geodesicDistance } from '../../../src/core/geodesy.ts';
import type { Position } from '../../../src/contracts/units.ts';
import type { PlacePicked } from '../../../src/ui/events.ts';
import { fitSketch, scaleBarMetres } from '../../../src/ui/parts/sketch-projection.ts';
import '../../../src/ui/parts/sketch-map.ts';
import { mount, numberOf } from './mount.ts';

const box = { width: 600, height: 400, padding: 30, leastMetres: 100 };

it('draws distances within a few parts in a thousand of the geodesic', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -70, max: 70, noNaN: true }),
      fc.double({ min: 0, max: 360, noNaN: true }),
      fc.double({ min: 50, max: 3000, noNaN: true }),
      (lng, lat, azimuth, metres) => {
        const a: Position = [lng, lat];
        const b = destination(a, azimuth, metres);
        const sketch = fitSketch([a, b], box);
        if (!sketch) throw new Error('no sketch');
        const [p, q] = [sketch.toPoint(a), sketch.toPoint(b)];
        const drawn = Math.hypot(p.x - q.x, p.y - q.y) * sketch.metresPerPixel;
        expect(Math.abs(drawn - metres) / metres).toBeLessThan(0.003);
      },
    ),
  );
});

it('gives back the coordinates of a drawn point, also across the antimeridian', () => {
  const positions: Position[] = [
    [179.999, -16.5],
    [-179.998, -16.501],
  ];
  const sketch = fitSketch(positions, box);
  for (const position of positions) {
    const again = sketch?.toPosition(sketch.toPoint(position)) ?? [0, 0];
    expect(geodesicDistance(again, position)).toBeLessThan(0.01);
  }
  expect(sketch?.metresPerPixel).toBeLessThan(2);
});

it('has a scale bar of 1, 2 or 5', () => {
  expect(scaleBarMetres(1.3, 200)).toBe(200);
  expect(scaleBarMetres(0.3, 200)).toBe(50);
  expect(scaleBarMetres(7, 200)).toBe(1000);
});

const centre: Position = [-119.05, 40.87];
const inside = { id: 'a', name: 'Front porch', place: destination(centre, 90, 150) };
const outside = { id: 'b', name: 'Shop', place: destination(centre, 0, 500) };

it('describes cameras with distance, direction and side of the border', async () => {
  const map = await mount('pl-sketch-map', {
    area: { type: 'Circle', center: [...centre], radiusM: 300 },
    incident: centre,
    cameras: [inside, outside],
  });
  const label = map.shadowRoot?.querySelector('[role=img]')?.getAttribute('aria-label') ?? '';
  expect(label).toContain('circle of 300 m radius');
  expect(label).toContain('Front porch, 150 m east of the incident, inside the area.');
  expect(label).toContain('Shop, 500 m north of the incident, outside the area.');
});

it('names cameras too far away to draw instead of shrinking the area to a dot', async () => {
  const cabin = { id: 'c', name: 'Cabin', place: destination(centre, 270, 24_000) };
  const map = await mount('pl-sketch-map', {
    area: { type: 'Circle', center: [...centre], radiusM: 300 },
    incident: centre,
    cameras: [inside, cabin],
  });
  expect(map.shadowRoot?.querySelector('figcaption')?.textContent).toContain('Cabin, 24.0 km west of the incident');
  expect(numberOf(map.shadowRoot?.querySelector('circle.area'), 'r')).toBeGreaterThan(80);
});

it('answers a click with the place under it', async () => {
  const map = await mount('pl-sketch-map', { pickable: true, cameras: [inside, { ...outside, place: centre }] });
  const picked = vi.fn<(event: PlacePicked) => void>();
  map.addEventListener('pl-place-picked', picked);
  const svg = map.shadowRoot?.querySelector('svg');
  const dot = map.shadowRoot?.querySelector('circle.dot')?.getBoundingClientRect();
  if (!svg || !dot) throw new Error('nothing drawn');
  svg.dispatchEvent(new MouseEvent('click', { clientX: dot.x + dot.width / 2, clientY: dot.y + dot.height / 2 }));
  const place = picked.mock.calls[0]?.[0].position ?? [0, 0];
  const nearest = Math.min(geodesicDistance(place, inside.place), geodesicDistance(place, centre));
  expect(nearest).toBeLessThan(2);
});

it('ignores clicks unless a place is being chosen', async () => {
  const map = await mount('pl-sketch-map', { cameras: [inside] });
  const picked = vi.fn();
  map.addEventListener('pl-place-picked', picked);
  map.shadowRoot?.querySelector('svg')?.dispatchEvent(new MouseEvent('click', { clientX: 50, clientY: 50 }));
  expect(picked).not.toHaveBeenCalled();
});
