/** What the cut page answers for one job. */
import type { AuditReport } from '../../src/contracts/inspect-api.ts';
import type { TrimFacts } from '../../src/contracts/trim-api.ts';

export type CutOutcome =
  | { readonly ok: true; readonly facts: TrimFacts; readonly audit: AuditReport; readonly ms: number }
  | { readonly ok: false; readonly reason: string; readonly detail: string; readonly ms: number };
