/** AAC framing and fill elements, on headers made by hand; decoded by native ffmpeg, the sound is the same with and without. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeTool } from '../../../../tools/find-native.ts';
import { readAdts, withoutLeadingFill } from '../../../../workers/trim/aac.ts';
import { run } from '../../../support/run.ts';

describe('readAdts', () => {
  it('makes the AudioSpecificConfig of the same stream', () => {
    // MPEG-4, no CRC, LC, 48 kHz (index 3), stereo.
    const header = Uint8Array.from([0xff, 0xf1, 0x4c, 0x80, 0x01, 0x1f, 0xfc, 0x21]);
    expect(readAdts(header)).toEqual({
      bytes: 7,
      channels: 2,
      sampleRate: 48_000,
      audioSpecificConfig: Uint8Array.from([0x11, 0x90]),
    });
  });

  it('is null for a packet without such a header', () => {
    expect(readAdts(Uint8Array.from([0xde, 0x02, 0x00, 0x4c, 0x61, 0x76, 0x63, 0x35]))).toBeNull();
    expect(readAdts(Uint8Array.from([0xff, 0xf1]))).toBeNull();
  });

  it('is null when the stream itself says its channels, or a frame holds several blocks', () => {
    expect(readAdts(Uint8Array.from([0xff, 0xf1, 0x4c, 0x00, 0x01, 0x1f, 0xfc, 0x21]))).toBeNull();
    expect(readAdts(Uint8Array.from([0xff, 0xf1, 0x4c, 0x80, 0x01, 0x1f, 0xfd, 0x21]))).toBeNull();
  });
});

describe('withoutLeadingFill', () => {
  it('leaves a packet alone that begins with sound', () => {
    const packet = Uint8Array.from([0x21, 0x1b, 0x80, 0x4c]);
    expect(withoutLeadingFill(packet)).toBe(packet);
  });

  it('takes the encoder’s name out of a real stream, and not one sample of its sound', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'porchlight-aac-'));
    const ffmpeg = (...args: readonly string[]) => run(nativeTool('ffmpeg'), ['-v', 'error', '-y', ...args]);
    const named = join(folder, 'named.aac');
    const blanked = join(folder, 'blanked.aac');
    await ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '20', '-c:a', 'aac', named);
    const stream = new Uint8Array(await readFile(named));
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
    expect(text(stream)).toContain('Lavc');
    for (let at = 0; at < stream.length;) {
      const header = readAdts(stream.subarray(at));
      if (header === null) throw new Error(`no ADTS header at ${at}`);
      const [, , , three = 0, four = 0, five = 0] = stream.subarray(at);
      const length = ((three & 3) << 11) | (four << 3) | (five >> 5);
      stream.set(withoutLeadingFill(stream.slice(at + header.bytes, at + length)), at + header.bytes);
      at += length;
    }
    expect(text(stream)).not.toContain('Lavc');
    await writeFile(blanked, stream);
    const sound = async (file: string): Promise<string> => {
      await ffmpeg('-i', file, '-f', 'md5', `${file}.md5`);
      return readFile(`${file}.md5`, 'utf8');
    };
    expect(await sound(blanked)).toBe(await sound(named));
    await rm(folder, { recursive: true, force: true });
  });
});
