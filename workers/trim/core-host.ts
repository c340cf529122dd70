/** The worker in which an ffmpeg core runs: @ffmpeg/ffmpeg's own, under the policy that lets a core with threads start them from this origin. */
import './core-from-module.ts';
import { stopWhenTold } from './stop-flag.ts';
import './trusted-types.ts';
import '@ffmpeg/ffmpeg/worker';

stopWhenTold();
