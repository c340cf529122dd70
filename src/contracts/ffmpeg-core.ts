/** The ffmpeg core this page is built with, pinned: @ffmpeg/core 0.12.10 (FFmpeg 5.1.4, GPL-2.0-or-later). */

/** SHA-256 of the ESM build's script and WebAssembly module, as the npm package ships them. */
export const CORE_SHA256 = {
  script: '67a48f11645f85439f3fde4f2119042c16b374b910206b7a7a24f342e28dcae3',
  wasm: '9f57947a5bd530d8f00c5b3f2cb2a3492faa7e5d823315342d6a8656d0a6b7b7',
} as const;
