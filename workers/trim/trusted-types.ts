/** @ffmpeg/ffmpeg starts a worker of its own by a plain URL: under Trusted Types that takes a default policy, which admits this origin alone. */

interface PolicyFactory {
  createPolicy(name: 'default', rules: { createScriptURL(url: string): string }): unknown;
}

(globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => {
    const resolved = new URL(url, globalThis.location.href);
    if (resolved.origin !== globalThis.location.origin)
      throw new TypeError(`script from another origin: ${resolved.origin}`);
    return resolved.href;
  },
});
