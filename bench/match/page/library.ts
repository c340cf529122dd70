/** Puts a scene into the product's own database, rows and columns, as a person's library of that size would have them. */
import { openDB } from 'idb';
import type { Camera, Recording } from '../../../src/contracts/library.ts';
import { DATABASE_NAME, type PorchlightSchema } from '../../../src/contracts/storage.ts';
import { packRows } from '../../../src/core/recording-chunks.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { makeScene, SIZES } from './scene.ts';

const hex = (value: number): string => value.toString(16).padStart(64, '0');

const rowOf = (id: number, camera: number, startMs: number, durationMs: number): Recording => ({
  id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  cameraId: `camera-${camera}`,
  fileName: `Porch_${id}.mp4`,
  relativePath: `card/2026/Porch_${id}.mp4`,
  bytes: 12_345_678,
  sha256: hex(id),
  durationMs,
  firstFrameAt: 0,
  container: 'mp4',
  video: { codec: 'avc1.640028', width: 1920, height: 1080, rotation: 0 },
  audio: { codec: 'mp4a.40.2', channels: 1, sampleRate: 16_000 },
  time: {
    startMs,
    confidence: 'accepted',
    source: 'tapo',
    candidates: [
      {
        source: 'tapo',
        basis: 'start',
        zone: 'utc',
        startsMs: [startMs],
        endsMs: [startMs + durationMs],
        evidence: `Porch_${id}.mp4`,
      },
      { source: 'modified', basis: 'end', zone: 'utc', startsMs: [startMs + 400], evidence: 'modification time' },
    ],
  },
  importedAt: startMs + 3_600_000,
});

const BATCH = 5_000;
const TOKEN = 77;

export const fillLibrary = async (name: string): Promise<void> => {
  const size = SIZES[name];
  if (!size) throw new Error(name);
  const opened = await openStores();
  if (!opened.ok) throw new Error(opened.detail);
  const database = await openDB<PorchlightSchema>(DATABASE_NAME);
  const scene = makeScene(size);
  let id = 0;
  await database.put('columnHeads', { camera: '', token: TOKEN });
  for (const [i, place] of scene.places.entries()) {
    const camera: Camera = {
      id: `camera-${i}`,
      name: `Camera ${i}`,
      place,
      zone: 'America/Los_Angeles',
      clockOffsetMs: 0,
      createdAt: 0,
    };
    const rows = Array.from(scene.starts[i] ?? [], (start, r) => rowOf(id++, i, start, scene.lengths[i]?.[r] ?? 0));
    await database.put('cameras', camera);
    for (let first = 0; first < rows.length; first += BATCH) {
      const tx = database.transaction('recordings', 'readwrite', { durability: 'relaxed' });
      await Promise.all([...rows.slice(first, first + BATCH).map((row) => tx.store.put(row)), tx.done]);
    }
    const { chunks, ids } = packRows(TOKEN, camera.id, rows);
    for (const chunk of chunks) await database.put('columns', chunk);
    for (const chunk of ids) await database.put('columnIds', chunk);
    await database.put('columnHeads', {
      camera: camera.id,
      version: 1,
      chunks: chunks.length,
      numbers: rows.length,
      stamp: i + 1,
    });
  }
  database.close();
};
