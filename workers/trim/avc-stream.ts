/** H.264 as a stream of clean pictures, and its sample entries. */
import {
  buildAvcC,
  cleanAccessUnit,
  fieldOf,
  freeParameterSetIds,
  hasOtherSize,
  parameterSetsOf,
  readSps,
  type AvcConfiguration,
} from './h264.ts';
import { setKey, splitNalUnits } from './nal-units.ts';
import { avcSampleEntry } from './sample-entries.ts';
import type { VideoStream } from './video-stream.ts';

/** Null when parameter sets are missing: neither in `configuration` nor in `firstPacket`. `configuration` null means start codes. */
export const openAvcStream = (configuration: AvcConfiguration | null, firstPacket: Uint8Array): VideoStream | null => {
  const lengthSize = configuration?.lengthSize ?? null;
  const inBand = parameterSetsOf(splitNalUnits(firstPacket, lengthSize) ?? []);
  const sets = configuration && configuration.sps.length > 0 && configuration.pps.length > 0 ? configuration : inBand;
  const [first] = sets.sps;
  if (!first || sets.pps.length === 0) return null;
  const facts = readSps(first);
  const known = new Set([...sets.sps, ...sets.pps].map(setKey));
  const seen = { sps: [...sets.sps], pps: [...sets.pps] };
  let changesSize = false;
  return {
    codec: 'avc',
    get changesSize() {
      return changesSize;
    },
    container: 'mp4',
    size: { width: facts.width, height: facts.height },
    interlaced: !facts.framesOnly,
    bitDepth: facts.lumaDepth,
    read: (packet) => {
      const units = splitNalUnits(packet, lengthSize);
      if (!units) return null;
      const own = parameterSetsOf(units);
      changesSize ||= own.sps.some((set) => hasOtherSize(set, facts));
      seen.sps.push(...own.sps);
      seen.pps.push(...own.pps);
      const { data, access, slices, seiMessages, overwritten } = cleanAccessUnit(units, known);
      return slices === 0
        ? null
        : { data, access, messages: seiMessages, field: fieldOf(units, facts), hidden: 'none', overwritten };
    },
    decoderConfig: (container) => ({ ...container, description: buildAvcC(sets) }),
    sourceEntry: (visual) => avcSampleEntry(visual, buildAvcC(sets)),
    clipEntry: (visual, copied, encoded) =>
      avcSampleEntry(
        visual,
        buildAvcC({
          sps: [...(copied ? sets.sps : []), ...(encoded?.sps ?? [])],
          pps: [...(copied ? sets.pps : []), ...(encoded?.pps ?? [])],
        }),
      ),
    inBandSets: () => null,
    sequenceEnd: null,
    freeSetIds: (count) => freeParameterSetIds(seen, count),
  };
};
