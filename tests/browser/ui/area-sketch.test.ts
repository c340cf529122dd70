/** Drawing an area: by pointer and by keys the same shape comes about, in true metres, with holes, and nothing needs a drag. */
import { expect, it } from 'vitest';
import type { Position } from '../../../src/contracts/units.ts';
import { destination, geodesicDistance } from '../../../src/core/geodesy.ts';
import type { AreaChange } from '../../../src/ui/parts/area-strokes.ts';
import '../../../src/ui/parts/area-sketch.ts';
import { mount, textOf } from './mount.ts';

const INCIDENT: Position = [-119.05, 40.87];
const HALF_A_MILE_M = 804.672;

type Sketch = HTMLElementTagNameMap['pl-area-sketch'];

/** A map whose owner takes over what is drawn, as the composer does. */
const drawing = async (properties: Partial<Sketch>) => {
  const map = await mount('pl-area-sketch', { incident: INCIDENT, reachM: HALF_A_MILE_M, tool: 'area', ...properties });
  const changes: AreaChange[] = [];
  map.addEventListener('pl-area-drawn', ({ change }) => {
    changes.push(change);
    if (change.kind === 'incident') map.incident = change.position;
    else if (change.kind === 'circle') map.circle = change.circle;
    else map.rings = change.rings;
  });
  const svg = map.shadowRoot?.querySelector('svg');
  if (!svg) throw new Error('nothing drawn');
  return { map, svg, changes };
};

const pointer = async (map: Sketch, svg: Element, type: string, x: number, y: number): Promise<void> => {
  const box = svg.getBoundingClientRect();
  const at = { clientX: box.x + x, clientY: box.y + y };
  svg.dispatchEvent(new PointerEvent(type, { ...at, pointerId: 1, button: 0, bubbles: true }));
  await map.updateComplete;
};
const stroke = async (map: Sketch, svg: Element, points: readonly (readonly [number, number])[]): Promise<void> => {
  // Chromium refuses to capture a pointer that does not exist.
  svg.setPointerCapture = () => undefined;
  const [first = [0, 0], ...rest] = points;
  await pointer(map, svg, 'pointerdown', ...first);
  for (const point of rest) await pointer(map, svg, 'pointermove', ...point);
  await pointer(map, svg, 'pointerup', ...(points.at(-1) ?? [0, 0]));
};
const keys = async (map: Sketch, svg: Element, ...pressed: readonly string[]): Promise<void> => {
  for (const key of pressed) {
    svg.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await map.updateComplete;
  }
};
const times = (key: string, count: number): readonly string[] => Array.from({ length: count }, () => key);

it('a drag from the middle outwards is a circle of that many metres, and pulling its rim changes only its size', async () => {
  const { map, svg } = await drawing({ circle: null });
  const { width, height } = svg.getBoundingClientRect();
  await stroke(map, svg, [
    [width / 2, height / 2],
    [width / 2 + 60, height / 2],
    [width / 2 + 100, height / 2],
  ]);
  const drawn = map.circle;
  expect(geodesicDistance(drawn?.center ?? [0, 0], INCIDENT)).toBeLessThan(1);
  const limit = Number(svg.querySelector('.limit')?.getAttribute('r'));
  const rim = Number(svg.querySelector('circle.area')?.getAttribute('r'));
  expect(rim).toBeCloseTo(100, 0);
  expect((drawn?.radiusM ?? 0) / HALF_A_MILE_M).toBeCloseTo(rim / limit, 2);

  await stroke(map, svg, [
    [width / 2 + 100, height / 2],
    [width / 2 + 50, height / 2],
  ]);
  expect(map.circle?.center).toEqual(drawn?.center);
  expect((map.circle?.radiusM ?? 0) / (drawn?.radiusM ?? 1)).toBeCloseTo(0.5, 1);
});

it('a press moves the circle there and keeps its size', async () => {
  const { map, svg } = await drawing({ circle: { center: INCIDENT, radiusM: 300 } });
  await stroke(map, svg, [[40, 40]]);
  expect(map.circle?.radiusM).toBe(300);
  expect(geodesicDistance(map.circle?.center ?? INCIDENT, INCIDENT)).toBeGreaterThan(100);
});

it('presses set corners, a drag moves one, and the middle of an edge gives another', async () => {
  const { map, svg } = await drawing({ shape: 'polygon', rings: [] });
  const corners = [
    [100, 60],
    [300, 60],
    [300, 220],
  ] as const;
  for (const corner of corners) await stroke(map, svg, [corner]);
  expect(map.rings).toHaveLength(1);
  expect(map.rings[0]).toHaveLength(3);
  expect(svg.querySelector('path.area')).not.toBeNull();

  const [first] = map.rings[0] ?? [];
  await stroke(map, svg, [
    [300, 220],
    [280, 240],
  ]);
  expect(map.rings[0]).toHaveLength(3);
  expect(map.rings[0]?.[0]).toEqual(first);

  await stroke(map, svg, [
    [200, 60],
    [200, 30],
  ]);
  expect(map.rings[0]).toHaveLength(4);
  const inserted = map.rings[0]?.[1] ?? [0, 0];
  expect(inserted[1]).toBeGreaterThan(first?.[1] ?? 90);
});

it('corners drawn after a hole was begun are the hole’s', async () => {
  const outer = [0, 90, 180, 270].map((azimuth) => destination(INCIDENT, azimuth, 400));
  const { map, svg } = await drawing({ shape: 'polygon', rings: [outer, []] });
  await stroke(map, svg, [[290, 190]]);
  expect(map.rings[0]).toEqual(outer);
  expect(map.rings[1]).toHaveLength(1);
});

it('arrow keys and Enter draw a circle without any pointer', async () => {
  const { map, svg, changes } = await drawing({ circle: null });
  await keys(map, svg, 'ArrowRight', 'ArrowLeft', 'Enter', ...times('ArrowRight', 5), 'Enter');
  expect(changes).toHaveLength(1);
  expect(geodesicDistance(map.circle?.center ?? [0, 0], INCIDENT)).toBeLessThan(1);
  // Five steps of twelve drawing units, measured against the policy's reach.
  const limit = Number(svg.querySelector('.limit')?.getAttribute('r'));
  expect((map.circle?.radiusM ?? 0) / HALF_A_MILE_M).toBeCloseTo(60 / limit, 2);
  expect(textOf(map)).toContain('radius set');
});

it('arrow keys and Enter draw a polygon, Backspace takes a corner back, and each step is said', async () => {
  const { map, svg } = await drawing({ shape: 'polygon', rings: [] });
  await keys(
    map,
    svg,
    ...times('ArrowUp', 4),
    'Enter',
    ...times('ArrowRight', 6),
    'Enter',
    ...times('ArrowDown', 8),
    'Enter',
  );
  expect(map.rings[0]).toHaveLength(3);
  expect(map.shadowRoot?.querySelector('[role=status]')?.textContent).toMatch(
    /Corner 3 set, \d+ m south-east of the incident/,
  );
  await keys(map, svg, 'Backspace');
  expect(map.rings[0]).toHaveLength(2);
});

it('the incident is placed by Enter, and the ground moves at the edge instead of losing the cross', async () => {
  const { map, svg, changes } = await drawing({ tool: 'incident' });
  await keys(map, svg, ...times('ArrowRight', 60), 'Enter');
  expect(changes).toMatchObject([{ kind: 'incident' }]);
  const cross = /translate\((\S+) /.exec(svg.querySelector('.cross')?.getAttribute('transform') ?? '')?.[1];
  expect(Number(cross)).toBeLessThanOrEqual(svg.getBoundingClientRect().width);
  // Farther than the map showed: its half is 300 drawing units wide, and the cross went 720.
  const metresPerUnit = HALF_A_MILE_M / Number(svg.querySelector('.limit')?.getAttribute('r'));
  expect(geodesicDistance(map.incident ?? INCIDENT, INCIDENT) / metresPerUnit).toBeCloseTo(720, -1);
});

it('keys that mean something to the browser are left to it', async () => {
  const { svg } = await drawing({});
  const tab = new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true });
  const reload = new KeyboardEvent('keydown', { key: '-', ctrlKey: true, bubbles: true, cancelable: true });
  svg.dispatchEvent(tab);
  svg.dispatchEvent(reload);
  expect(tab.defaultPrevented || reload.defaultPrevented).toBe(false);
});
