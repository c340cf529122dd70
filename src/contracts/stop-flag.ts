/**
 * A word of shared memory by which the page stops what a worker's own workers compute. Terminating a worker ends it at once only
 * while its event loop turns: Chromium lets WebAssembly that computes without a pause go on for two seconds more.
 */

/** The first message to a worker, before any call. The word is 0 until everything is to stop, then 1. */
export interface StopFlagMessage {
  readonly type: 'stop-flag';
  readonly flag: Int32Array<SharedArrayBuffer>;
}

export const isStopFlagMessage = (data: unknown): data is StopFlagMessage =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'stop-flag' && 'flag' in data;
