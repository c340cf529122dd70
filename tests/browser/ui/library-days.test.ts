/** The library by days: the calendar counts and chooses them, the day ruler shows a day by the cameras' own clocks and plays what is on it. */
import { describe, expect, it } from 'vitest';
import type { Recording } from '../../../src/contracts/library.ts';
import '../../../src/ui/parts/day-calendar.ts';
import '../../../src/ui/parts/day-ruler.ts';
import { camera, recording } from '../storage/samples.ts';
import { buttonCalled, deep, openLibrary, type LibraryScreen } from './library-screen.ts';
import { mount, numberOf, textOf } from './mount.ts';

const PORCH = camera({ id: 'porch', name: 'Porch' });
const CABIN = camera({ id: 'cabin', name: 'Cabin', zone: 'America/New_York' });

const at = (id: string, start: string, minutes: number, change: Partial<Recording> = {}): Recording =>
  recording(id, {
    ...{ cameraId: 'porch', durationMs: minutes * 60_000 },
    time: { startMs: Date.parse(start), confidence: 'accepted', source: 'tapo', candidates: [] },
    ...change,
  });

/** Local days in Los Angeles: two on 22 November, one on the 21st at five minutes to midnight, one in October. */
const ROWS = [
  at('morning', '2026-11-22T17:00:00Z', 30),
  at('evening', '2026-11-23T02:00:00Z', 60),
  at('late', '2026-11-22T07:55:00Z', 10),
  at('autumn', '2026-10-30T19:00:00Z', 1),
];

const calendarOf = ({ view }: LibraryScreen): Element | null => deep(view, 'pl-day-calendar');
const rulerOf = ({ view }: LibraryScreen): Element | null => deep(view, 'pl-day-ruler');
const listed = ({ view }: LibraryScreen): readonly string[] =>
  [...(view.shadowRoot?.querySelectorAll('pl-recording-card') ?? [])].map((card) => card.recording?.id ?? '');
const dayButton = (screen: LibraryScreen, day: string): HTMLElement | undefined =>
  [...(calendarOf(screen)?.shadowRoot?.querySelectorAll('button') ?? [])].find((button) =>
    button.textContent?.replaceAll(/\s+/g, ' ').includes(day),
  );

it('says of a recording that was still being written how to get the rest', async () => {
  const screen = await openLibrary([PORCH], [at('growing', '2026-11-22T17:00:00Z', 5, { unfinished: true })]);
  const card = deep(screen.view, 'pl-recording-card');
  await expect
    .poll(() => textOf(card ?? screen.view))
    .toContain('The camera was still writing this when it was imported.');
});

describe('the calendar', () => {
  it('shows the newest month with its counts, and one day alone when it is chosen', async () => {
    const screen = await openLibrary([PORCH], ROWS);
    expect(textOf(calendarOf(screen) ?? screen.view)).toContain('November 2026');
    expect(dayButton(screen, 'November 22')?.textContent).toMatch(/2\s*recordings/);
    expect(dayButton(screen, 'November 21')?.textContent).toMatch(/1\s*recording$/m);
    expect(dayButton(screen, 'November 20')).toBeUndefined();
    expect(listed(screen)).toEqual(['morning', 'evening', 'late', 'autumn']);

    dayButton(screen, 'November 21')?.click();
    await expect.poll(() => listed(screen)).toEqual(['late']);
    expect(dayButton(screen, 'November 21')?.getAttribute('aria-pressed')).toBe('true');
    buttonCalled(calendarOf(screen), 'Show all days').click();
    await expect.poll(() => listed(screen)).toHaveLength(4);
  });

  it('steps through the months that have recordings, and no further', async () => {
    const calendar = await mount('pl-day-calendar', {
      counts: new Map([
        ['2026-11-22', 1],
        ['2026-08-03', 2],
      ]),
    });
    const step = (name: string): HTMLElement =>
      [...(calendar.shadowRoot?.querySelectorAll('wa-button') ?? [])].find((b) => b.textContent?.includes(name)) ??
      calendar;
    expect(step('Later month').hasAttribute('disabled')).toBe(true);
    step('Earlier month').click();
    await expect.poll(() => textOf(calendar)).toContain('August 2026');
    expect(step('Earlier month').hasAttribute('disabled')).toBe(true);
  });
});

describe('the day ruler', () => {
  const bars = (ruler: Element | null): readonly Element[] => [...(ruler?.shadowRoot?.querySelectorAll('.bar') ?? [])];
  const barOf = (ruler: Element | null, id: string): Element | null =>
    ruler?.shadowRoot?.querySelector(`[data-recording=${id}]`) ?? null;
  const span = (ruler: Element | null, id: string): readonly number[] => {
    const rect = barOf(ruler, id)?.querySelector('rect');
    return [numberOf(rect, 'x'), numberOf(rect, 'x') + numberOf(rect, 'width')].map(Math.round);
  };
  const press = (ruler: Element | null, key: string): void => {
    const focused = ruler?.shadowRoot?.activeElement;
    focused?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  };

  it('has every recording at its place between midnight and midnight, also what began the day before', async () => {
    const ruler = await mount('pl-day-ruler', { day: '2026-11-22', recordings: ROWS, cameras: [PORCH] }, 960);
    expect(bars(ruler).map((bar) => bar.getAttribute('data-recording'))).toEqual(['late', 'morning', 'evening']);
    // 40 px an hour.
    expect(span(ruler, 'morning')).toEqual([360, 380]);
    expect(span(ruler, 'evening')).toEqual([720, 760]);
    expect(span(ruler, 'late')).toEqual([0, 4]);
    expect(barOf(ruler, 'evening')?.getAttribute('aria-label')).toBe('On the ruler: 18:00:00–19:00:00 PST, 1 h');
  });

  it.each([
    ['2026-11-01', 25, 'PDT, then PST'],
    ['2026-03-08', 23, 'PST, then PDT'],
  ])('%s has %d hours', async (day, hours, zones) => {
    const noon = at('noon', `${day}T20:00:00Z`, 60);
    const ruler = await mount('pl-day-ruler', { day, recordings: [noon], cameras: [PORCH] }, hours * 40);
    const [from = 0, to = 0] = span(ruler, 'noon');
    expect(to - from).toBe(40);
    expect(hours * 40 - from).toBe((hours === 25 ? 12 : 11) * 40);
    expect(textOf(ruler)).toContain(`${zones}: the clocks change, this day has ${hours} hours`);
  });

  it('gives each zone a scale of its own', async () => {
    const rows = [
      at('here', '2026-11-22T20:00:00Z', 60),
      at('there', '2026-11-22T17:00:00Z', 60, { cameraId: 'cabin' }),
    ];
    const ruler = await mount('pl-day-ruler', { day: '2026-11-22', recordings: rows, cameras: [PORCH, CABIN] }, 960);
    expect(ruler.shadowRoot?.querySelectorAll('svg')).toHaveLength(2);
    // Noon in both places.
    expect([span(ruler, 'here'), span(ruler, 'there')]).toEqual([
      [480, 520],
      [480, 520],
    ]);
  });

  it('is walked with the arrow keys, names what it stands on, and Enter plays it', async () => {
    const screen = await openLibrary([PORCH], ROWS);
    dayButton(screen, 'November 22')?.click();
    await expect.poll(() => bars(rulerOf(screen)).length).toBe(3);
    const ruler = rulerOf(screen);
    expect(bars(ruler).filter((bar) => bar.getAttribute('tabindex') === '0')).toHaveLength(1);
    ruler?.shadowRoot?.querySelector<SVGElement>('[tabindex="0"]')?.focus();
    press(ruler, 'End');
    await expect.poll(() => textOf(ruler ?? screen.view)).toContain('18:00:00–19:00:00 PST 1 h, Porch');
    press(ruler, 'ArrowLeft');
    await expect.poll(() => textOf(ruler ?? screen.view)).toContain('09:00:00–09:30:00 PST');
    expect(barOf(ruler, 'morning')?.getAttribute('tabindex')).toBe('0');
    press(ruler, 'Enter');
    await expect.poll(() => deep(screen.view, 'wa-dialog[open]')?.getAttribute('label')).toBe('morning.mp4');
  });

  it('plays what is nearest to a click, since a short recording is a hair’s breadth', async () => {
    const short = [at('a', '2026-11-22T20:00:00Z', 0.5), at('b', '2026-11-22T20:12:00Z', 0.5)];
    const ruler = await mount('pl-day-ruler', { day: '2026-11-22', recordings: short, cameras: [PORCH] }, 960);
    const played: string[] = [];
    ruler.addEventListener('pl-recording-action', ({ recordingId, action }) => played.push(`${action} ${recordingId}`));
    const box = ruler.shadowRoot?.querySelector('.strip')?.getBoundingClientRect();
    const click = (x: number): void => {
      const init = { bubbles: true, composed: true, clientX: (box?.left ?? 0) + x, clientY: (box?.top ?? 0) + 5 };
      ruler.shadowRoot?.querySelector('[role=toolbar]')?.dispatchEvent(new MouseEvent('click', init));
    };
    click(482);
    click(487);
    click(300);
    expect(played).toEqual(['play a', 'play b']);
  });
});
