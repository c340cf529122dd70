/** Small real H.264 files, encoded by the test browser itself, each of other bytes. */
import { BufferTarget, CanvasSource, Mp4OutputFormat, Output } from 'mediabunny';

let painted = 0;

/** An MP4 of `seconds` at 10 frames a second, 160 × 90, named and dated as told. */
export const makeVideo = async (name: string, seconds: number, lastModified = 0): Promise<File> => {
  const canvas = new OffscreenCanvas(160, 90);
  const context = canvas.getContext('2d');
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
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
  return new File([target.buffer], name, { type: 'video/mp4', lastModified });
};
