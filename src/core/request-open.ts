/** Whether a request takes anything at all, and if not, which of its checks stands in the way. */
import type { RequestClosed } from '../contracts/match-api.ts';
import type { RequestView } from '../contracts/public-record.ts';
import type { EpochMs } from '../contracts/units.ts';

/** Null when it is open: signed, reviewed, within its policy, from an active agency, and not past its end. A broken rule is named before the status it leads to. */
export const requestClosed = (view: RequestView | null, now: EpochMs): RequestClosed | null => {
  if (view === null) return { kind: 'request-missing' };
  const broken = view.rules.findIndex((rule) => !rule.holds);
  const rule = view.rules[broken];
  const { problem } = view;
  if (problem !== null && problem.kind !== 'breaks-policy') return { kind: 'request-refused', detail: problem.detail };
  if (rule) return { kind: 'breaks-rule', number: broken + 1, rule: rule.rule, detail: rule.detail };
  if (problem !== null) return { kind: 'request-refused', detail: problem.detail };
  if (view.status !== 'open') return { kind: 'request-closed', status: view.status };
  if (view.agency?.status !== 'active') return { kind: 'agency-inactive' };
  // `!(… > …)` so that an unreadable date, which is NaN, counts as past.
  if (!(Date.parse(view.request.expires) > now)) return { kind: 'request-expired' };
  return null;
};

/** One sentence for a person. */
export const sayClosed = (closed: RequestClosed): string => {
  switch (closed.kind) {
    case 'request-missing':
      return 'This request is not in the public record any more.';
    case 'request-refused':
      return `This request cannot be answered: ${closed.detail}`;
    case 'breaks-rule':
      return `This request breaks rule ${closed.number}: ${closed.detail}`;
    case 'request-closed':
      return `This request is ${closed.status}; nothing can be shared with it.`;
    case 'agency-inactive':
      return 'The agency that asks is not an active one of the directory.';
    case 'request-expired':
      return 'This request has expired.';
  }
};
