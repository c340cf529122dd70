/** Sealing, keeping and resuming in a real page: real IndexedDB, real WebCrypto, the real door. */
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { deleteDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import type { Stores } from '../../../src/contracts/storage.ts';
import { createNet } from '../../../src/net/door.ts';
import { CHUNK_BYTES } from '../../../src/contracts/net.ts';
import { uploadPackage } from '../../../src/net/upload.ts';
import { sha256Hex } from '../../../src/core/sha256.ts';
import { sealPackage } from '../../../src/stages/inspect/package.ts';
import { verifyReceipt } from '../../../src/stages/receipt/verify.ts';
import { createSendStage } from '../../../src/stages/send/send.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { camera, NOW, recording, verifiedClip, view } from '../../support/share-fixtures.ts';
import { valueOf } from '../../support/value-of.ts';

const NAME = 'porchlight-send-test';
afterEach(() => deleteDB(NAME));

const stageOver = (stores: Stores) => {
  const net = createNet({ ledger: stores.ledger, origin: location.origin, now: () => NOW });
  return createSendStage({
    net,
    shares: stores.shares,
    now: () => NOW,
    currentRequest: () => view,
    upload: (call) => uploadPackage({ ...call, retryDelays: [] }),
    verifyReceipt: (note, share) => verifyReceipt(note, share, null),
    chunkBytes: CHUNK_BYTES,
  });
};

test('a sealed package is opened by its own key, kept, and still the same bytes when the page comes back', async () => {
  const agencyKey = await generateX25519Identity();
  const agency = view.agency && { ...view.agency, recipients: [await identityToRecipient(agencyKey)] };
  const sealed = valueOf(
    await sealPackage({
      view: { ...view, agency },
      clips: [await verifiedClip()],
      identity: { name: 'A', email: 'b', address: 'c' },
      cameras: [camera],
      recordings: [recording],
      tools: {},
      now: NOW,
    }),
  );
  for (const key of [agencyKey, sealed.submissionKey]) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(key);
    const zip = await decrypter.decrypt(sealed.bytes);
    expect([...zip.subarray(0, 4)]).toEqual([0x50, 0x4b, 3, 4]);
  }

  const stores = valueOf(await openStores({ name: NAME }));
  valueOf(await stageOver(stores).keep(sealed));

  // This server is no hub: it refuses, and says so; the door wrote it down.
  const refused = await stageOver(stores).send(sealed.shareId, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  expect(refused.ok).toBe(false);
  // One line before the request, one after it.
  const line = { method: 'POST', url: `${location.origin}/v1/packages`, bytesOut: 0 };
  expect(await stores.ledger.all()).toMatchObject([line, line]);

  const again = valueOf(await openStores({ name: NAME }));
  expect(await again.shares.get(sealed.shareId)).toMatchObject({
    status: 'paused',
    uploadUrl: null,
    sha256: sealed.sha256,
  });
  const bytes = await again.shares.package(sealed.shareId);
  expect(await sha256Hex(new Uint8Array((await bytes?.arrayBuffer()) ?? new ArrayBuffer()))).toBe(sealed.sha256);
});
