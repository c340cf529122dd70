/** Walks the boxes of an MP4 or the elements of a WebM file, knowing nothing of how clips are written, only what may be in one. */

const CONTAINERS = new Set(['moov', 'trak', 'edts', 'mdia', 'minf', 'dinf', 'stbl']);
const MP4_BOXES = new Set(
  'ftyp moov mvhd trak tkhd edts elst mdia mdhd hdlr minf vmhd smhd dinf dref stbl stsd stts ctts stss stsc stsz stco co64 mdat'.split(
    ' ',
  ),
);
/** What may follow the fixed fields of a sample entry. */
const ENTRY_BOXES = new Set(
  'avcC hvcC vpcC av1C esds dOps dac3 dec3 dfLa damr pasp colr chan wave btrt enda pcmC SmDm CoLL mdcv clli'.split(' '),
);
const VISUAL_ENTRY_BYTES = 78;

/** Problems found in the file's structure, each a sentence; none when every byte has a known, permitted owner. */
export const structureProblems = (file: Buffer): readonly string[] =>
  file.readUInt32BE(0) === 0x1a45dfa3 ? ebmlProblems(file, 0, file.length, '') : mp4Problems(file, 0, file.length, '');

const mp4Problems = (file: Buffer, from: number, to: number, path: string): string[] => {
  const problems: string[] = [];
  let at = from;
  while (at < to) {
    if (at + 8 > to) return [...problems, `${to - at} stray bytes at ${at} in ${path || 'the file'}`];
    const short = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(file.readBigUInt64BE(at + 8)) : short;
    if (size < header || at + size > to) return [...problems, `box ${path}${type} at ${at} has the size ${size}`];
    if (!MP4_BOXES.has(type)) problems.push(`box ${path}${type} at ${at}`);
    const body = file.subarray(at + header, at + size);
    problems.push(...fieldProblems(type, body));
    if (CONTAINERS.has(type)) problems.push(...mp4Problems(file, at + header, at + size, `${path}${type}/`));
    at += size;
  }
  return problems;
};

const fieldProblems = (type: string, body: Buffer): readonly string[] => {
  if (type === 'mvhd' || type === 'tkhd' || type === 'mdhd') {
    const times = body[0] === 1 ? body.subarray(4, 20) : body.subarray(4, 12);
    return times.some((byte) => byte !== 0) ? [`a time of making in ${type}`] : [];
  }
  if (type === 'hdlr') return body.subarray(24).some((byte) => byte !== 0) ? ['a name in hdlr'] : [];
  if (type === 'stsd') return entryProblems(body.subarray(8));
  return [];
};

/** Sample entries: the boxes behind the fixed fields, which are 78 bytes for pictures and 28 (20, 36) for sound. */
const entryProblems = (entries: Buffer): readonly string[] => {
  const problems: string[] = [];
  let at = 0;
  while (at + 8 <= entries.length) {
    const size = entries.readUInt32BE(at);
    const type = entries.toString('latin1', at + 4, at + 8);
    if (size < 16 || at + size > entries.length) return [...problems, `sample entry ${type} has the size ${size}`];
    const body = entries.subarray(at + 8, at + size);
    const isVisual = /^(avc|hvc|hev|vp0|av01|mp4v|jpeg|mjp)/.test(type);
    if (isVisual && body.subarray(42, 74).some((byte) => byte !== 0)) problems.push(`a compressor's name in ${type}`);
    const soundVersion = isVisual ? 0 : body.readUInt16BE(8);
    let inner = isVisual ? VISUAL_ENTRY_BYTES : 28 + (soundVersion === 1 ? 16 : soundVersion === 2 ? 36 : 0);
    while (inner + 8 <= body.length) {
      const innerSize = body.readUInt32BE(inner);
      const innerType = body.toString('latin1', inner + 4, inner + 8);
      if (!ENTRY_BOXES.has(innerType)) problems.push(`box ${type}/${innerType}`);
      if (innerSize < 8 || inner + innerSize > body.length) problems.push(`box ${type}/${innerType} has no good size`);
      inner += Math.max(8, innerSize);
    }
    at += size;
  }
  return problems;
};

/** Element identifiers of Matroska (RFC 9559) that a clip may have; those with `true` hold others. */
const EBML_ELEMENTS: Readonly<Record<string, boolean>> = {
  '1a45dfa3': true,
  '4286': false,
  '42f7': false,
  '42f2': false,
  '42f3': false,
  '4282': false,
  '4287': false,
  '4285': false,
  '18538067': true,
  '1549a966': true,
  '2ad7b1': false,
  '4489': false,
  '4d80': false,
  '5741': false,
  '1654ae6b': true,
  ae: true,
  d7: false,
  '73c5': false,
  '83': false,
  '86': false,
  '63a2': false,
  '9c': false,
  '22b59c': false,
  '88': false,
  '55aa': false,
  b9: false,
  '23e383': false,
  '56aa': false,
  '56bb': false,
  e0: true,
  b0: false,
  ba: false,
  '54b0': false,
  '54ba': false,
  '54b2': false,
  '55b0': true,
  '7670': true,
  '7671': false,
  '7672': false,
  '7673': false,
  '7674': false,
  '7675': false,
  e1: true,
  b5: false,
  '9f': false,
  '6264': false,
  '1c53bb6b': true,
  bb: true,
  b3: false,
  b7: true,
  f7: false,
  f1: false,
  f0: false,
  '5378': false,
  '1f43b675': true,
  e7: false,
  a3: false,
  a0: true,
  a1: false,
  '9b': false,
  fb: false,
  '75a2': false,
};
const EMPTY_TEXTS = new Set(['4d80', '5741']);

const ebmlProblems = (file: Buffer, from: number, to: number, path: string): string[] => {
  const problems: string[] = [];
  let at = from;
  while (at < to) {
    const idLength = Math.clz32(file[at] ?? 0) - 23;
    const sizeAt = at + idLength;
    const sizeLength = Math.clz32(file[sizeAt] ?? 0) - 23;
    const dataAt = sizeAt + sizeLength;
    if (idLength > 4 || sizeLength > 8 || dataAt > to)
      return [...problems, `no element at ${at} in ${path || 'the file'}`];
    const id = file.toString('hex', at, sizeAt);
    const first = BigInt(file[sizeAt] ?? 0) & ((1n << BigInt(8 - sizeLength)) - 1n);
    let size = first;
    for (let index = 1; index < sizeLength; index++) size = (size << 8n) | BigInt(file[sizeAt + index] ?? 0);
    const end = dataAt + Number(size);
    if (end > to) return [...problems, `element ${path}${id} at ${at} has no good size`];
    const holds = EBML_ELEMENTS[id];
    if (holds === undefined) problems.push(`element ${path}${id} at ${at}`);
    if (EMPTY_TEXTS.has(id) && end > dataAt) problems.push(`a program's name in ${path}${id}`);
    if (holds) problems.push(...ebmlProblems(file, dataAt, end, `${path}${id}/`));
    at = end;
  }
  return problems;
};
