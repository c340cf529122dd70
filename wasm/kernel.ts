/** Loads the match kernel once, gives it worlds to compare, and takes runs or matches back. */
import { KERNEL } from 'virtual:match-kernel';
import { isInside } from './inside.ts';
import {
  BLOCK,
  bytesFor,
  copyBlock,
  copyCameras,
  copyRequests,
  type KernelExports,
  type Layout,
  layOut,
  type Place,
  sizesOf,
} from './kernel-memory.ts';
import { matchColumns, type Matches } from './matches.ts';
import type { Joiner, Survey, World } from './world.ts';

/** Memory over this is given back when a join needs less than a quarter of it. */
const KEEP_BYTES = 16 * 1024 * 1024;

/** The world that the kernel's `refine` is asked about. */
interface Asked {
  world: World | null;
}

interface Loaded {
  readonly exports: KernelExports;
  readonly asked: Asked;
}

/** What wasm/assembly/kernel.ts is to put out. */
const RUNS = 0;
const MATCHES = 1;
const SUMS = 2;
type OutputKind = typeof RUNS | typeof MATCHES | typeof SUMS;

const NONE: ReadonlySet<number> = new Set();

/** Where the runs, matches or slots of the cameras lie. */
interface Output {
  readonly buffer: ArrayBuffer;
  readonly output: number;
  readonly begin: Uint32Array;
  readonly length: Uint32Array;
}

/** Of the requests near a block of cameras: slots, and for each the covered milliseconds, then as two words recordings and cameras. */
const nearSums = ({ memory, nearCount }: KernelExports, at: Layout) => ({
  slots: new Uint32Array(memory.buffer, at.near, nearCount()),
  covered: new Float64Array(memory.buffer, at.nearSums, 2 * nearCount()),
  counts: new Uint32Array(memory.buffer, at.nearSums, 4 * nearCount()),
});

const tell = (
  survey: Survey,
  cameras: Uint32Array,
  { buffer, output, begin, length }: Output,
  { slots, covered, counts }: ReturnType<typeof nearSums>,
): void => {
  const around = new Uint32Array(buffer, output);
  for (const camera of cameras) survey.around(camera, around, 4 * (begin[camera] ?? 0), length[camera] ?? 0);
  for (let i = 0; i < slots.length; i += 1) {
    const inside = counts[4 * i + 3] ?? 0;
    if (inside > 0) survey.add(slots[i] ?? 0, inside, counts[4 * i + 2] ?? 0, covered[2 * i] ?? 0);
  }
};

let compiled: WebAssembly.Module | null = null;

/** Throws a CompileError where the browser has no SIMD. */
const load = (): Loaded => {
  compiled ??= new WebAssembly.Module(KERNEL);
  const asked: Asked = { world: null };
  const refine = (camera: number, request: number): number =>
    asked.world !== null && isInside(asked.world.cameras, camera, asked.world.requests, request) ? 1 : 0;
  const { exports } = new WebAssembly.Instance(compiled, { inside: { refine } });
  return { exports: exports as unknown as KernelExports, asked };
};

export interface Kernel extends Joiner {
  /** Every match written out; like the runs they lie in the kernel's own memory. Throws a RangeError as `join` does. */
  matches(world: World): Matches;
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
  /** What the last output took. */
  let written = 0;

  /**
   * Lays the world out and compares it. `begin` counts sixteens of bytes from `output`. What is told block by block makes room for the next
   * block's.
   */
  const run = (world: World, kind: OutputKind, survey?: Survey): Output => {
    const sizes = sizesOf(world, kind === MATCHES);
    const have = loaded.exports.memory.buffer.byteLength;
    if (have > KEEP_BYTES && have > 4 * (bytesFor(sizes) + written)) loaded = load();
    const { exports, asked } = loaded;
    const at = layOut(exports, sizes);
    copyRequests(exports, at, world.requests);
    copyCameras(exports, at, world.cameras);
    asked.world = world;
    exports.prepare();
    const own = (place: Place): Uint32Array => new Uint32Array(exports.memory.buffer, at[place], sizes.cameras);
    const outputNow = (): Output => ({
      buffer: exports.memory.buffer,
      output: at.output,
      begin: own('begin'),
      length: own('length'),
    });
    written = 0;
    for (let first = 0; first < sizes.cameras; first += BLOCK) {
      copyBlock(exports, at, world.recordings, first, survey?.uncounted ?? NONE);
      const end = exports.joinBlock(first, at.output + (survey ? 0 : written), kind) >>> 0;
      if (end === 0) {
        asked.world = null;
        throw new RangeError('There is not enough memory to compare so much at once.');
      }
      written = survey ? Math.max(written, end - at.output) : end - at.output;
      if (survey) tell(survey, own('cameraOrder').subarray(first, first + BLOCK), outputNow(), nearSums(exports, at));
    }
    asked.world = null;
    return outputNow();
  };

  return {
    name: 'kernel',
    survey: (world, survey) => void run(world, SUMS, survey),
    join: (world) => {
      const { buffer, output, begin, length } = run(world, RUNS);
      return { begin, length, rows: new Uint32Array(buffer, output, written / 4) };
    },
    matches: (world) => {
      const { buffer, output, begin, length } = run(world, MATCHES);
      return {
        count: length.reduce((sum, count) => sum + count, 0),
        of: (camera) => matchColumns(buffer, output + 16 * (begin[camera] ?? 0), length[camera] ?? 0),
      };
    },
  };
};
