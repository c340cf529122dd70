/** The trim worker: exposes the engine and nothing else. */
import { expose } from 'comlink';
import type { TrimApi } from '../src/contracts/trim-api.ts';
import { trim } from './trim/engine.ts';
import { createFfmpegCore } from './trim/ffmpeg-core.ts';
import './trim/stop-flag.ts';
import { transferClip } from './trim/transfer.ts';
import './trim/trusted-types.ts';
import { encodesH264 } from './trim/webcodecs-edges.ts';

const cores = { plain: createFfmpegCore(), threaded: createFfmpegCore('threaded') };

const api: TrimApi = {
  trim: async (source, job, onProgress) => transferClip(await trim(cores, source, job, onProgress)),
  warm: async (encoder = 'auto') => {
    if (encoder === 'ffmpeg' || (encoder === 'auto' && !(await encodesH264()))) await cores.plain.warm();
  },
};

expose(api);
