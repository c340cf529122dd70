/** The ffmpeg cores this page is built with, pinned: @ffmpeg/core and @ffmpeg/core-mt 0.12.10 (FFmpeg 5.1.4, GPL-2.0-or-later). */

/** SHA-256 of the ESM build's script and WebAssembly module, as the npm package ships them. */
export const CORE_SHA256 = {
  script: '67a48f11645f85439f3fde4f2119042c16b374b910206b7a7a24f342e28dcae3',
  wasm: '9f57947a5bd530d8f00c5b3f2cb2a3492faa7e5d823315342d6a8656d0a6b7b7',
} as const;

/** The build with threads: the same two files and the script of its threads. */
export const THREADED_CORE_SHA256 = {
  script: '270a2e6ff945e173238610669a3f7132df5f9c52698a9bf708cf5c2ab6bda0de',
  wasm: 'be2c97605366b78f3f13e21b52e81a55a79e1f29c133b03a68ec187b1a2ec41a',
  thread: 'f77898d631dc010b45c29c23cb4379c611a7d7b131bf591d08a656bb729a4ca3',
} as const;
