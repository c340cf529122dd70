/** Serves clips with byte ranges, as a player wants them, and the page that plays them. */
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export interface PlayerServer {
  /** The page on which `showFrames(url, type, times)` can be called. */
  readonly page: string;
  /** Makes a file reachable; gives its URL. */
  offer(file: string, type: string): string;
  close(): Promise<void>;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>player</title><video muted playsinline></video><script>
const until = (target, event, limit) => new Promise((done, fail) => {
  const timer = setTimeout(() => fail(new Error('no ' + event + ' within ' + limit + ' ms')), limit);
  target.addEventListener(event, () => { clearTimeout(timer); done(); }, { once: true });
  target.addEventListener('error', () => {
    clearTimeout(timer);
    fail(new Error('the player gives up: ' + (target.error ? target.error.code + ' ' + target.error.message : '?')));
  }, { once: true });
});
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
globalThis.showFrames = async (url, type, times) => {
  const video = document.querySelector('video');
  if (video.canPlayType(type) === '') return { kind: 'no-codec', why: '', pictures: [], duration: 0 };
  try {
    const ready = until(video, 'loadeddata', 20000);
    video.src = url;
    await ready;
    const canvas = document.createElement('canvas');
    canvas.width = 96;
    canvas.height = 54;
    const brush = canvas.getContext('2d', { willReadFrequently: true });
    brush.imageSmoothingQuality = 'high';
    const pictures = [];
    for (const time of times) {
      const there = until(video, 'seeked', 20000);
      video.currentTime = time;
      await there;
      await pause(120);
      brush.drawImage(video, 0, 0, 96, 54);
      const { data } = brush.getImageData(0, 0, 96, 54);
      let text = '';
      for (let at = 0; at < data.length; at += 4) {
        text += String.fromCharCode(Math.round(0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]));
      }
      pictures.push(text);
    }
    return { kind: 'shown', why: '', pictures, duration: video.duration };
  } catch (error) {
    return { kind: 'failed', why: String(error.message), pictures: [], duration: 0 };
  } finally {
    video.removeAttribute('src');
    video.load();
  }
};
</script>`;

export const startPlayerServer = async (): Promise<PlayerServer> => {
  const offered = new Map<string, { readonly file: string; readonly type: string }>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const clip = offered.get(request.url ?? '');
    if (clip) await sendRange(clip, request, response);
    else
      response
        .writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' })
        .end(request.url === '/' ? PAGE : '');
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    page: `${origin}/`,
    offer: (file, type) => {
      const path = `/clip-${offered.size}`;
      offered.set(path, { file, type });
      return origin + path;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

const sendRange = async (
  { file, type }: { readonly file: string; readonly type: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const handle = await open(file);
  const { size } = await handle.stat();
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  response.writeHead(first === '' ? 200 : 206, {
    ...{ 'content-type': type, 'accept-ranges': 'bytes', 'content-length': end - start + 1 },
    ...(first === '' ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
  });
  // A player that seeks hangs up midway; the file is closed either way.
  await pipeline(handle.createReadStream({ start, end }), response);
};
