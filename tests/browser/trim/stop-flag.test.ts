/** Whoever cancels a cut does not wait for the picture that is being encoded: the real core, told in the middle of one. */
import { expect, test } from 'vitest';
import coreUrl from '@ffmpeg/core?url';
import wasmUrl from '@ffmpeg/core/wasm?url';
import { stoppable } from '../../../workers/trim/stop-flag.ts';

interface Core {
  exec(...args: string[]): number;
  FS: { stat(path: string): { readonly size: number } };
}

type CreateCore = (options: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}) => Promise<Core>;

/** `onCopy` is called for each large copy, before what `stoppable` does with it. */
const loadCore = async (onCopy: () => void): Promise<Core> => {
  const { default: createCore } = (await import(/* @vite-ignore */ coreUrl)) as { default: CreateCore };
  const module = await WebAssembly.compileStreaming(fetch(wasmUrl));
  return createCore({
    instantiateWasm: (imports, receive) => {
      const counted = Object.fromEntries(
        Object.entries(stoppable(imports)).map(([space, values]) => [
          space,
          Object.fromEntries(
            Object.entries(values).map(([name, value]) => [
              name,
              value !== imports[space]?.[name] && typeof value === 'function'
                ? (...args: unknown[]) => {
                    onCopy();
                    return (value as (...args: unknown[]) => unknown)(...args);
                  }
                : value,
            ]),
          ),
        ]),
      );
      void WebAssembly.instantiate(module, counted).then((instance) => receive(instance, module));
      return {};
    },
  });
};

const TWO_PICTURES = ['-nostdin', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=15', '-frames:v', '2'];

test('an encoder is stopped in the middle of a picture', async () => {
  let copies = 0;
  const flag = new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
  let stopAt = Infinity;
  const core = await loadCore(() => {
    copies += 1;
    if (copies === stopAt) Atomics.store(flag, 0, 1);
  });
  dispatchEvent(new MessageEvent('message', { data: { type: 'stop-flag', flag } }));
  expect(core.exec(...TWO_PICTURES, '-c:v', 'libx264', 'whole.mp4')).toBe(0);
  const needed = copies;
  expect(core.FS.stat('whole.mp4').size).toBeGreaterThan(1_000);
  // Many for each picture, or nothing would be gained by asking with each.
  expect(needed).toBeGreaterThan(200);

  stopAt = copies + Math.floor(needed / 2);
  expect(() => core.exec(...TWO_PICTURES, '-c:v', 'libx264', 'half.mp4')).toThrow('stopped');
  expect(copies).toBe(stopAt);
});
