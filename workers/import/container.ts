/** Which kind of file this is, by its first bytes: to tell a person what they picked when it cannot be taken. */

const HEAD_BYTES = 400;

/** Whether the bytes at `at` are those of `text`, one byte a character. */
const startsWith = (head: Uint8Array, at: number, text: string): boolean =>
  String.fromCharCode(...head.subarray(at, at + text.length)) === text;

/** MPEG-TS packets are 188 bytes and begin with 0x47 (ISO/IEC 13818-1 §2.4.3.2); AVCHD puts four bytes before each. */
const isTransportStream = (head: Uint8Array): boolean =>
  (head[0] === 0x47 && head[188] === 0x47) || (head[4] === 0x47 && head[196] === 0x47);

/**
 * The name of a video container that is not taken, or null. Transport streams are among them because their clock starts anywhere: the first
 * frame of a file may be at 112 s, so that a start written in its name would be placed wrongly.
 */
export const foreignContainer = async (file: Blob): Promise<string | null> => {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (isTransportStream(head)) return 'an MPEG transport stream (.ts, .mts)';
  if (startsWith(head, 0, 'RIFF') && startsWith(head, 8, 'AVI ')) return 'an AVI file';
  if (startsWith(head, 0, '\u0000\u0000\u0001\u00ba'))
    return 'an MPEG program stream, as some recorders keep on their disks';
  if (startsWith(head, 0, 'FLV')) return 'a Flash video';
  if (startsWith(head, 0, '\u0030\u0026\u00b2\u0075')) return 'a Windows Media file';
  return null;
};

/** Whether the file begins with an ISO base media box that fits into it: text that happens to contain `ftyp` does not. */
export const beginsWithBox = async (file: Blob): Promise<boolean> => {
  const head = new DataView(await file.slice(0, 8).arrayBuffer());
  return head.byteLength === 8 && head.getUint32(0) <= file.size;
};
