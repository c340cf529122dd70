/** Whether an MPEG transport stream announces sound that mediabunny does not show, such as AAC in LATM. */

const SYNC_BYTE = 0x47;
const PACKET_BYTES = 188;
/** Program tables are sent many times a second: this far into the file each has been there. */
const HEAD_BYTES = 1 << 20;

/** Stream types that are always sound (ISO/IEC 13818-1 table 2-34; ATSC A/52 and A/53; Blu-ray's private ones). */
const SOUND_TYPES = new Set([0x03, 0x04, 0x0f, 0x11, 0x1c, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x8a, 0x91]);

/** False for what is no transport stream. */
export const announcesSound = async (source: Blob): Promise<boolean> => {
  const head = new Uint8Array(await source.slice(0, HEAD_BYTES).arrayBuffer());
  // Packets of 188 bytes, with 4 bytes of arrival time before them (M2TS) or 16 of error correction behind them.
  const layout = [PACKET_BYTES, PACKET_BYTES + 4, PACKET_BYTES + 16]
    .map((step) => ({ step, start: step === PACKET_BYTES + 4 ? 4 : 0 }))
    .find(({ step, start }) => [0, 1, 2, 3].every((index) => head[start + index * step] === SYNC_BYTE));
  if (!layout) return false;
  const programMaps = new Set<number>();
  for (let at = layout.start; at + PACKET_BYTES <= head.length; at += layout.step) {
    const section = sectionStart(head.subarray(at, at + PACKET_BYTES));
    if (!section) continue;
    if (section.pid === 0) for (const pid of programMapPids(section.bytes)) programMaps.add(pid);
    else if (programMaps.has(section.pid) && hasSoundStream(section.bytes)) return true;
  }
  return false;
};

/** The table section that begins in a packet (§2.4.3.2, 2.4.4); null when none does. */
const sectionStart = (packet: Uint8Array): { readonly pid: number; readonly bytes: Uint8Array } | null => {
  const [sync = 0, high = 0, low = 0, control = 0, adaptation = 0] = packet;
  if (sync !== SYNC_BYTE || (high & 0x40) === 0 || (control & 0x10) === 0) return null;
  const payload = 4 + ((control & 0x20) > 0 ? 1 + adaptation : 0);
  const bytes = packet.subarray(payload + 1 + (packet[payload] ?? 0));
  const length = (((bytes[1] ?? 0) & 0xf) << 8) | (bytes[2] ?? 0);
  return { pid: ((high & 0x1f) << 8) | low, bytes: bytes.subarray(0, Math.max(0, length + 3 - 4)) };
};

/** Program association section (§2.4.4.3). */
const programMapPids = (section: Uint8Array): readonly number[] => {
  const pids: number[] = [];
  if (section[0] !== 0) return pids;
  for (let at = 8; at + 4 <= section.length; at += 4) {
    const program = ((section[at] ?? 0) << 8) | (section[at + 1] ?? 0);
    if (program !== 0) pids.push((((section[at + 2] ?? 0) & 0x1f) << 8) | (section[at + 3] ?? 0));
  }
  return pids;
};

/** Program map section (§2.4.4.8). */
const hasSoundStream = (section: Uint8Array): boolean => {
  if (section[0] !== 2) return false;
  const info = (((section[10] ?? 0) & 0xf) << 8) | (section[11] ?? 0);
  for (let at = 12 + info; at + 5 <= section.length;) {
    if (SOUND_TYPES.has(section[at] ?? 0)) return true;
    at += 5 + ((((section[at + 3] ?? 0) & 0xf) << 8) | (section[at + 4] ?? 0));
  }
  return false;
};
