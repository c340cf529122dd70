/** Puts a scene into the product's own database, rows and columns, as a person's library of that size would have them. */
import { openDB } from 'idb';
import type { Camera, Recording, TimeCandidate } from '../../../src/contracts/library.ts';
import { DATABASE_NAME, type PorchlightSchema } from '../../../src/contracts/storage.ts';
import { timeCandidates } from '../../../src/core/camera-clocks.ts';
import { packRows } from '../../../src/core/recording-chunks.ts';
import { openStores } from '../../../src/storage/open-stores.ts';
import { makeScene, SIZES } from './scene.ts';

const hex = (value: number): string => value.toString(16).padStart(64, '0');

const ZONE = 'America/Los_Angeles';
/** The recording whose times are worked out; the others have the same ones, moved. */
const LIKE = { startMs: 1_790_000_000_000, durationMs: 55_000 };

/** What the import finds of such a file: times in its name, in its container read in three ways, and the file's own date. */
const CANDIDATES = timeCandidates({
  relativePath: `card/2026/${LIKE.startMs / 1_000}-${(LIKE.startMs + LIKE.durationMs) / 1_000}.mp4`,
  lastModified: LIKE.startMs + LIKE.durationMs + 400,
  creationMs: LIKE.startMs,
  durationMs: LIKE.durationMs,
  zone: ZONE,
});

const candidatesAt = (startMs: number): readonly TimeCandidate[] =>
  CANDIDATES.map((candidate) => ({
    ...candidate,
    startsMs: candidate.startsMs.map((at) => at - LIKE.startMs + startMs),
    ...(candidate.endsMs && { endsMs: candidate.endsMs.map((at) => at - LIKE.startMs + startMs) }),
  }));

/** A row as the import would have written it. */
const rowOf = (id: number, camera: number, startMs: number, durationMs: number): Recording => {
  const seconds = Math.floor(startMs / 1_000);
  const fileName = `${seconds}-${seconds + Math.ceil(durationMs / 1_000)}.mp4`;
  return {
    id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    cameraId: `camera-${camera}`,
    fileName,
    relativePath: `card/2026/${fileName}`,
    bytes: 12_345_678,
    sha256: hex(id),
    durationMs,
    firstFrameAt: 0,
    container: 'mp4',
    video: { codec: 'avc1.640028', width: 1920, height: 1080, rotation: 0 },
    audio: { codec: 'mp4a.40.2', channels: 1, sampleRate: 16_000 },
    time: { startMs, confidence: 'accepted', source: 'tapo', candidates: candidatesAt(startMs) },
    importedAt: startMs + 3_600_000,
  };
};

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
      zone: ZONE,
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
