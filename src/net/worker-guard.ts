/** The first import of every worker, put there by the build (tools/own-origin-only.ts): other doors closed, blocked attempts told. */
import { tellBlocked } from './blocked.ts';
import './close-doors.ts';

const name: unknown = Reflect.get(globalThis, 'name');

// @ffmpeg/ffmpeg gives its own worker no name.
tellBlocked(globalThis, `the worker “${typeof name === 'string' && name !== '' ? name : 'ffmpeg'}”`);
