/** Memory for output, which lies last. */

/** Makes room for `bytes` beyond `out`, with as much again so as not to be asked soon. False when there is no more memory. */
export function roomFor(out: usize, bytes: usize): bool {
  const have = (<usize>memory.size()) << 16;
  if (out + bytes <= have) return true;
  const pages = <i32>((out + bytes - have + 65535) >> 16);
  return memory.grow(pages + (pages >> 1) + 16) >= 0 || memory.grow(pages) >= 0;
}
