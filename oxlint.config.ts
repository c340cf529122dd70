/** The linter's rules: the import table, the one door to the network, and the habits that a machine can check. */
import { defineConfig } from 'oxlint';

const DOOR = 'only src/net/ talks to the network: ask for a `Net` (src/contracts/net.ts) as an argument';
const NETWORK_GLOBALS = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'RTCPeerConnection', 'WebTransport'];
const NETWORK_PROPERTIES = [
  ...['globalThis', 'self', 'window'].flatMap((object) =>
    NETWORK_GLOBALS.map((property) => ({ object, property, message: DOOR })),
  ),
  { property: 'sendBeacon', message: DOOR },
];

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise'],
  jsPlugins: ['eslint-plugin-lit', './tools/lint/porchlight-plugin.ts'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  env: { builtin: true, browser: true, node: true },
  ignorePatterns: [
    'node_modules',
    'dist/**',
    'dist-tools/**',
    '.porchlight/**',
    '.cache/**',
    'test-results/**',
    'tests/fixtures/**',
    /** AssemblyScript: another language in the same clothes, with integer types and memory of its own. */
    'wasm/assembly/**',
  ],
  categories: { correctness: 'error' },
  rules: {
    'porchlight/import-table': 'error',
    'porchlight/first-line-comment': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-misused-spread': ['error', { allow: ['string'] }],
    'typescript/only-throw-error': 'error',
    'eslint/eqeqeq': 'error',
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'eslint/no-eval': 'error',
    'eslint/no-implied-eval': 'error',
    'eslint/no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
    /** It calls a defensive copy useless; ours are there because listeners may change the list while it is walked. */
    'unicorn/no-useless-spread': 'off',
    /** Our objects are made by functions and have no `this`: their methods may be passed around. */
    'typescript/unbound-method': 'off',
    /** It does not know what Vite makes of `?worker&url`; the type checker does. */
    'import/default': 'off',
    'unicorn/no-new-array': 'off',
    'lit/attribute-value-entities': 'error',
    'lit/binding-positions': 'error',
    'lit/no-duplicate-template-bindings': 'error',
    'lit/no-invalid-html': 'error',
    'lit/no-legacy-template-syntax': 'error',
    'lit/no-property-change-update': 'error',
  },
  overrides: [
    {
      files: ['src/**', 'workers/**', 'wasm/**'],
      rules: {
        'eslint/no-restricted-globals': ['error', ...NETWORK_GLOBALS.map((name) => ({ name, message: DOOR }))],
        'eslint/no-restricted-properties': ['error', ...NETWORK_PROPERTIES],
      },
    },
    {
      /** The door itself, and the loader of the page's own ffmpeg core. */
      files: ['src/net/**', 'workers/trim/core-loader.ts'],
      rules: { 'eslint/no-restricted-globals': 'off', 'eslint/no-restricted-properties': 'off' },
    },
    {
      /** Their readers ask for a default export. */
      files: ['*.config.ts', 'tools/lint/porchlight-plugin.ts', 'tests/e2e/global-setup.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    { files: ['**/*.d.ts'], rules: { 'unicorn/filename-case': 'off' } },
  ],
});
