/** The matches of one request, written out from the columns: recording by recording, with ids from the library. */
import type { Match, NumberedRequest } from '../../src/contracts/match-api.ts';
import type { EpochMs, Position } from '../../src/contracts/units.ts';
import { areaBounds } from '../../src/core/area.ts';
import { geodesicDistance } from '../../src/core/geodesy.ts';
import { CHUNK_RECORDINGS, isUnconfirmed, numberOf } from '../../src/core/recording-chunks.ts';
import type { OrderedRecordings } from '../../wasm/recording-columns.ts';
import { writeRun } from '../../wasm/sweep.ts';
import { type RequestColumns, RUN_WORDS } from '../../wasm/world.ts';
import type { ColumnSource } from './column-source.ts';
import type { LiveCamera } from './live-match.ts';

const measuredFrom = ({ incident, area }: NumberedRequest): Position => {
  if (incident) return incident;
  if (area.type === 'Circle') return area.center;
  const [box] = areaBounds(area);
  return box ? [(box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2] : [0, 0];
};

interface Overlap {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly confirmed: boolean;
}

/** By the recording's number; of its readings, the one that overlaps the window longest. */
const overlapsIn = (
  columns: OrderedRecordings,
  requests: RequestColumns,
  { number, window }: NumberedRequest,
): ReadonlyMap<number, Overlap> => {
  const best = new Map<number, Overlap>();
  const run = new Uint32Array(RUN_WORDS);
  writeRun(run, 0, requests, number, columns);
  for (let i = run[1] ?? 0; i < (run[2] ?? 0); i += 1) {
    const from = Math.max(columns.from[i] ?? 0, window.from);
    const to = Math.min(columns.to[i] ?? 0, window.to);
    const tag = columns.tag[i] ?? 0;
    const other = best.get(numberOf(tag));
    if (from < to && (!other || to - from > other.to - other.from)) {
      best.set(numberOf(tag), { from, to, confirmed: !isUnconfirmed(tag) });
    }
  }
  return best;
};

/** Null when ids cannot be had or have no rows: the camera's columns are wrong. */
const matchesIn = async (
  source: ColumnSource,
  requests: RequestColumns,
  request: NumberedRequest,
  { columns, id: cameraId, place }: LiveCamera,
): Promise<readonly Match[] | null> => {
  const distanceM = geodesicDistance(place, measuredFrom(request));
  const ids = new Map<number, readonly string[] | null>();
  const found: Match[] = [];
  for (const [number, { from, to, confirmed }] of overlapsIn(columns, requests, request)) {
    const chunk = Math.floor(number / CHUNK_RECORDINGS);
    if (!ids.has(chunk)) ids.set(chunk, await source.ids(cameraId, chunk));
    const recordingId = ids.get(chunk)?.[number % CHUNK_RECORDINGS];
    if (!recordingId) return null;
    found.push({
      requestId: request.id,
      cameraId,
      recordingId,
      overlap: { from, to },
      overlapMs: to - from,
      distanceM,
      timeConfirmed: confirmed,
    });
  }
  const rows = await source.known(found.map(({ recordingId }) => recordingId));
  return found.every(({ recordingId }) => rows.has(recordingId)) ? found : null;
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const inOrder = (a: Match, b: Match): number =>
  a.overlap.from - b.overlap.from || compare(a.cameraId, b.cameraId) || compare(a.recordingId, b.recordingId);

/**
 * Of the cameras inside its area: by time, then camera, then recording. `wrong` is the first camera whose columns name recordings that are not
 * there.
 */
export const requestMatches = async (
  source: ColumnSource,
  requests: RequestColumns,
  request: NumberedRequest,
  inside: readonly LiveCamera[],
): Promise<{ readonly matches: readonly Match[] } | { readonly wrong: string }> => {
  const matches: Match[] = [];
  for (const camera of inside) {
    const found = await matchesIn(source, requests, request, camera);
    if (!found) return { wrong: camera.id };
    matches.push(...found);
  }
  return { matches: matches.toSorted(inOrder) };
};
