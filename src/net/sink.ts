/** A sink in the page that stands in for the hub: a dry run sends the whole package to it, and nothing leaves. */
import type { DryRun, DryRunRequest } from '../contracts/dry-run.ts';
import type { Net, NetResult } from '../contracts/net.ts';
import { failure, ok, type Result } from '../contracts/result.ts';
import type { SealedPackage, SendFailure } from '../contracts/share.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { UploadFailure, UploadJob } from './upload.ts';

const SINK_PATH = '/v1/packages/dry-run';

const answer = (status: number, headers: Readonly<Record<string, string>>): NetResult => ({
  ok: true,
  status,
  headers: new Headers({ 'Tus-Resumable': '1.0.0', ...headers }),
  body: new Uint8Array(),
});

interface Sink {
  readonly net: Net;
  readonly requests: DryRunRequest[];
  readonly received: Uint8Array<ArrayBuffer>[];
}

/** Answers as a hub that takes everything (tus 1.0: POST makes an upload, PATCH adds to it). */
const createSink = (): Sink => {
  const requests: DryRunRequest[] = [];
  const received: Uint8Array<ArrayBuffer>[] = [];
  const offset = (): number => received.reduce((sum, { length }) => sum + length, 0);
  return {
    requests,
    received,
    net: {
      send: async ({ purpose, method, path, headers = {}, body }) => {
        const bodySha256 = body === undefined ? null : await sha256Hex(body);
        requests.push({ purpose, method, url: path, headers, bodyBytes: body?.length ?? 0, bodySha256 });
        if (method === 'POST') return answer(201, { Location: SINK_PATH });
        if (body !== undefined) received.push(body.slice());
        return answer(method === 'HEAD' ? 200 : 204, { 'Upload-Offset': String(offset()) });
      },
    },
  };
};

/** Runs the very upload of a share against the sink. Fails as an upload does; the sink itself refuses nothing. */
export const dryRun = async (
  sealed: Pick<SealedPackage, 'bytes' | 'sha256' | 'requestId'>,
  upload: (job: UploadJob) => Promise<Result<unknown, UploadFailure>>,
  { signal, onProgress }: Pick<UploadJob, 'signal' | 'onProgress'>,
): Promise<Result<DryRun, SendFailure>> => {
  const { net, requests, received } = createSink();
  const { requestId, sha256 } = sealed;
  const sent = await upload({
    ...{ net, requestId, sha256, signal, onProgress, uploadUrl: null, bytes: new Blob([sealed.bytes]) },
    onUrl: () => undefined,
  });
  if (!sent.ok) return sent;
  const bytes = new Blob(received);
  const receivedSha256 = await sha256Hex(new Uint8Array(await bytes.arrayBuffer()));
  return receivedSha256 === sha256
    ? ok({ requests, bytes, sha256: receivedSha256 })
    : failure('hub-error', 'What arrived in the sink is not what was sealed. Nothing has left.');
};
