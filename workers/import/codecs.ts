/** Names of codecs that browsers do not decode but the cut does: by QuickTime and AVI codes (Microsoft's and Apple's registries of FourCCs). */

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  h264: ['h264', 'x264', 'avc1', 'avc3', 'davc', 'vssh', 'q264', 'hika'],
  hevc: ['hevc', 'h265', 'x265', 'hvc1', 'hev1'],
  mjpeg: ['mjpg', 'jpeg', 'mjpa', 'mjpb', 'avrn', 'dmb1', 'ljpg', 'v_mjpeg'],
  mpeg4: [
    'mp4v',
    'xvid',
    'divx',
    'dx50',
    'fmp4',
    'm4s2',
    '3iv2',
    'v_mpeg4/iso/asp',
    'v_mpeg4/iso/sp',
    'v_mpeg4/iso/ap',
  ],
  msmpeg4: ['mpg4', 'mp41', 'mp42', 'mp43', 'div3', 'div4', 'col1', 'v_mpeg4/ms/v3'],
  h263: ['h263', 's263', 'i263', 'u263', 'flv1'],
  mpeg2: ['m2v1', 'mpg2', 'mpeg', 'hdv1', 'hdv2', 'hdv3', 'hdv5', 'hdv6', 'v_mpeg2'],
  mpeg1: ['m1v1', 'mpg1', 'v_mpeg1'],
};

const BY_CODE: ReadonlyMap<string, string> = new Map(
  Object.entries(FAMILIES).flatMap(([family, codes]) => codes.map((code) => [code, family] as const)),
);

/** The family that a code belongs to, or null. Sony's and Apple's codes for MPEG-2 (`xdv?`, `xd5?`, `mx3p`) differ in one letter each. */
export const codecFamily = (code: string): string | null => {
  const plain = code.trim().toLowerCase();
  return BY_CODE.get(plain) ?? (/^(xdv|xd5|xdh|mx[345])./.test(plain) ? 'mpeg2' : null);
};
