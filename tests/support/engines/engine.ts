/** A browser that plays clips for the tests and shows single frames of them. */

/** What the engine showed at each time asked for: brightness (0–255) of a 96 × 54 likeness, row by row. */
export type Shown =
  | { readonly kind: 'shown'; readonly pictures: readonly Uint8Array[]; readonly duration: number }
  /** The engine says itself that it has no decoder for this type. */
  | { readonly kind: 'no-codec' }
  | { readonly kind: 'failed'; readonly why: string };

export interface Engine {
  readonly name: string;
  /** Loads the clip at `url` and seeks to each of `times` (seconds) in turn. `type` is its MIME type with codecs. */
  show(url: string, type: string, times: readonly number[]): Promise<Shown>;
  close(): Promise<void>;
}

/** What the player page's `showFrames` answers: pictures as strings of characters 0–255, which every driver can carry. */
export interface PlayerAnswer {
  readonly kind: 'shown' | 'no-codec' | 'failed';
  readonly why: string;
  readonly pictures: readonly string[];
  readonly duration: number;
}

export const shownOf = ({ kind, why, pictures, duration }: PlayerAnswer): Shown => {
  if (kind === 'failed') return { kind, why };
  if (kind === 'no-codec') return { kind };
  return { kind, duration, pictures: pictures.map((text) => Uint8Array.from(text, (char) => char.charCodeAt(0))) };
};
