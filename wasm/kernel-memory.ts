/** The kernel's memory: where each column lies, and the world laid out in it. */
import type { World } from './world.ts';

export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  parameterBlock(): number;
  prepare(): void;
  joinBlock(first: number, out: number, output: number): number;
  nearCount(): number;
}

/** The parameter block's places, in the order in which wasm/assembly/layout.ts counts them. */
const PLACES = [
  'requests',
  'cameras',
  'requestXyz',
  'inner',
  'outer',
  'windows',
  'polygon',
  'rings',
  'cameraXyz',
  'cameraLngLat',
  'firstRecording',
  'tidy',
  'from',
  'to',
  'reach',
  'keys',
  'otherKeys',
  'order',
  'otherOrder',
  'byFrom',
  'leaves',
  'leafRank',
  'branches',
  'trunks',
  'marks',
  'near',
  'nearX',
  'nearY',
  'nearZ',
  'nearInner',
  'nearOuter',
  'nearWindows',
  'nearSums',
  'held',
  'cameraOrder',
  'begin',
  'length',
  'runs',
  'output',
] as const;
export type Place = (typeof PLACES)[number];

const PAGE = 65_536;
/** The parameter block, the histogram and the block's box lie below. */
const STATIC_BYTES = 16_384;
/** Cameras that the kernel takes at once. */
export const BLOCK = 32;

const padded = (count: number): number => Math.ceil(count / 16) * 16;

export interface Sizes {
  readonly requests: number;
  readonly cameras: number;
  /** Recordings of the cameras that have most, as many as the kernel takes at once. */
  readonly recordings: number;
  /** Numbers in all requests' rings. */
  readonly rings: number;
  /** Whether matches are written out: a camera's runs then lie in a place of their own. */
  readonly whole: boolean;
}

/** Bytes of each region, in the order in which they lie; `output` is last and open-ended. */
const regions = ({ requests, cameras, recordings, rings, whole }: Sizes): readonly (readonly [Place, number])[] => {
  const sorted = Math.max(requests, cameras);
  const branches = padded(padded(requests) / 16);
  const near = 4 * (padded(requests) + 16);
  return [
    ['requestXyz', 24 * requests],
    ['inner', 8 * requests],
    ['outer', 8 * requests],
    ['windows', 16 * requests],
    ['polygon', 4 * requests],
    ['rings', 8 * rings],
    ['cameraXyz', 24 * cameras],
    ['cameraLngLat', 16 * cameras],
    ['firstRecording', 4 * (BLOCK + 1)],
    ['tidy', BLOCK],
    ['from', 8 * recordings],
    ['to', 8 * recordings],
    ['reach', 8 * recordings],
    ['keys', 8 * sorted],
    ['otherKeys', 8 * sorted],
    ['order', 4 * sorted],
    ['otherOrder', 4 * sorted],
    ['byFrom', 4 * requests],
    ['leaves', 24 * padded(requests)],
    ['leafRank', 4 * padded(requests)],
    ['branches', 24 * branches],
    ['trunks', 24 * padded(branches / 16)],
    ['marks', 8 * Math.ceil(requests / 64)],
    ['near', near],
    ['nearX', near],
    ['nearY', near],
    ['nearZ', near],
    ['nearInner', near],
    ['nearOuter', near],
    ['nearWindows', 4 * near],
    ['nearSums', 4 * near],
    ['held', near],
    ['cameraOrder', 4 * cameras],
    ['begin', 4 * cameras],
    ['length', 4 * cameras],
    ['runs', whole ? 4 * near : 0],
    ['output', 0],
  ];
};

export const bytesFor = (sizes: Sizes): number => regions(sizes).reduce((sum, [, bytes]) => sum + bytes, STATIC_BYTES);

/** No block has more recordings than the cameras that have most. */
const largestBlock = (recordings: World['recordings']): number =>
  Uint32Array.from(recordings, ({ from }) => from.length)
    .sort()
    .subarray(-BLOCK)
    .reduce((sum, count) => sum + count, 0);

export const sizesOf = ({ cameras, recordings, requests }: World, whole: boolean): Sizes => ({
  whole,
  requests: requests.count,
  cameras: cameras.count,
  recordings: largestBlock(recordings),
  rings: requests.rings.values().reduce((sum, { length }) => sum + length, 0),
});

const makeRoom = ({ memory }: KernelExports, end: number): void => {
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
};

export type Layout = Readonly<Record<Place, number>>;

/** Where each region begins, in bytes; memory is made large enough. */
export const layOut = (exports: KernelExports, sizes: Sizes): Layout => {
  let end = STATIC_BYTES;
  const places = new Map<Place, number>([
    ['requests', sizes.requests],
    ['cameras', sizes.cameras],
  ]);
  for (const [place, bytes] of regions(sizes)) {
    places.set(place, end);
    end += Math.ceil(bytes / 16) * 16;
  }
  makeRoom(exports, end);
  const values = PLACES.map((place) => places.get(place) ?? 0);
  new Uint32Array(exports.memory.buffer, exports.parameterBlock(), values.length).set(values);
  return Object.fromEntries(places) as Layout;
};

export const copyRequests = ({ memory }: KernelExports, at: Layout, requests: World['requests']): void => {
  const { count, xyz, inner, outer, window } = requests;
  const column = (place: Place, of: Float64Array, each: number): void =>
    new Float64Array(memory.buffer, at[place], each * count).set(of.subarray(0, each * count));
  column('requestXyz', xyz, 3);
  column('inner', inner, 1);
  column('outer', outer, 1);
  column('windows', window, 2);
  const polygon = new Int32Array(memory.buffer, at.polygon, count).fill(-1);
  let ring = 0;
  for (const [slot, own] of requests.rings) {
    polygon[slot] = ring;
    new Float64Array(memory.buffer, at.rings + 8 * ring, own.length).set(own);
    ring += own.length;
  }
};

export const copyCameras = ({ memory }: KernelExports, at: Layout, { count, xyz, lngLat }: World['cameras']): void => {
  new Float64Array(memory.buffer, at.cameraXyz, 3 * count).set(xyz.subarray(0, 3 * count));
  new Float64Array(memory.buffer, at.cameraLngLat, 2 * count).set(lngLat.subarray(0, 2 * count));
};

/** The recordings of one block of cameras; those of `uncounted` ones add nothing to sums. */
export const copyBlock = (
  { memory }: KernelExports,
  at: Layout,
  recordings: World['recordings'],
  first: number,
  uncounted: ReadonlySet<number>,
): void => {
  const cameras = new Uint32Array(
    memory.buffer,
    at.cameraOrder + 4 * first,
    Math.min(BLOCK, recordings.length - first),
  );
  const begin = new Uint32Array(memory.buffer, at.firstRecording, BLOCK + 1);
  const tidy = new Uint8Array(memory.buffer, at.tidy, BLOCK);
  const from = new Float64Array(memory.buffer, at.from);
  const to = new Float64Array(memory.buffer, at.to);
  let count = 0;
  for (const [i, camera] of cameras.entries()) {
    const columns = recordings[camera];
    if (!columns) continue;
    begin[i] = count;
    tidy[i] = (columns.tidy ? 1 : 0) + (uncounted.has(camera) ? 2 : 0);
    from.set(columns.from, count);
    to.set(columns.to, count);
    count += columns.from.length;
  }
  begin[cameras.length] = count;
};
