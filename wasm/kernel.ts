/** Loads the match kernel once, lays the columns out in its memory, and takes the runs back. */
import { KERNEL } from 'virtual:match-kernel';
import { isInside } from './inside.ts';
import { RUN_WORDS, type Joiner, type Runs, type World } from './world.ts';

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  parameterBlock(): number;
  join(): number;
  expand(
    camera: number,
    runs: number,
    count: number,
    requests: number,
    recordings: number,
    starts: number,
    ends: number,
  ): number;
}

/** The parameter block's places, in the order in which wasm/assembly/kernel.ts counts them. */
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
  'cameraOrder',
  'runBegin',
  'runLength',
  'runs',
] as const;
type Place = (typeof PLACES)[number];

const PAGE = 65_536;
/** The parameter block, the histogram and the block's box lie below. */
const STATIC_BYTES = 16_384;
/** Memory over this is given back when a join needs less than a quarter of it. */
const KEEP_BYTES = 64 * 1024 * 1024;

const padded = (count: number): number => Math.ceil(count / 16) * 16;

interface Sizes {
  readonly requests: number;
  readonly cameras: number;
  readonly recordings: number;
  /** Numbers in all requests' rings. */
  readonly rings: number;
}

/** Bytes of each region, in the order in which they lie; `runs` is last and open-ended. */
const regions = ({ requests, cameras, recordings, rings }: Sizes): readonly (readonly [Place, number])[] => {
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
    ['firstRecording', 4 * (cameras + 1)],
    ['tidy', cameras],
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
    ['cameraOrder', 4 * cameras],
    ['runBegin', 4 * cameras],
    ['runLength', 4 * cameras],
    ['runs', 0],
  ];
};

const bytesFor = (sizes: Sizes): number => regions(sizes).reduce((sum, [, bytes]) => sum + bytes, STATIC_BYTES);

/** The world that the kernel's `refine` is asked about. */
interface Asked {
  world: World | null;
}

interface Loaded {
  readonly exports: KernelExports;
  readonly asked: Asked;
}

let compiled: WebAssembly.Module | null = null;

/** Throws a CompileError where the browser has no SIMD. */
const load = (): Loaded => {
  compiled ??= new WebAssembly.Module(KERNEL);
  const asked: Asked = { world: null };
  const refine = (camera: number, request: number): number =>
    asked.world !== null && isInside(asked.world.cameras, camera, asked.world.requests, request) ? 1 : 0;
  const { exports } = new WebAssembly.Instance(compiled, { kernel: { refine } });
  return { exports: exports as unknown as KernelExports, asked };
};

const sizesOf = ({ cameras, recordings, requests }: World): Sizes => ({
  requests: requests.count,
  cameras: cameras.count,
  recordings: recordings.reduce((sum, { from }) => sum + from.length, 0),
  rings: requests.rings.reduce((sum, rings) => sum + (rings?.length ?? 0), 0),
});

/** Where each region begins, in bytes; memory is made large enough. */
const layOut = ({ memory, parameterBlock }: KernelExports, sizes: Sizes): Readonly<Record<Place, number>> => {
  const block = parameterBlock();
  let end = STATIC_BYTES;
  const places = new Map<Place, number>([
    ['requests', sizes.requests],
    ['cameras', sizes.cameras],
  ]);
  for (const [place, bytes] of regions(sizes)) {
    places.set(place, end);
    end += Math.ceil(bytes / 16) * 16;
  }
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
  const values = PLACES.map((place) => places.get(place) ?? 0);
  new Uint32Array(memory.buffer, block, values.length).set(values);
  return Object.fromEntries(places) as Record<Place, number>;
};

const copyIn = ({ memory }: KernelExports, at: Readonly<Record<Place, number>>, world: World, sizes: Sizes): void => {
  const { cameras, recordings, requests } = world;
  const f64 = (place: Place, count: number): Float64Array => new Float64Array(memory.buffer, at[place], count);
  const u32 = (place: Place, count: number): Uint32Array => new Uint32Array(memory.buffer, at[place], count);
  f64('requestXyz', 3 * requests.count).set(requests.xyz.subarray(0, 3 * requests.count));
  f64('inner', requests.count).set(requests.inner.subarray(0, requests.count));
  f64('outer', requests.count).set(requests.outer.subarray(0, requests.count));
  f64('windows', 2 * requests.count).set(requests.window.subarray(0, 2 * requests.count));
  f64('cameraXyz', 3 * cameras.count).set(cameras.xyz.subarray(0, 3 * cameras.count));
  f64('cameraLngLat', 2 * cameras.count).set(cameras.lngLat.subarray(0, 2 * cameras.count));

  const polygon = new Int32Array(memory.buffer, at.polygon, requests.count);
  const rings = f64('rings', sizes.rings);
  let ring = 0;
  for (let i = 0; i < requests.count; i += 1) {
    const own = requests.rings[i];
    polygon[i] = own ? ring : -1;
    if (!own) continue;
    rings.set(own, ring);
    ring += own.length;
  }

  const first = u32('firstRecording', cameras.count + 1);
  const tidy = new Uint8Array(memory.buffer, at.tidy, cameras.count);
  const [from, to, reach] = [
    f64('from', sizes.recordings),
    f64('to', sizes.recordings),
    f64('reach', sizes.recordings),
  ];
  let recording = 0;
  for (const [i, columns] of recordings.entries()) {
    first[i] = recording;
    tidy[i] = columns.tidy ? 1 : 0;
    from.set(columns.from, recording);
    to.set(columns.to, recording);
    reach.set(columns.reach, recording);
    recording += columns.from.length;
  }
  first[cameras.count] = recording;
};

export interface Matches {
  readonly request: Uint32Array;
  /** Counted over all cameras' recordings, in the order of the world. */
  readonly recording: Uint32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
}

export interface Kernel extends Joiner {
  /** Every match of the last world that was joined, written out in columns. Call it right after `join`. */
  expand(runs: Runs): Matches;
}

/** Null where the browser has no WebAssembly SIMD: use the twin. */
export const loadKernel = (): Kernel | null => {
  let loaded: Loaded;
  try {
    loaded = load();
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  }
  let runsAt = 0;
  return {
    name: 'kernel',
    join: (world) => {
      const sizes = sizesOf(world);
      const have = loaded.exports.memory.buffer.byteLength;
      if (have > KEEP_BYTES && have > 4 * bytesFor(sizes)) loaded = load();
      const { exports, asked } = loaded;
      const at = layOut(exports, sizes);
      copyIn(exports, at, world, sizes);
      asked.world = world;
      const count = exports.join();
      asked.world = null;
      if (count < 0) throw new RangeError('There is not enough memory to compare so much at once.');
      runsAt = at.runs;
      const words = (place: Place, length: number): Uint32Array =>
        new Uint32Array(exports.memory.buffer, at[place], length).slice();
      return {
        begin: words('runBegin', sizes.cameras),
        length: words('runLength', sizes.cameras),
        rows: words('runs', count * RUN_WORDS),
      };
    },
    expand: ({ begin, length, rows }) => {
      const { exports } = loaded;
      let total = 0;
      for (let i = 3; i < rows.length; i += RUN_WORDS) total += rows[i] ?? 0;
      const requests = Math.ceil((runsAt + 4 * rows.length) / 16) * 16;
      const recordings = requests + Math.ceil(total / 4) * 16;
      const starts = recordings + Math.ceil(total / 4) * 16;
      const ends = starts + Math.ceil(total / 2) * 16;
      const missing = Math.ceil((ends + 8 * total - exports.memory.buffer.byteLength) / PAGE);
      if (missing > 0) exports.memory.grow(missing);
      let done = 0;
      for (let camera = 0; camera < begin.length; camera += 1) {
        const runs = runsAt + 16 * (begin[camera] ?? 0);
        done += exports.expand(
          camera,
          runs,
          length[camera] ?? 0,
          requests + 4 * done,
          recordings + 4 * done,
          starts + 8 * done,
          ends + 8 * done,
        );
      }
      const { buffer } = exports.memory;
      return {
        request: new Uint32Array(buffer, requests, done),
        recording: new Uint32Array(buffer, recordings, done),
        from: new Float64Array(buffer, starts, done),
        to: new Float64Array(buffer, ends, done),
      };
    },
  };
};
