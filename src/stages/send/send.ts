/** Keeps a sealed package and sends it through the one door: pause, resume with the same bytes, and a receipt at the end. */
import type { Net } from '../../contracts/net.ts';
import type { RequestView } from '../../contracts/public-record.ts';
import type { Receipt } from '../../contracts/request.ts';
import { failure, ok, type Result } from '../../contracts/result.ts';
import type { HttpExchange, SealedPackage, SendFailure, ShareRecord } from '../../contracts/share.ts';
import type { ShareStore, StoreFailure } from '../../contracts/storage.ts';
import type { EpochMs } from '../../contracts/units.ts';
import { passSealedGates } from '../../core/gates.ts';

/** The upload as src/net/ offers it; it arrives as an argument. */
export interface UploadCall {
  readonly net: Net;
  readonly bytes: Blob;
  readonly uploadUrl: string | null;
  readonly requestId: string;
  readonly sha256: string;
  readonly onUrl: (path: string) => Promise<void> | void;
  readonly onProgress: (bytesSent: number, bytesTotal: number) => void;
  readonly signal: AbortSignal;
}

export interface SendStageParts {
  readonly net: Net;
  readonly shares: ShareStore;
  readonly now: () => EpochMs;
  /** The request as the public record shows it now; null when it does not. */
  currentRequest(id: string): RequestView | null;
  upload(call: UploadCall): Promise<Result<{ readonly uploadUrl: string }, SendFailure>>;
  /** stages/receipt, with the directory's hub key already in it. */
  verifyReceipt(note: string, share: ShareRecord): Promise<Result<Receipt, 'bad-receipt'>>;
  /** The largest body of one upload request, in bytes. */
  readonly chunkBytes: number;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly bytesSent: number; readonly bytesTotal: number }) => void;
}

export interface SendStage {
  /** Keeps record and sealed bytes on the device, to be sent now or later. */
  keep(sealed: SealedPackage): Promise<Result<ShareRecord, StoreFailure>>;
  /**
   * Sends a kept package, or goes on where it stopped, and returns the record with its checked receipt. Aborting pauses.
   * A share that was already sent is returned as it is.
   */
  send(shareId: string, options: SendOptions): Promise<Result<ShareRecord, SendFailure>>;
  /** Deletes record and bytes. What the hub has of an unfinished upload expires there. */
  discard(shareId: string): Promise<Result<void, StoreFailure>>;
  /** The HTTP requests that sending will make, in order, if nothing goes wrong. */
  plannedExchanges(sealed: Pick<SealedPackage, 'bytes' | 'sha256' | 'requestId'>): readonly HttpExchange[];
}

/** What tus 1.0 (tus.io/protocols/resumable-upload) has in every request, and in those with a body. */
const TUS = { 'Tus-Resumable': '1.0.0' } as const;
const PART_TYPE = 'application/offset+octet-stream';

export const createSendStage = (parts: SendStageParts): SendStage => {
  const { net, shares, now, chunkBytes } = parts;

  const fetchReceipt = async (record: ShareRecord, signal: AbortSignal): Promise<Result<ShareRecord, SendFailure>> => {
    const path = `${record.uploadUrl ?? ''}/receipt`;
    const answer = await net.send({ purpose: 'fetch the receipt', method: 'GET', path, signal });
    if (!answer.ok) {
      if (answer.reason === 'aborted')
        return failure('paused', 'Everything has arrived; the receipt is still to be fetched.');
      if (answer.reason === 'unrecorded') return failure('unrecorded', answer.detail);
      if (answer.reason === 'offline')
        return failure('offline', 'Everything has arrived, but the hub cannot be reached for the receipt.');
      return failure('hub-error', `Everything was sent, but there is no receipt yet: ${answer.detail}`);
    }
    const note = new TextDecoder().decode(answer.body);
    const checked = await parts.verifyReceipt(note, record);
    if (!checked.ok) return checked;
    return ok({
      ...record,
      status: 'sent',
      bytesSent: record.bytes,
      lastProblem: null,
      receipt: { note, receipt: checked.value },
    });
  };

  const transfer = async (
    kept: ShareRecord,
    bytes: Blob,
    { signal, onProgress }: SendOptions,
  ): Promise<Result<ShareRecord, SendFailure>> => {
    let record: ShareRecord = { ...kept, status: 'uploading', lastProblem: null };
    await shares.put(record);
    // Writes follow one another, so that an older state never lands on a newer one.
    let writing: Promise<unknown> = Promise.resolve();
    const note = (change: Partial<ShareRecord>): Promise<unknown> => {
      record = { ...record, ...change };
      const state = record;
      writing = writing.then(() => shares.put(state));
      return writing;
    };
    const uploaded = await parts.upload({
      net,
      bytes,
      uploadUrl: record.uploadUrl,
      requestId: record.requestId,
      sha256: record.sha256,
      signal,
      onUrl: async (uploadUrl) => void (await note({ uploadUrl, bytesSent: 0 })),
      onProgress: (bytesSent, bytesTotal) => {
        if (bytesSent !== record.bytesSent) void note({ bytesSent });
        onProgress({ bytesSent, bytesTotal });
      },
    });
    if (uploaded.ok) await note({ uploadUrl: uploaded.value.uploadUrl, bytesSent: record.bytes });
    await writing;
    const result = uploaded.ok ? await fetchReceipt(record, signal) : uploaded;
    if (!result.ok) {
      await note({ status: 'paused', lastProblem: result.reason === 'paused' ? null : result.detail });
      return result;
    }
    await note(result.value);
    return result;
  };

  return {
    keep: async (sealed) => {
      const view = parts.currentRequest(sealed.requestId);
      const record: ShareRecord = {
        id: sealed.shareId,
        requestId: sealed.requestId,
        requestTitle: view?.request.title ?? sealed.requestId,
        agencyName: view?.agency?.name ?? sealed.manifest.request.agency,
        recordingIds: [...new Set(sealed.recordingIds)],
        createdAt: now(),
        bytes: sealed.bytes.length,
        sha256: sealed.sha256,
        submissionKey: sealed.submissionKey,
        manifest: sealed.manifest,
        status: 'sealed',
        uploadUrl: null,
        bytesSent: 0,
        lastProblem: null,
        receipt: null,
      };
      const added = await shares.add(record, new Blob([sealed.bytes]));
      return added.ok ? ok(record) : added;
    },

    send: async (shareId, options) => {
      const record = await shares.get(shareId);
      const bytes = await shares.package(shareId);
      if (record === null) return failure('package-missing', 'This share is not on this device any more.');
      if (record.status === 'sent') return ok(record);
      if (bytes === null || bytes.size !== record.bytes) {
        return failure(
          'package-missing',
          'The sealed package is not on this device any more. Prepare the share again.',
        );
      }
      const passed = passSealedGates(parts.currentRequest(record.requestId), record.manifest, now());
      if (!passed.ok) {
        await shares.put({ ...record, status: 'paused', lastProblem: passed.detail });
        return failure('request-closed', passed.detail);
      }
      return transfer(record, bytes, options);
    },

    discard: (shareId) => shares.delete(shareId),

    plannedExchanges: ({ bytes, sha256, requestId }) => {
      const total = bytes.length;
      const parts = Math.ceil(total / chunkBytes);
      const metadata = `request ${btoa(requestId)},sha256 ${btoa(sha256)}`;
      return [
        {
          ...{ method: 'POST', url: '/v1/packages', purpose: 'announce the sealed package', bodyBytes: 0 },
          headers: { ...TUS, 'Upload-Length': String(total), 'Upload-Metadata': metadata },
        },
        ...Array.from({ length: parts }, (_, index) => ({
          method: 'PATCH',
          url: '/v1/packages/…',
          purpose: `send a part of the sealed package (${index + 1} of ${parts})`,
          bodyBytes: Math.min(chunkBytes, total - index * chunkBytes),
          headers: { ...TUS, 'Upload-Offset': String(index * chunkBytes), 'Content-Type': PART_TYPE },
        })),
        {
          ...{ method: 'GET', url: '/v1/packages/…/receipt', purpose: 'fetch the receipt', bodyBytes: 0 },
          headers: {},
        },
      ];
    },
  };
};
