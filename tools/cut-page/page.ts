/** The page behind `npm run cut`: the product's own trimmer and inspector, driven from the command line. */
import { createInspector } from '../../src/bridge/inspect.ts';
import { createTrimmer } from '../../src/bridge/trim.ts';
import type { TrimJob } from '../../src/contracts/trim-api.ts';
import type { CutOutcome } from './outcome.ts';

const trimmer = createTrimmer();
const inspector = createInspector();

const element = <E extends Element>(selector: string, type: new () => E): E => {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`no ${selector} on this page`);
  return found;
};

/** Cuts the chosen recording and audits the clip; a clip that passed waits behind the link. */
const cut = async (job: TrimJob): Promise<CutOutcome> => {
  const recording = element('#recording', HTMLInputElement).files?.[0];
  if (!recording) return { ok: false, reason: 'unreadable', detail: 'No recording was chosen.', ms: 0 };
  const link = element('#clip', HTMLAnchorElement);
  URL.revokeObjectURL(link.href);
  const started = performance.now();
  const trimmed = await trimmer.trim(recording, job, { onProgress: () => undefined });
  if (!trimmed.ok) return { ...trimmed, ms: performance.now() - started };
  const { bytes, facts } = trimmed.value;
  const { from, to, mode, mute } = job;
  const audit = await inspector.audit(bytes, recording, { from, to, mode, mute, missing: facts.missing });
  const ms = performance.now() - started;
  if (!audit.ok) return { ...audit, ms };
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'video/mp4' }));
  return { ok: true, facts, audit: audit.value, ms };
};

declare global {
  var porchlightCut: typeof cut;
}
globalThis.porchlightCut = cut;
