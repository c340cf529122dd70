/** The demo town's recordings, fetched from the page's own origin like anything else: through the one door. */
import * as v from 'valibot';
import { DemoTownFileSchema, type DemoRecording, type DemoTownFile } from '../contracts/demo.ts';
import type { Net } from '../contracts/net.ts';
import { failure, ok, type Result } from '../contracts/result.ts';

export interface DemoLoader {
  /** What the demo offers; `unavailable` where this hub has none. */
  describe(): Promise<Result<DemoTownFile, 'unavailable'>>;
  /** One recording as the file a person would have picked. */
  fetch(recording: DemoRecording): Promise<Result<File, 'unavailable'>>;
}

/** Null for anything but a description of a town: a hub without a demo answers with the page itself. */
const readTown = (body: Uint8Array): DemoTownFile | null => {
  try {
    const read = v.safeParse(DemoTownFileSchema, JSON.parse(new TextDecoder().decode(body)));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
};

export const createDemoLoader = (net: Net): DemoLoader => ({
  describe: async () => {
    const answer = await net.send({ purpose: 'load the demo town', method: 'GET', path: '/demo/town.json' });
    const town = answer.ok ? readTown(answer.body) : null;
    return town
      ? ok(town)
      : failure('unavailable', 'This hub offers no demo recordings. “npm start” starts one that does.');
  },
  fetch: async ({ path, lastModified }) => {
    const url = `/demo/recordings/${path.split('/').map(encodeURIComponent).join('/')}`;
    const answer = await net.send({ purpose: 'load a demo recording', method: 'GET', path: url });
    if (!answer.ok) return failure('unavailable', `The demo recording ${path} could not be loaded: ${answer.detail}`);
    return ok(new File([answer.body], path.split('/').at(-1) ?? path, { lastModified }));
  },
});
