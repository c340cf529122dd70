/** What strangers write stays text: in file names, requests, a library file and addresses; nothing runs, nothing is asked, no prototype is touched. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTar } from '../../src/core/tar.ts';
import { demoAgeKey } from '../../tools/demo/keys.ts';
import { nativeTool } from '../../tools/find-native.ts';
import { HOSTILE } from '../support/hostile.ts';
import { openPackage } from '../support/package.ts';
import { postComment, rejectRequest } from '../support/public-posts.ts';
import { blinkName, makeRecording } from '../support/recording.ts';
import { run } from '../support/run.ts';
import { TEST_PLACE } from '../support/test-hub.ts';
import { expect, test } from './fixtures.ts';
import { marks } from './marks.ts';

test.use({ hubOptions: { rateLimits: { publish: 1e6, read: 1e6, comment: 1e6 } } });

const screens = ['/', '/?show=for-me', '/library', '/activity', '/settings'] as const;

test('requests, file names, a library and addresses full of markup change nothing but text', async ({
  hub,
  folder,
  resident,
}) => {
  test.setTimeout(180_000);
  expect(HOSTILE.length).toBeGreaterThanOrEqual(60);
  const { page } = resident;
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const now = Math.floor(Date.now() / 1000) * 1000;
  const window = { from: now - 3_600_000, to: now - 3_000_000 };

  const published: string[] = [];
  for (const [index, title] of HOSTILE.entries()) {
    const id = `hostile-${index}`;
    const word = title.slice(0, 60);
    const words = {
      ...{ description: title, placeName: word, incidentType: word, suspectedCrime: word },
      investigator: { name: word, email: word, telephone: word },
    };
    const posted = await hub.publish({ id, title, window, words }).then(
      () => [id],
      () => [],
    );
    published.push(...posted);
  }
  // Some texts no hub takes, such as those that are no well-formed Unicode.
  expect(published.length).toBeGreaterThanOrEqual(55);

  const video = Buffer.from('not really a video');
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const cameras = HOSTILE.map((name, index) => ({
    ...{ id: `c${index}`, name, place: TEST_PLACE, zone: 'UTC', clockOffsetMs: 0, createdAt: 1 },
  }));
  const recordings = HOSTILE.map((name, index) => {
    const text = `video ${index}`;
    return {
      ...{
        id: `r${index}`,
        cameraId: `c${index}`,
        fileName: name,
        relativePath: name,
        bytes: text.length,
        importedAt: 1,
      },
      ...{ sha256: sha256(text), durationMs: 60_000, firstFrameAt: 0, audio: null },
      video: { codec: name.slice(0, 200), width: 640, height: 360, rotation: 0 },
      time: {
        ...{ startMs: window.from, confidence: 'unconfirmed', source: 'blink-utc' },
        candidates: [{ source: 'blink-utc', basis: 'start', zone: 'utc', startsMs: [window.from], evidence: name }],
      },
    };
  });
  const index = {
    format: 'porchlight/library/v1',
    exported: 1,
    cameras,
    recordings,
    shares: [],
    notes: [],
    identity: null,
  };
  const library = join(folder, 'hostile.tar');
  const tar = writeTar([
    { name: 'library.json', content: new Blob([JSON.stringify(index)]) },
    ...HOSTILE.map((_, at) => ({ name: `videos/r${at}`, content: new Blob([`video ${at}`]) })),
  ]);
  await writeFile(library, Buffer.from(await tar.arrayBuffer()));

  await resident.open('/settings');
  await page.getByLabel('Library file').setInputFiles(library);
  await expect(page.getByText(`Imported: ${HOSTILE.length} cameras, ${HOSTILE.length} recordings`)).toBeVisible({
    timeout: 60_000,
  });
  for (const path of screens) {
    await resident.open(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(await marks(page), path).toEqual([]);
  }
  await resident.open();
  await expect(page.getByText('<img src=x onerror="globalThis.pwned=1">').first()).toBeVisible();

  // Every request whole: its notes, its signatures, its investigator.
  for (const [at, id] of published.entries()) {
    await page.evaluate((path) => {
      history.pushState(null, '', path);
      dispatchEvent(new PopStateEvent('popstate'));
    }, `/request/${id}`);
    await expect(page.getByText(`T-${at + 1}`, { exact: true }).first()).toBeVisible();
    expect(await marks(page), id).toEqual([]);
  }

  await resident.open('/library');
  const fields = resident.fileField();
  await fields.setInputFiles(
    HOSTILE.filter((name) => !name.includes('\u0000')).map((name) => ({
      name: `${name.slice(0, 120).replaceAll('/', '⁄')}.mp4`,
      mimeType: 'video/mp4',
      buffer: video,
    })),
  );
  await expect(resident.importStatus()).toContainText('Import finished', { timeout: 60_000 });
  expect(await marks(page)).toEqual([]);

  for (const text of HOSTILE) {
    await page.evaluate((hostile) => {
      const encoded = encodeURIComponent(hostile.toWellFormed());
      for (const path of [
        `/request/${encoded}`,
        `/share/${encoded}`,
        `/agencies/${encoded}`,
        `/review/${encoded}`,
        `/activity?share=${encoded}`,
        `/?show=${encoded}`,
        `/${encoded}`,
        `/#${encoded}`,
      ]) {
        history.pushState(null, '', path);
        dispatchEvent(new PopStateEvent('popstate'));
      }
    }, text);
    expect(await marks(page), text).toEqual([]);
  }
  expect(dialogs).toEqual([]);
});

test('titles and tags inside a recording are only text, up to What leaves this device, and do not leave', async ({
  hub,
  folder,
  resident,
}) => {
  const { page } = resident;
  const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  await hub.publish({ id: 'tags', title: 'Tags', window: { from: start + 4_500, to: start + 9_000 } });
  const plain = await makeRecording(folder, 'plain.mp4', start, { width: 640, height: 360, durationS: 20 });
  // As values of tags, and as the tags' own names, which the page lists. A command line takes neither NUL nor, in a name, an equals sign.
  const texts = HOSTILE.map((text) => text.toWellFormed().replaceAll('\u0000', '').slice(0, 400));
  const names = texts.map((text) => text.replaceAll('=', '\uff1d').slice(0, 60)).filter((name) => name.trim() !== '');
  const file = join(folder, blinkName('yard', start));
  await run(nativeTool('ffmpeg'), [
    ...['-v', 'error', '-i', plain, '-map', '0', '-c', 'copy', '-movflags', 'use_metadata_tags'],
    ...texts.flatMap((text, index) => ['-metadata', `tag-${index}=${text}`]),
    ...names.flatMap((name) => ['-metadata', `${name}=named`]),
    ...['-metadata', `title=${HOSTILE[0]}`, '-metadata:s:v:0', `handler_name=${HOSTILE[3]}`, file],
  ]);
  expect((await readFile(file)).includes('data-pwned')).toBe(true);

  await resident.addCamera('Yard', TEST_PLACE);
  await resident.importFiles([file], 'Yard');
  expect(await marks(page), 'library').toEqual([]);
  await resident.beginShare('Tags');
  await resident.waitForClips(1);
  expect(await marks(page), 'review').toEqual([]);
  await resident.seal();
  await expect(page.getByText('the tag tag-0: gone')).toBeVisible();
  await expect(page.getByText('the tag <script>globalThis.pwned', { exact: false }).first()).toBeVisible();
  expect(await marks(page), 'what leaves').toEqual([]);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save exactly what will be sent' }).click();
  const sealed = join(folder, 'sealed.zip.age');
  await (await saving).saveAs(sealed);
  const { identity } = await demoAgeKey('police');
  const { clips } = await openPackage(sealed, identity, folder);
  const clip = (await readFile(clips[0] ?? '')).toString('latin1');
  expect(['pwned', 'tag-0', 'hostile.example', 'script'].filter((word) => clip.includes(word))).toEqual([]);
});

test('comments, their writers’ names and rejections full of markup are only text, also before the reviewer', async ({
  hub,
  resident,
}) => {
  test.setTimeout(180_000);
  const { page } = resident;
  const now = Math.floor(Date.now() / 1000) * 1000;
  const window = { from: now - 3_600_000, to: now - 3_000_000 };
  await hub.publish({ id: 'open-to-comments', title: 'A request', window });
  let [comments, rejections] = [0, 0];
  for (const [index, text] of HOSTILE.entries()) {
    const name = text.split('\n', 1)[0]?.slice(0, 60) ?? '';
    comments += Number(await postComment(hub.url, 'open-to-comments', name, text.slice(0, 600)));
    if (index % 2 === 1) continue;
    await hub.publish({ id: `rejected-${index}`, title: `Rejected ${index}`, window });
    rejections += Number(await rejectRequest(hub.url, `rejected-${index}`, 'announcement', text.slice(0, 400)));
  }
  // Texts with characters that no note may hold are refused before anybody sees them.
  expect(comments).toBeGreaterThanOrEqual(HOSTILE.length - 10);
  expect(rejections).toBeGreaterThanOrEqual(HOSTILE.length / 2 - 5);

  await resident.openRequest('A request');
  await expect(page.getByRole('heading', { name: `Comments ${comments}` })).toBeVisible();
  await expect(page.getByRole('article').filter({ hasText: '<img data-pwned src=' }).first()).toBeVisible();
  expect(await marks(page), 'comments').toEqual([]);
  await page.getByRole('link', { name: 'Wrenfield Police Department' }).click();
  await expect(page.getByText('The chain holds')).toBeVisible();
  await expect(page.getByText('<script>globalThis.pwned=1</script>').first()).toBeVisible();
  expect(await marks(page), 'history').toEqual([]);
  await resident.open('/?show=resolved');
  await expect(page.getByText('<script>globalThis.pwned=1</script>').first()).toBeVisible();
  expect(await marks(page), 'closed requests').toEqual([]);
  await resident.open('/review/comments');
  await page.getByRole('button', { name: 'Be the demo’s reviewer' }).click();
  await page.getByRole('link', { name: 'Comments' }).click();
  await expect(page.getByRole('button', { name: 'Remove as reviewer…' }).nth(comments - 1)).toBeVisible();
  expect(await marks(page), 'moderation').toEqual([]);
});
