/** The response headers every server of the page sends: dev, preview and hub alike. */

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html porchlight default',
].join('; ');

/** What the page uses: where the device is, when the person asks for a camera's place, and full screen for the player. */
const USED = ['geolocation', 'fullscreen'] as const;

/**
 * Everything else that Chromium 156 on a desk lets a policy turn off; a name it does not know it would complain about. Left as they are by
 * default: `cross-origin-isolated` (the threaded core needs it), playing while out of sight, and client hints, which no server of ours asks for.
 */
const UNUSED = [
  ...['accelerometer', 'autoplay', 'camera', 'clipboard-read', 'clipboard-write', 'compute-pressure'],
  ...[
    'display-capture',
    'encrypted-media',
    'gamepad',
    'gyroscope',
    'hid',
    'identity-credentials-get',
    'idle-detection',
  ],
  ...['local-fonts', 'magnetometer', 'microphone', 'midi', 'otp-credentials', 'payment', 'picture-in-picture'],
  ...['publickey-credentials-create', 'publickey-credentials-get', 'screen-wake-lock', 'serial', 'storage-access'],
  ...['sync-xhr', 'usb', 'window-management', 'xr-spatial-tracking'],
  // Ways to ask, to be asked or to be told apart that came later: requests after the page is gone, advertising, the browser's own models.
  ...[
    'deferred-fetch',
    'deferred-fetch-minimal',
    'local-network',
    'local-network-access',
    'loopback-network',
    'unload',
  ],
  ...['browsing-topics', 'interest-cohort', 'private-state-token-issuance', 'private-state-token-redemption'],
  ...['language-detector', 'language-model', 'on-device-speech-recognition', 'summarizer', 'translator'],
  ...['captured-surface-control', 'digital-credentials-create', 'digital-credentials-get', 'keyboard-map'],
  ...['aria-notify', 'speaker-selection'],
] as const;

const PERMISSIONS_POLICY = [...USED.map((name) => `${name}=(self)`), ...UNUSED.map((name) => `${name}=()`)].join(', ');

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Permissions-Policy': PERMISSIONS_POLICY,
};
