/** What `/demo/town.json` says: the invented town's cameras and recordings, offered by a hub that runs the demo. */
import * as v from 'valibot';

const DemoCameraSchema = v.object({
  id: v.string(),
  name: v.string(),
  place: v.nullable(v.pipe(v.tuple([v.number(), v.number()]), v.readonly())),
  zone: v.string(),
  clockOffsetMs: v.number(),
  createdAt: v.number(),
});

const DemoRecordingSchema = v.object({
  /** Path under `/demo/recordings/`, which is also the relative path it is imported with. */
  path: v.string(),
  cameraId: v.string(),
  bytes: v.number(),
  /** The recording's modification time, as the camera would have left it. */
  lastModified: v.number(),
});
export type DemoRecording = v.InferOutput<typeof DemoRecordingSchema>;

export const DemoTownFileSchema = v.object({
  cameras: v.pipe(v.array(DemoCameraSchema), v.readonly()),
  recordings: v.pipe(v.array(DemoRecordingSchema), v.readonly()),
});
export type DemoTownFile = v.InferOutput<typeof DemoTownFileSchema>;
