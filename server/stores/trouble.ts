/** A store that is full or cannot be reached, told apart from bugs: the first are answered with 507 and 503, and pass. */

export type Trouble = 'storage-full' | 'storage-unavailable';

/** Thrown by stores that reach outside the process by other means than the database or the file system. */
export class StoreUnavailable extends Error {}

const codesOf = (error: unknown): string[] => {
  const codes: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    if (at instanceof AggregateError) codes.push(...at.errors.flatMap(codesOf));
  }
  return codes;
};

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', '53100']);
/** Node's, and PostgreSQL's classes 08 (connection), 53 (resources), 57P (shutdown): postgresql.org/docs/current/errcodes-appendix.html */
const UNREACHABLE = /^(ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EIO|08...|53...|57P..|25006)$/;
/** What node-postgres says without a code. */
const LOST = /connection terminated|timeout exceeded when trying to connect|client was closed|not queryable/i;

/** What kind of trouble an error is; null for a bug. */
export const troubleOf = (error: unknown): Trouble | null => {
  const codes = codesOf(error);
  if (codes.some((code) => FULL.has(code))) return 'storage-full';
  const message = error instanceof Error ? error.message : '';
  if (error instanceof StoreUnavailable || codes.some((code) => UNREACHABLE.test(code)) || LOST.test(message)) {
    return 'storage-unavailable';
  }
  return /no space left on device|could not extend file|disk full/i.test(message) ? 'storage-full' : null;
};
