/** Reads MP4, MOV, 3GP, Matroska, WebM and MPEG transport streams with mediabunny, and what it leaves out by ourselves. */
import {
  BlobSource,
  BufferSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MATROSKA,
  MatroskaInputFormat,
  MP4,
  MPEG_TS,
  MpegTsInputFormat,
  QTFF,
  WEBM,
} from 'mediabunny';
import type { AudioFacts, ContainerKind, VideoFacts } from '../../src/contracts/library.ts';
import { failure, ok } from '../../src/contracts/result.ts';
import { guarded } from '../../src/core/guarded-source.ts';
import type { ByteSource } from './byte-source.ts';
import { codecFamily } from './codecs.ts';
import { beginsWithBox } from './container.ts';
import { type ContentsResult, noFrames, noVideo, unknownCodec, upright } from './contents.ts';
import { readCreationTime } from './creation-time.ts';
import { readMatroskaDate } from './matroska.ts';
import { readTransport, type TransportFacts } from './mpeg-ts.ts';
import { thumbnailOf, thumbnailOfPicture } from './picture.ts';
import { readStartBox } from './start-box.ts';

const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

/** Sample entries of protected video (ISO/IEC 23001-7 §4.1). */
const ENCRYPTED = 'encv';

export interface Opened {
  readonly input: Input;
  /** Draws and dispose: the input stays open until then. */
  close(): void;
}

/** The caller closes it when thumbnail and facts are read. */
export const openInput = (file: Blob, { whole }: ByteSource): Opened => {
  const source = guarded(whole ? new BufferSource(whole) : new BlobSource(file));
  const input = new Input({ source, formats: FORMATS });
  return { input, close: () => input.dispose() };
};

const videoFacts = async (track: InputVideoTrack, transport: TransportFacts | null): Promise<VideoFacts | null> => {
  const own = await track.getInternalCodecId();
  const codec =
    (await track.getCodecParameterString()) ??
    (await track.getCodec()) ??
    (typeof own === 'string' ? codecFamily(own) : null);
  if (codec === null) return null;
  // In a transport stream only the sequence header tells that lines come by fields.
  if (transport?.elementary) return upright(codec, transport.elementary.width, transport.elementary.height);
  const [width, height, rotation] = await Promise.all([
    track.getDisplayWidth(),
    track.getDisplayHeight(),
    track.getRotation(),
  ]);
  return { codec, width, height, rotation };
};

const audioFacts = async (track: InputAudioTrack | null): Promise<AudioFacts | null> => {
  if (!track) return null;
  const codec = (await track.getCodecParameterString()) ?? String((await track.getInternalCodecId()) ?? 'unknown');
  const [channels, sampleRate] = await Promise.all([track.getNumberOfChannels(), track.getSampleRate()]);
  return { codec, channels, sampleRate };
};

const noTracks = async (bytes: ByteSource): Promise<ContentsResult> =>
  beginsWithBox(await bytes.read(0, 16), bytes.size)
    ? failure(
        'damaged',
        'This video is incomplete: the part that lists its contents is missing. Copy it from the camera again.',
      )
    : failure('not-a-video', 'This is not a video, whatever its name says.');

/** What the transport stream itself says, for video that mediabunny does not know (MPEG-2). */
const fromTransport = ({ elementary, shown, videoType, sound }: TransportFacts): ContentsResult => {
  if (videoType === null) return sound ? noVideo() : noFrames();
  if (!elementary) return unknownCodec(`stream type ${videoType}`);
  if (!shown) return noFrames();
  return ok({
    container: 'mpeg-ts' as const,
    video: upright(elementary.codec, elementary.width, elementary.height),
    audio: sound === null ? null : { codec: sound, channels: 0, sampleRate: 0 },
    ...shown,
    ...{ creationMs: null, creationWallClock: null, zeroMs: null },
    thumbnail: () => thumbnailOfPicture(elementary.picture),
  });
};

const fromTrack = async (
  { input }: Opened,
  track: InputVideoTrack,
  bytes: ByteSource,
  transport: TransportFacts | null,
): Promise<ContentsResult> => {
  const own = await track.getInternalCodecId();
  if (own === ENCRYPTED) {
    return failure('encrypted', 'This recording is encrypted by its maker. Export it again without protection.');
  }
  const video = await videoFacts(track, transport);
  if (!video) return unknownCodec(typeof own === 'string' ? own : 'unknown');
  const audio = await audioFacts(await input.getPrimaryAudioTrack());
  const [first, endsAt] = [await track.getFirstTimestamp(), await track.computeDuration()];
  // Frames before 0 are hidden by the file's own edit list.
  const firstFrameAt = Math.max(0, first);
  if (!(endsAt > firstFrameAt && Number.isFinite(endsAt) && video.width > 0 && video.height > 0)) return noFrames();
  const format = await input.getFormat();
  const container: ContainerKind =
    format instanceof MatroskaInputFormat ? 'matroska' : format instanceof MpegTsInputFormat ? 'mpeg-ts' : 'mp4';
  const isIso = container === 'mp4';
  return ok({
    ...{ container, video, audio, firstFrameAt, endsAt },
    creationMs: isIso ? await readCreationTime(bytes) : container === 'matroska' ? await readMatroskaDate(bytes) : null,
    creationWallClock: null,
    zeroMs: isIso ? await readStartBox(bytes, track.id) : null,
    thumbnail: () => thumbnailOf(track, firstFrameAt),
  });
};

/** May throw for what is in the file, as mediabunny does. */
export const readWithMediabunny = async (opened: Opened, bytes: ByteSource): Promise<ContentsResult> => {
  const { input } = opened;
  if (!(await input.canRead())) {
    const transport = await readTransport(bytes);
    if (transport) return fromTransport(transport);
    return failure(
      'not-a-video',
      'Files that can be read here are MP4, MOV, 3GP, MKV, WebM, AVI, FLV, MPEG-TS and MPEG-PS.',
    );
  }
  const transport = (await input.getFormat()) instanceof MpegTsInputFormat ? await readTransport(bytes) : null;
  const tracks = await input.getTracks();
  const track = await input.getPrimaryVideoTrack();
  if (track) return fromTrack(opened, track, bytes, transport);
  if (transport) return fromTransport(transport);
  return tracks.length === 0 ? noTracks(bytes) : noVideo();
};
