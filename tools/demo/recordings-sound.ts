/** The demo scenes' sound: the place's own noise, cars passing, steps, and a beep at every full second so that a cut can be heard. */
import type { Seconds } from '../../src/contracts/units.ts';
import type { MovingScene, Span } from './recordings-scenes.ts';

export const SAMPLE_RATE = 16_000;

const STEP_EVERY_S = 1 / 1.8;
const BEEP_HZ = 1_000;
const BEEP_S = 0.05;

/** Repeatable noise in -1…1 (mulberry32): the same recordings on every machine. */
const noise = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x80000000 - 1;
  };
};

/** 0 outside a span, rising to 1 in its middle. */
const swell = (spans: readonly Span[], t: Seconds): number =>
  spans.reduce((loud, [from, to]) => {
    if (t < from || t >= to) return loud;
    return Math.max(loud, Math.sin((Math.PI * (t - from)) / (to - from)) ** 2);
  }, 0);

const stepAt = (spans: readonly Span[], t: Seconds): number => {
  for (const [from, to] of spans) {
    if (t >= from && t < to) return Math.exp(-((t - from) % STEP_EVERY_S) * 60);
  }
  return 0;
};

/** Mono signed 16-bit samples at 16 kHz, `durationS` seconds of them. */
export const sceneSound = (scene: MovingScene, durationS: Seconds): Int16Array<ArrayBuffer> => {
  const samples = new Int16Array(Math.round(durationS * SAMPLE_RATE));
  const random = noise(20_261);
  let low = 0;
  for (let index = 0; index < samples.length; index++) {
    const t = index / SAMPLE_RATE;
    const white = random();
    low += (white - low) * 0.05;
    const beep = t % 1 < BEEP_S ? Math.sin(2 * Math.PI * BEEP_HZ * t) * 0.12 : 0;
    const level =
      low * (0.35 * scene.ambience + 1.2 * swell(scene.cars, t)) + white * 0.25 * stepAt(scene.walks, t) + beep;
    samples[index] = Math.max(-1, Math.min(1, level)) * 32_000;
  }
  return samples;
};
