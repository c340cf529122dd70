/** Decoded frames of more than 8 bits as frames of 8: what browsers' encoders take. */

const DEPTHS: Readonly<Record<string, number>> = { I420P10: 10, I420P12: 12 };

/** A copy of the frame rounded to 8 bits, `frame` itself closed. Null, with the frame left open, when it is not 4:2:0 of more than 8. */
export const withEightBits = async (frame: VideoFrame): Promise<VideoFrame | null> => {
  const bits = DEPTHS[String(frame.format)];
  const visible = frame.visibleRect;
  if (bits === undefined || !visible) return null;
  const { width, height } = visible;
  const bytes = new Uint8Array(frame.allocationSize());
  const layout = await frame.copyTo(bytes);
  const planes = [0, 1, 2].map((plane) => ({
    ...{ columns: Math.ceil(width / (plane === 0 ? 1 : 2)), rows: Math.ceil(height / (plane === 0 ? 1 : 2)) },
    ...{ offset: layout[plane]?.offset ?? 0, stride: layout[plane]?.stride ?? 0 },
  }));
  const rounded = new Uint8Array(planes.reduce((sum, { columns, rows }) => sum + columns * rows, 0));
  const half = 1 << (bits - 9);
  let to = 0;
  for (const { columns, rows, offset, stride } of planes) {
    for (let row = 0; row < rows; row++) {
      const samples = new Uint16Array(bytes.buffer, offset + row * stride, columns);
      for (let column = 0; column < columns; column++) {
        rounded[to++] = Math.min(255, ((samples[column] ?? 0) + half) >> (bits - 8));
      }
    }
  }
  const copy = new VideoFrame(rounded, {
    ...{ format: 'I420', codedWidth: width, codedHeight: height, timestamp: frame.timestamp },
    colorSpace: frame.colorSpace,
  });
  frame.close();
  return copy;
};
