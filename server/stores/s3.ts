/** The few operations of the S3 protocol that the hub needs, with path-style addresses: any S3-compatible server will do. */
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Ms } from '../../src/contracts/units.ts';
import { StoreUnavailable } from './trouble.ts';

export interface S3Options {
  /** Such as `https://s3.example:9000`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Default `us-east-1`. */
  readonly region?: string;
}

export interface S3Object {
  readonly key: string;
  readonly changedAt: number;
}

export interface S3 {
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Null when there is no such object. */
  get(key: string, range?: string): Promise<Response | null>;
  /** The object's size; null when there is none. */
  size(key: string): Promise<number | null>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<S3Object>;
  /** A multipart upload: nothing shows under `key` before `complete`. */
  multipart(key: string): Promise<{
    part(number: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
    complete(): Promise<void>;
    abort(): Promise<void>;
  }>;
}

const TIMEOUT: Ms = 30_000;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeXml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '');
/** S3's answers are flat enough for this: the text of each element of that name. */
const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => unescapeXml(text));

/** A client for one bucket. Every failure to store or read rejects with StoreUnavailable. */
export const createS3 = (options: S3Options): S3 => {
  const client = new AwsClient({
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    region: options.region ?? 'us-east-1',
    service: 's3',
    // tus clients come again by themselves: a refusal is told at once.
    retries: 1,
  });
  const root = `${options.endpoint.replace(/\/$/, '')}/${encodeURIComponent(options.bucket)}`;
  const urlOf = (key: string): string => `${root}/${key.split('/').map(encodeURIComponent).join('/')}`;

  const send = async (
    method: string,
    url: string,
    body: Uint8Array<ArrayBuffer> | null = null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> => {
    let response: Response;
    try {
      response = await client.fetch(url, {
        method,
        headers: {
          ...headers,
          // The server refuses what was damaged on the way.
          'X-Amz-Content-Sha256': createHash('sha256')
            .update(body ?? '')
            .digest('hex'),
        },
        ...(body === null ? {} : { body }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch (error) {
      throw new StoreUnavailable('The S3 store cannot be reached.', { cause: error });
    }
    if (response.ok || response.status === 404) return response;
    const [code = ''] = elements(await response.text(), 'Code');
    throw new StoreUnavailable(`The S3 store answered ${response.status} ${code} to ${method}.`);
  };

  const mustExist = async (response: Response, what: string): Promise<string> => {
    const text = await response.text();
    if (response.status === 404) throw new StoreUnavailable(`The S3 store does not know ${what}.`);
    return text;
  };

  return {
    put: async (key, bytes) => {
      await mustExist(await send('PUT', urlOf(key), bytes), 'the bucket');
    },
    get: async (key, range) => {
      const response = await send('GET', urlOf(key), null, range === undefined ? {} : { Range: range });
      if (response.status !== 404) return response;
      await response.body?.cancel();
      return null;
    },
    size: async (key) => {
      const response = await send('HEAD', urlOf(key));
      return response.status === 404 ? null : Number(response.headers.get('Content-Length'));
    },
    remove: async (key) => {
      await (await send('DELETE', urlOf(key))).body?.cancel();
    },
    list: async function* (prefix) {
      let after = '';
      for (;;) {
        const query = new URLSearchParams({
          'list-type': '2',
          prefix,
          ...(after === '' ? {} : { 'start-after': after }),
        });
        const xml = await mustExist(await send('GET', `${root}?${query.toString()}`), 'the bucket');
        const [keys, dates] = [elements(xml, 'Key'), elements(xml, 'LastModified')];
        for (const [index, key] of keys.entries()) yield { key, changedAt: Date.parse(dates[index] ?? '') };
        after = keys.at(-1) ?? '';
        if (elements(xml, 'IsTruncated')[0] !== 'true' || after === '') return;
      }
    },
    multipart: async (key) => {
      const xml = await mustExist(await send('POST', `${urlOf(key)}?uploads=`), 'the bucket');
      const [uploadId = ''] = elements(xml, 'UploadId');
      const query = (more: string): string => `${urlOf(key)}?${more}uploadId=${encodeURIComponent(uploadId)}`;
      const etags: string[] = [];
      return {
        part: async (number, bytes) => {
          const response = await send('PUT', query(`partNumber=${number}&`), bytes);
          await mustExist(response, 'the multipart upload');
          etags[number - 1] = response.headers.get('ETag') ?? '';
        },
        complete: async () => {
          const parts = etags.map(
            (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
          );
          const body = new TextEncoder().encode(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
          const answer = await mustExist(await send('POST', query(''), body), 'the multipart upload');
          // S3 may say 200 at once and the error afterwards, in the body.
          if (answer.includes('<Error>')) throw new StoreUnavailable('The S3 store could not put the parts together.');
        },
        abort: async () => {
          await (await send('DELETE', query(''))).body?.cancel();
        },
      };
    },
  };
};
