/** The import worker: exposes the engine and nothing else. */
import { expose } from 'comlink';
import type { ImportApi } from '../src/contracts/import-api.ts';
import { probe } from './import/probe.ts';

const api: ImportApi = { probe };

expose(api);
