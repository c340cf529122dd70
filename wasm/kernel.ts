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
  layOut,
  type Place,
  sizesOf,
} from './kernel-memory.ts';
import { matchColumns, type Matches } from './matches.ts';
import type { Joiner, World } from './world.ts';

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

  /** Lays the world out and compares it. `begin` counts sixteens of bytes from `output`. */
  const run = (world: World, whole: boolean) => {
    const sizes = sizesOf(world, whole);
    const have = loaded.exports.memory.buffer.byteLength;
    if (have > KEEP_BYTES && have > 4 * (bytesFor(sizes) + written)) loaded = load();
    const { exports, asked } = loaded;
    const at = layOut(exports, sizes);
    copyRequests(exports, at, world.requests);
    copyCameras(exports, at, world.cameras);
    asked.world = world;
    exports.prepare();
    let out = at.output;
    for (let first = 0; first < sizes.cameras && out !== 0; first += BLOCK) {
      copyBlock(exports, at, world.recordings, first);
      out = exports.joinBlock(first, out, whole ? 1 : 0) >>> 0;
    }
    asked.world = null;
    if (out === 0) throw new RangeError('There is not enough memory to compare so much at once.');
    written = out - at.output;
    const { buffer } = exports.memory;
    const own = (place: Place): Uint32Array => new Uint32Array(buffer, at[place], sizes.cameras);
    return { buffer, output: at.output, begin: own('begin'), length: own('length') };
  };

  return {
    name: 'kernel',
    join: (world) => {
      const { buffer, output, begin, length } = run(world, false);
      return { begin, length, rows: new Uint32Array(buffer, output, written / 4) };
    },
    matches: (world) => {
      const { buffer, output, begin, length } = run(world, true);
      return {
        count: length.reduce((sum, count) => sum + count, 0),
        of: (camera) => matchColumns(buffer, output + 16 * (begin[camera] ?? 0), length[camera] ?? 0),
      };
    },
  };
};
