/** Looks through the built page for ways out that the content policy does not close: WebRTC is outside CSP, beacons outlive the page. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FORBIDDEN = ['RTCPeerConnection', 'sendBeacon', 'WebTransport'];

/** One sentence for each forbidden name found in the scripts under `folder`; empty when there is none. */
export const forbiddenInBundle = (folder: string): readonly string[] =>
  globSync('**/*.js', { cwd: folder }).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return FORBIDDEN.filter((name) => text.includes(name)).map(
      (name) => `${file} mentions ${name}: the page must have no way out but src/net/`,
    );
  });
