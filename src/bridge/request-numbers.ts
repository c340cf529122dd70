/** Which requests the match worker has, under which numbers, and what has to be sent when they change. */
import type { MatchableRequest, NumberedRequest } from '../contracts/match-api.ts';
import type { Area } from '../contracts/request.ts';

const samePoint = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a?.[0] === b?.[0] && a?.[1] === b?.[1];

const sameRings = (a: readonly (readonly (readonly number[])[])[], b: typeof a): boolean =>
  a.length === b.length &&
  a.every((ring, i) => ring.length === b[i]?.length && ring.every((point, k) => samePoint(point, b[i]?.[k])));

const sameArea = (a: Area, b: Area): boolean => {
  if (a === b) return true;
  if (a.type === 'Circle') return b.type === 'Circle' && a.radiusM === b.radiusM && samePoint(a.center, b.center);
  if (a.type === 'Polygon') return b.type === 'Polygon' && sameRings(a.coordinates, b.coordinates);
  return (
    b.type === 'MultiPolygon' &&
    a.coordinates.length === b.coordinates.length &&
    a.coordinates.every((polygon, i) => sameRings(polygon, b.coordinates[i] ?? []))
  );
};

const same = (a: MatchableRequest, b: MatchableRequest): boolean =>
  a.window.from === b.window.from &&
  a.window.to === b.window.to &&
  samePoint(a.incident, b.incident) &&
  sameArea(a.area, b.area);

/** A few milliseconds' work. */
const SLICE = 4_000;

const inSlices = async <T>(items: readonly T[], visit: (item: T) => void): Promise<void> => {
  for (let first = 0; first < items.length; first += SLICE) {
    if (first > 0) await new Promise((resolve) => setTimeout(resolve));
    for (const item of items.slice(first, first + SLICE)) visit(item);
  }
};

export class RequestNumbers {
  #sent = new Map<string, NumberedRequest>();
  #free: number[] = [];
  #next = 0;
  #numbers: ReadonlyMap<string, number> = new Map();

  clear(): void {
    this.#sent = new Map();
    this.#free = [];
    this.#next = 0;
    this.#numbers = new Map();
  }

  /** By request id, as of the last `change`; the map itself is not changed afterwards. */
  all(): ReadonlyMap<string, number> {
    return this.#numbers;
  }

  /**
   * From what was sent to `requests`: numbers that go, requests that come or have changed. Of two with one id the first counts. Lets others
   * have their turn between, so that the page stays quick however many there are; only one change at a time.
   */
  async change(requests: readonly MatchableRequest[]): Promise<{
    readonly gone: readonly number[];
    readonly come: readonly NumberedRequest[];
  }> {
    const wanted = new Set<string>();
    const first: MatchableRequest[] = [];
    await inSlices(requests, (request) => {
      if (wanted.has(request.id)) return;
      wanted.add(request.id);
      first.push(request);
    });
    const gone: number[] = [];
    await inSlices([...this.#sent.values()], ({ id, number }) => {
      if (wanted.has(id)) return;
      this.#sent.delete(id);
      this.#free.push(number);
      gone.push(number);
    });
    const come: NumberedRequest[] = [];
    await inSlices(first, (request) => {
      const before = this.#sent.get(request.id);
      if (before && same(before, request)) return;
      const numbered = { ...request, number: before?.number ?? this.#free.pop() ?? this.#next++ };
      this.#sent.set(request.id, numbered);
      come.push(numbered);
    });
    if (gone.length > 0 || come.length > 0) {
      const numbers = new Map<string, number>();
      await inSlices([...this.#sent.values()], ({ id, number }) => void numbers.set(id, number));
      this.#numbers = numbers;
    }
    return { gone, come };
  }
}
