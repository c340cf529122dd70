/** The few tus requests that tests of the hub make by hand, so that they can break them. */
import type { Receipt } from '../../src/contracts/request.ts';
import { readDocument } from '../../src/core/typed-note.ts';
import { sha256 } from './sealed-package.ts';

const TUS = { 'Tus-Resumable': '1.0.0' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export interface Uploader {
  /** The upload's path. Throws when the hub refuses. */
  create(bytes: Uint8Array): Promise<string>;
  patch(location: string, offset: number, bytes: Uint8Array): Promise<Response>;
  /** How much has arrived; null when the hub knows no such upload, undefined when it cannot say. */
  offset(location: string): Promise<number | null | undefined>;
  /** The receipt's document; null when there is none. */
  receipt(location: string): Promise<Receipt | null>;
}

export const uploader = (url: () => string, request: string): Uploader => ({
  create: async (bytes) => {
    const metadata = `request ${base64(request)},sha256 ${base64(sha256(bytes))}`;
    const headers = { ...TUS, 'Upload-Length': String(bytes.length), 'Upload-Metadata': metadata };
    const response = await fetch(`${url()}/v1/packages`, { method: 'POST', headers });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} ${await response.text()}`);
    return location;
  },
  patch: (location, offset, bytes) =>
    fetch(url() + location, {
      method: 'PATCH',
      headers: { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' },
      body: Buffer.from(bytes),
    }),
  offset: async (location) => {
    const response = await fetch(url() + location, { method: 'HEAD', headers: TUS });
    if (response.status >= 500) return undefined;
    return response.ok ? Number(response.headers.get('upload-offset')) : null;
  },
  receipt: async (location) => {
    const response = await fetch(`${url()}${location}/receipt`);
    const read = readDocument('receipt', await response.text());
    return response.ok && read.ok ? read.value.document : null;
  },
});
