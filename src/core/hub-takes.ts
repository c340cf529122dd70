/** What the hub that this page reads takes beside being read: a host of plain files takes nothing. */
import type { PublicRecord } from '../contracts/public-record.ts';
import type { HubService } from '../contracts/request.ts';

/** Unknown counts as yes: then it is tried, and the hub answers for itself. */
export const hubTakes = (record: Pick<PublicRecord, 'accepts'> | null, service: HubService): boolean =>
  record?.accepts?.includes(service) ?? true;
