/** What the cold bench's workers answer. */

export interface Cold {
  /** Making the requests, which is not part of it. */
  readonly madeMs: number;
  readonly matches: number;
}

export interface ColdApi {
  run(name: string): Promise<Cold>;
}
