/** Every match of a world as the kernel writes it out. */

export interface Matches {
  /** Where each camera's first match lies, in bytes, and how many it has. */
  readonly begin: Uint32Array;
  readonly length: Uint32Array;
  /** Records of MATCH_BYTES: the request's slot and the number among the camera's recordings (u32), the overlap's start and end (f64). */
  readonly buffer: ArrayBufferLike;
}

export const MATCH_BYTES = 24;

/** Camera by camera, each one's by the start of the requests' windows. */
export const forEachMatch = (
  { begin, length, buffer }: Matches,
  each: (camera: number, request: number, recording: number, from: number, to: number) => void,
): void => {
  const words = new Uint32Array(buffer);
  const numbers = new Float64Array(buffer);
  for (let camera = 0; camera < begin.length; camera += 1) {
    const end = (begin[camera] ?? 0) + MATCH_BYTES * (length[camera] ?? 0);
    for (let at = begin[camera] ?? 0; at < end; at += MATCH_BYTES) {
      const [word, number] = [at / 4, at / 8];
      each(camera, words[word] ?? 0, words[word + 1] ?? 0, numbers[number + 1] ?? 0, numbers[number + 2] ?? 0);
    }
  }
};
