/** The inspect worker's entry: exposes the audit, nothing else. */
import { expose } from 'comlink';
import type { InspectApi } from '../src/contracts/inspect-api.ts';
import { audit } from './inspect/audit.ts';

const api: InspectApi = { audit };
expose(api);
