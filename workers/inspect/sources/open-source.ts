/** Opens a recording with the reader that knows its container. */
import { openAsf } from './asf-source.ts';
import { openAvi } from './avi-source.ts';
import { openFlv } from './flv-source.ts';
import { openIso } from './iso-source.ts';
import { openMediabunny } from './mediabunny-source.ts';
import { openPes } from './pes-source.ts';
import { SourceDamaged, type SourceFile } from './source.ts';

/** What mediabunny makes of it; streams whose pictures it does not know are read by our own reader, where that knows them. */
const openOther = async (blob: Blob): Promise<SourceFile | null> => {
  const file = await openMediabunny(blob).catch((error: unknown) => error);
  const usable = isSource(file) && file.video.codec !== null ? file : null;
  if (usable !== null && usable.audio !== null) return usable;
  const own = await openPes(blob).catch(() => null);
  // The sound may be of a kind that mediabunny does not list at all.
  if (usable !== null) return { ...usable, audio: own?.audio ?? null };
  if (own !== null) return own;
  if (file instanceof Error) throw file;
  return isSource(file) ? file : null;
};

const isSource = (value: unknown): value is SourceFile =>
  typeof value === 'object' && value !== null && 'video' in value;

/** The caller closes what it gets. Throws `SourceDamaged`, or what a reader throws, when nothing can read it. */
export const openSource = async (blob: Blob): Promise<SourceFile> => {
  if (blob.size === 0) throw new SourceDamaged('It is empty.');
  for (const open of [openIso, openAvi, openFlv, openAsf, openOther]) {
    const file = await open(blob);
    if (file !== null) return file;
  }
  throw new SourceDamaged('It is in no container that is known here.');
};
