/** The demo town's recordings, fetched from the page's own origin like anything else: through the one door. */
import type { DemoRecording, DemoTownFile } from '../contracts/demo.ts';
import type { Net } from '../contracts/net.ts';
import { failure, ok, type Result } from '../contracts/result.ts';

export interface DemoLoader {
  /** What the demo offers; `unavailable` where this hub has none. */
  describe(): Promise<Result<DemoTownFile, 'unavailable'>>;
  /** One recording as the file a person would have picked. */
  fetch(recording: DemoRecording): Promise<Result<File, 'unavailable'>>;
}

export const createDemoLoader = (net: Net): DemoLoader => ({
  describe: async () => {
    const answer = await net.send({ purpose: 'load the demo town', method: 'GET', path: '/demo/town.json' });
    if (!answer.ok || !answer.headers.get('content-type')?.includes('json')) {
      return failure('unavailable', 'This hub offers no demo recordings. Start it with “npm start” to get them.');
    }
    return ok(JSON.parse(new TextDecoder().decode(answer.body)) as DemoTownFile);
  },
  fetch: async ({ path, lastModified }) => {
    const url = `/demo/recordings/${path.split('/').map(encodeURIComponent).join('/')}`;
    const answer = await net.send({ purpose: 'load a demo recording', method: 'GET', path: url });
    if (!answer.ok) return failure('unavailable', `The demo recording ${path} could not be loaded: ${answer.detail}`);
    return ok(new File([answer.body], path.split('/').at(-1) ?? path, { lastModified }));
  },
});
