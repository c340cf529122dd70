/** The egress ledger: what is written down about every request, hash-chained so that a line taken out or changed shows. */
import type { LedgerEntry } from './share.ts';
import type { Sha256Hex } from './units.ts';

/** A line as it is kept. Lines of a version without the chain have neither `hash` nor `prev`. */
export interface LedgerLine extends LedgerEntry {
  /** The running number, from 1; it goes on when the ledger is cleared. */
  readonly seq: number;
  /** `hash` of the line before; of the first line ever, SHA-256 of the lines from before the chain (core/ledger-chain.ts). */
  readonly prev?: Sha256Hex;
  readonly hash?: Sha256Hex;
}

/** Whether the chain holds; else the first line that does not fit. */
export type LedgerCheck =
  | { readonly ok: true; readonly lines: number; readonly head: Sha256Hex | null }
  | { readonly ok: false; readonly lines: number; readonly brokenAt: number };

/** One request: the line that was written before it left, together with the one that was written after. */
export interface LedgerRequest extends LedgerEntry {
  readonly seq: number;
  /** False when the page was closed before an answer was written down. */
  readonly answered: boolean;
}

/** The same bytes seen by three who do not trust each other; null where one has nothing to say yet. */
export interface HashAgreement {
  /** SHA-256 of what the ledger says has left, put together from its lines. */
  readonly ledger: Sha256Hex | null;
  /** SHA-256 of the package when it was inspected and sealed. */
  readonly inspected: Sha256Hex;
  /** SHA-256 that the hub signed for. */
  readonly receipt: Sha256Hex | null;
  readonly agree: boolean;
  /** What differs, as one sentence; empty when nothing does. */
  readonly problem: string;
}
