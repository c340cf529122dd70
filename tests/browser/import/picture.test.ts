/** The small picture of a recording's first frame: a decoder that falls silent is given up and closed. */
import { afterEach, expect, it, vi } from 'vitest';
import { thumbnailOfPicture } from '../../../workers/import/picture.ts';

/** No real decoder falls silent at will. */
class SilentDecoder {
  static readonly made: SilentDecoder[] = [];
  static isConfigSupported(): Promise<VideoDecoderSupport> {
    return Promise.resolve({ supported: true, config: { codec: 'avc1.42001e' } });
  }
  state: CodecState = 'configured';
  #reject: (error: Error) => void = () => undefined;
  constructor() {
    SilentDecoder.made.push(this);
  }
  configure(): void {}
  decode(): void {}
  flush(): Promise<void> {
    return new Promise((_, reject) => {
      this.#reject = reject;
    });
  }
  close(): void {
    this.state = 'closed';
    this.#reject(new DOMException('closed', 'AbortError'));
  }
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('there is no picture, and nothing of the decoder is left', async () => {
  vi.stubGlobal('VideoDecoder', SilentDecoder);
  vi.useFakeTimers();
  const picture = thumbnailOfPicture({ kind: 'coded', codec: 'avc1.42001e', bytes: new Uint8Array(8) });
  await vi.waitFor(() => expect(SilentDecoder.made).toHaveLength(1));
  expect(SilentDecoder.made[0]?.state).toBe('configured');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await picture).toBeNull();
  expect(SilentDecoder.made[0]?.state).toBe('closed');
});
