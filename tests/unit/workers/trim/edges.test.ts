/** Which encoder has the last word, how the browser's are asked, and what of an AV1 unit goes into a clip. */
import { describe, expect, it } from 'vitest';
import { failure, ok, type Result } from '../../../../src/contracts/result.ts';
import type { TrimRefusal } from '../../../../src/contracts/trim-api.ts';
import { chooseEncoder } from '../../../../workers/trim/choose-encoder.ts';
import type { EdgeEncoder, EdgeSource, EncodedEdges } from '../../../../workers/trim/edge-encoder.ts';
import { encoderConfigs } from '../../../../workers/trim/webcodecs-configs.ts';
import { onlyPictureObus } from '../../../../workers/trim/webcodecs-samples.ts';

const SOURCE: EdgeSource = {
  codec: 'avc',
  encodeAs: 'avc',
  colour: null,
  decoderConfig: { codec: 'avc1.640028' },
  sampleEntry: new Uint8Array(),
  timescale: 1000,
  width: 640,
  height: 360,
  interlaced: false,
  bitDepth: 8,
  boxes: [],
};
const EDGES: EncodedEdges = { segments: [], isDoubtful: false, sets: { sps: [], pps: [] } };

/** An encoder that gives one answer and notes that it was asked. */
const answering = (result: Result<EncodedEdges, TrimRefusal>): EdgeEncoder & { asked: number } => {
  const encoder = {
    asked: 0,
    encode: () => {
      encoder.asked++;
      return Promise.resolve(result);
    },
  };
  return encoder;
};

const ask = (encoder: EdgeEncoder) => encoder.encode(SOURCE, [], () => undefined);

describe('chooseEncoder', () => {
  const done = ok(EDGES);
  const browserCannot = failure('unsupported-codec', 'the browser cannot');
  const coreCannot = failure('unsupported-codec', 'the core cannot');
  const damaged = failure('damaged-in-window', 'damaged');

  it('leaves the core alone where the browser does it', async () => {
    const core = answering(done);
    expect(await ask(chooseEncoder('auto', answering(done), core))).toBe(done);
    expect(core.asked).toBe(0);
  });

  it('lets the core have the last word on what the browser could not do', async () => {
    expect(await ask(chooseEncoder('auto', answering(browserCannot), answering(done)))).toBe(done);
    expect(await ask(chooseEncoder('auto', answering(browserCannot), answering(damaged)))).toBe(damaged);
  });

  it('tells the browser’s reason where the core does not know the codec at all', async () => {
    expect(await ask(chooseEncoder('auto', answering(browserCannot), answering(coreCannot)))).toBe(browserCannot);
  });

  it('asks no other than the one that was named', async () => {
    const browser = answering(browserCannot);
    const core = answering(done);
    expect(await ask(chooseEncoder('webcodecs', browser, core))).toBe(browserCannot);
    expect(core.asked).toBe(0);
    expect(await ask(chooseEncoder('ffmpeg', browser, core))).toBe(done);
    expect(browser.asked).toBe(1);
  });
});

describe('encoderConfigs', () => {
  const shape = { width: 1920, height: 1080, framesPerSecond: 15, sourceBitrate: 2_000_000 };

  it('asks for an H.264 level that holds the picture, and for more bits than the camera used', () => {
    const level = (width: number, height: number, framesPerSecond: number): string | undefined =>
      encoderConfigs({ codec: 'avc', bitDepth: 8 }, { ...shape, width, height, framesPerSecond })[0]?.codec;
    expect(level(1280, 720, 30)).toBe('avc1.64001f');
    expect(level(1920, 1080, 30)).toBe('avc1.640028');
    expect(level(1920, 1080, 60)).toBe('avc1.640033');
    expect(level(3840, 2160, 60)).toBe('avc1.640034');
    const rich = encoderConfigs({ codec: 'avc', bitDepth: 8 }, { ...shape, sourceBitrate: 20_000_000 });
    expect(rich[0]?.bitrate).toBe(60_000_000);
    expect(encoderConfigs({ codec: 'avc', bitDepth: 8 }, shape)[0]?.bitrate).toBe((1920 * 1080 * 15) / 2);
  });

  it('asks for nothing that would lose bits or that no browser encodes', () => {
    for (const codec of ['avc', 'vp9', 'av1'] as const)
      expect(encoderConfigs({ codec, bitDepth: 10 }, shape)).toEqual([]);
    expect(encoderConfigs({ codec: 'hevc', bitDepth: 8 }, shape)).toEqual([]);
  });
});

describe('onlyPictureObus', () => {
  const obu = (type: number, ...body: number[]): number[] => [(type << 3) | 2, body.length, ...body];

  it('drops delimiters, metadata and padding, and keeps the rest in order', () => {
    const sequence = obu(1, 10, 11);
    const frame = obu(6, ...Array.from({ length: 100 }, (_, index) => index));
    const unit = Uint8Array.of(...obu(2), ...sequence, ...obu(5, 1, 2, 3), ...frame, ...obu(15, 0, 0));
    expect(onlyPictureObus(unit)).toEqual(Uint8Array.of(...sequence, ...frame));
  });

  it('follows long sizes and layer bytes', () => {
    const body = Array.from({ length: 300 }, (_, index) => index & 0xff);
    const long = [(6 << 3) | 2, 0xac, 0x02, ...body];
    const layered = [(3 << 3) | 4 | 2, 0x20, 2, 7, 8];
    expect(onlyPictureObus(Uint8Array.of(...obu(2), ...long, ...layered))).toEqual(Uint8Array.of(...long, ...layered));
  });

  it('leaves a unit alone whose structure it cannot follow', () => {
    const sizeless = Uint8Array.of(6 << 3, 1, 2, 3);
    const short = Uint8Array.of((6 << 3) | 2, 50, 1, 2);
    expect(onlyPictureObus(sizeless)).toBe(sizeless);
    expect(onlyPictureObus(short)).toBe(short);
  });
});
