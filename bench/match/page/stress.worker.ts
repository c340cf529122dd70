/** The engine alone on a world of millions: nothing of the scene and no peer lies in its memory. */
import { expose } from 'comlink';
import { loadKernel } from '../../../wasm/kernel.ts';
import { reference } from '../../../wasm/reference.ts';
import type { Joiner } from '../../../wasm/world.ts';
import { SIZES } from './scene.ts';
import {
  type BenchWorld,
  bruteForce,
  someCameras,
  sumsOf,
  sumsOfSome,
  type Timed,
  timed,
  worldOf,
  writeOut,
} from './world.ts';

let world: BenchWorld;
const kernel = loadKernel();
if (!kernel) throw new Error('no WebAssembly SIMD');

const runs = (joiner: Joiner): Timed =>
  timed(
    () => joiner.join(world),
    (found) => sumsOf(writeOut(world, found)),
  );

const api = {
  prepare: (name: string): void => {
    const size = SIZES[name];
    if (!size) throw new Error(name);
    world = worldOf(size);
  },
  bruteSome: (count: number): { readonly expected: string; readonly found: string } => {
    const cameras = someCameras(world, count);
    return { expected: bruteForce(world, cameras), found: sumsOfSome(world, cameras, kernel.join(world)) };
  },
  kernelRuns: (): Timed => runs(kernel),
  twinRuns: (): Timed => runs(reference),
};
export type StressApi = typeof api;

expose(api);
