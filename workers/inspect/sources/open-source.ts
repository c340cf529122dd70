/** Opens a recording with the reader that knows its container. */
import { openAvi } from './avi-source.ts';
import { openFlv } from './flv-source.ts';
import { openIso } from './iso-source.ts';
import { openMediabunny } from './mediabunny-source.ts';
import { SourceDamaged, type SourceFile } from './source.ts';

/** The caller closes what it gets. Throws `SourceDamaged`, or what a reader throws, when nothing can read it. */
export const openSource = async (blob: Blob): Promise<SourceFile> => {
  if (blob.size === 0) throw new SourceDamaged('It is empty.');
  for (const open of [openIso, openAvi, openFlv, openMediabunny]) {
    const file = await open(blob);
    if (file !== null) return file;
  }
  throw new SourceDamaged('It is in no container that is known here.');
};
