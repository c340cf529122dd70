/** How expected failures travel: returned as data with a reason from a documented union, never thrown. */

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** `reason` is for code to switch on, `detail` is one plain sentence for a person. */
export interface Failure<R extends string> {
  readonly ok: false;
  readonly reason: R;
  readonly detail: string;
}

export type Result<T, R extends string> = Ok<T> | Failure<R>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

export const failure = <R extends string>(reason: R, detail: string): Failure<R> => ({
  ok: false,
  reason,
  detail,
});
