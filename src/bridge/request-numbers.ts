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

  /** From what was sent to `requests`: numbers that go, requests that come or have changed. Of two with one id the first counts. */
  change(requests: readonly MatchableRequest[]): {
    readonly gone: readonly number[];
    readonly come: readonly NumberedRequest[];
  } {
    const wanted = new Set(requests.map(({ id }) => id));
    const gone = [...this.#sent.values()].filter(({ id }) => !wanted.has(id));
    for (const { id, number } of gone) {
      this.#sent.delete(id);
      this.#free.push(number);
    }
    const seen = new Set<string>();
    const come: NumberedRequest[] = [];
    for (const request of requests) {
      if (seen.has(request.id)) continue;
      seen.add(request.id);
      const before = this.#sent.get(request.id);
      if (before && same(before, request)) continue;
      const numbered = { ...request, number: before?.number ?? this.#free.pop() ?? this.#next++ };
      this.#sent.set(request.id, numbered);
      come.push(numbered);
    }
    if (gone.length > 0 || come.length > 0) {
      this.#numbers = new Map([...this.#sent.values()].map(({ id, number }) => [id, number]));
    }
    return { gone: gone.map(({ number }) => number), come };
  }
}
