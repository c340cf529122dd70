/** Small real H.264 files, encoded by the test browser itself, each of other bytes. */
import { BufferTarget, CanvasSource, Mp4OutputFormat, Output } from 'mediabunny';

let painted = 0;

/** Without `mfra`, the box that ends a file in fragments; its last four bytes say how long it is. */
const withoutIndex = (bytes: ArrayBuffer): ArrayBuffer =>
  bytes.slice(0, bytes.byteLength - new DataView(bytes).getUint32(bytes.byteLength - 4));

/** An MP4 of `seconds` at 10 frames a second, 160 × 90, named and dated as told. `growing`: as it is while its camera is still writing it. */
export const makeVideo = async (name: string, seconds: number, lastModified = 0, growing = false): Promise<File> => {
  const canvas = new OffscreenCanvas(160, 90);
  const context = canvas.getContext('2d');
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: growing ? 'fragmented' : false }), target });
  const source = new CanvasSource(canvas, { codec: 'avc', bitrate: 100_000 });
  output.addVideoTrack(source);
  await output.start();
  for (let frame = 0; frame < seconds * 10; frame += 1) {
    if (context) {
      context.fillStyle = `hsl(${(painted += 7) % 360} 60% 50%)`;
      context.fillRect(0, 0, 160, 90);
    }
    await source.add(frame / 10, 0.1);
  }
  await output.finalize();
  if (!target.buffer) throw new Error('the encoder gave nothing');
  const bytes = growing ? withoutIndex(target.buffer) : target.buffer;
  return new File([bytes], name, { type: 'video/mp4', lastModified });
};
