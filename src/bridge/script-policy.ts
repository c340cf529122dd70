/** The page's Trusted Types policy: only scripts from this page's own origin may become workers. */

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy;
}

const admitOwnOrigin = (url: string): string => {
  const resolved = new URL(url, globalThis.location.href);
  if (resolved.origin !== globalThis.location.origin)
    throw new TypeError(`script from another origin: ${resolved.origin}`);
  return resolved.href;
};

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;

const policy: ScriptPolicy = factory?.createPolicy('porchlight', { createScriptURL: admitOwnOrigin }) ?? {
  createScriptURL: admitOwnOrigin,
};

/** Starts a module worker from an own-origin URL. Throws TypeError for any other origin: that is a bug. */
export const startWorker = (url: string, name: string): Worker =>
  new Worker(policy.createScriptURL(url), { type: 'module', name });

/** Registers the page's service worker, a module of its own origin. Rejects where the browser does not allow it. */
export const registerServiceWorker = (container: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> =>
  container.register(policy.createScriptURL('/service-worker.js'), { type: 'module', updateViaCache: 'none' });
