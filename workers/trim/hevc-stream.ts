/** HEVC as a stream of clean pictures, and its sample entries. */
import {
  END_OF_SEQUENCE,
  buildHvcC,
  cleanHevcUnit,
  freeHevcIds,
  hevcSetsOf,
  readHevcSps,
  type HevcConfiguration,
} from './hevc.ts';
import { lengthPrefixed, setKey, splitNalUnits } from './nal-units.ts';
import { hevcSampleEntry } from './sample-entries.ts';
import type { VideoStream } from './video-stream.ts';

/** Null when parameter sets are missing: neither in `configuration` nor in `firstPacket`. `configuration` null means start codes. */
export const openHevcStream = (
  configuration: HevcConfiguration | null,
  firstPacket: Uint8Array,
): VideoStream | null => {
  const lengthSize = configuration?.lengthSize ?? null;
  const inBand = hevcSetsOf(splitNalUnits(firstPacket, lengthSize) ?? []);
  const sets = configuration && configuration.sps.length > 0 && configuration.pps.length > 0 ? configuration : inBand;
  const [first] = sets.sps;
  if (!first || sets.vps.length === 0 || sets.pps.length === 0) return null;
  const facts = readHevcSps(first);
  const known = new Set([...sets.vps, ...sets.sps, ...sets.pps].map(setKey));
  const seen = { vps: [...sets.vps], sps: [...sets.sps], pps: [...sets.pps] };
  return {
    codec: 'hevc',
    container: 'mp4',
    size: null,
    interlaced: false,
    changesSize: false,
    bitDepth: facts.lumaDepth,
    read: (packet) => {
      const units = splitNalUnits(packet, lengthSize);
      if (!units) return null;
      const own = hevcSetsOf(units);
      seen.vps.push(...own.vps);
      seen.sps.push(...own.sps);
      seen.pps.push(...own.pps);
      const { data, access, slices, seiMessages, overwritten } = cleanHevcUnit(units, known);
      return slices === 0 ? null : { data, access, messages: seiMessages, field: null, hidden: 'none', overwritten };
    },
    decoderConfig: (container) => ({ ...container, description: buildHvcC(sets) }),
    sourceEntry: (visual) => hevcSampleEntry(visual, buildHvcC(sets)),
    clipEntry: (visual, copied, encoded) =>
      hevcSampleEntry(
        visual,
        buildHvcC({
          vps: [...(copied ? sets.vps : []), ...(encoded?.vps ?? [])],
          sps: [...(copied ? sets.sps : []), ...(encoded?.sps ?? [])],
          pps: [...(copied ? sets.pps : []), ...(encoded?.pps ?? [])],
        }),
      ),
    inBandSets: (encoded) => {
      const { vps = [], sps, pps } = encoded ?? sets;
      return lengthPrefixed([...vps, ...sps, ...pps]);
    },
    sequenceEnd: lengthPrefixed([END_OF_SEQUENCE]),
    freeSetIds: (count) => freeHevcIds(seen, count),
  };
};
