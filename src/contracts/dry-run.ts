/** A dry run: a share carried out to the end against a sink inside the page. */
import type { Sha256Hex } from './units.ts';

/** A request as it would have left, the page's own headers included. */
export interface DryRunRequest {
  readonly purpose: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  readonly bodySha256: Sha256Hex | null;
}

export interface DryRun {
  readonly requests: readonly DryRunRequest[];
  /** What the sink received, put together; its SHA-256 is the sealed package's. */
  readonly bytes: Blob;
  readonly sha256: Sha256Hex;
}
