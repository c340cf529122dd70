/** The compiled kernel, as tools/kernel-plugin.ts gives it to the bundler. */
declare module 'virtual:match-kernel' {
  export const KERNEL: Uint8Array<ArrayBuffer>;
}
