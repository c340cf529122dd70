/**
 * `npm run agency -- COMMAND`: an agency's and a reviewer's work from the command line, for those that automate.
 *
 *     keygen  --role agency|reviewer --name police.example --out keys.json
 *     post    --hub URL --keys keys.json --request request.json      the fields of a request without id, agency, seq, prev, posted
 *     resolve --hub URL --keys keys.json --request ID [--withdraw] --reason TEXT
 *     inbox   --hub URL --keys keys.json [--json]
 *     open    --hub URL --keys keys.json --package ID --out FOLDER   or: open --keys keys.json --file PACKAGE.age --out FOLDER
 *
 * It verifies the directory against PORCHLIGHT_ROOT_KEY (without it, the demo town's root key) and the agency's chain before it signs.
 * Exit code 0: done; 1: refused, with the reason on standard error; 2: wrong usage.
 */
import { parseArgs } from 'node:util';
import { generateKeys, readKeys } from './agency/keys.ts';
import { closeRequest, postRequest } from './agency/post.ts';
import { listInbox, openPackage } from './agency/inbox.ts';
import type { Result } from '../src/contracts/result.ts';

const USAGE = 'Usage: npm run agency -- keygen|post|resolve|inbox|open … (see tools/agency.ts)';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    role: { type: 'string', default: 'agency' },
    name: { type: 'string' },
    out: { type: 'string' },
    hub: { type: 'string' },
    keys: { type: 'string' },
    request: { type: 'string' },
    withdraw: { type: 'boolean', default: false },
    reason: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    package: { type: 'string' },
    file: { type: 'string' },
  },
});

class Usage extends Error {}

const needed = (name: 'name' | 'out' | 'hub' | 'keys' | 'request' | 'package'): string => {
  const value = values[name];
  if (value === undefined || value === '') throw new Usage(`--${name} is missing.`);
  return value;
};

const run = async (): Promise<Result<string, string>> => {
  const command = positionals[0] ?? '';
  switch (command) {
    case 'keygen':
      return generateKeys(values.role === 'reviewer' ? 'reviewer' : 'agency', needed('name'), needed('out'));
    case 'post':
      return postRequest(needed('hub'), await readKeys(needed('keys')), needed('request'));
    case 'resolve': {
      const status = values.withdraw ? 'withdrawn' : 'resolved';
      return closeRequest(needed('hub'), await readKeys(needed('keys')), needed('request'), status, values.reason);
    }
    case 'inbox':
      return listInbox(needed('hub'), await readKeys(needed('keys')), values.json);
    case 'open': {
      const keys = await readKeys(needed('keys'));
      const from = values.file === undefined ? { hub: needed('hub'), id: needed('package') } : { file: values.file };
      return openPackage(keys, from, needed('out'));
    }
    default:
      throw new Usage(USAGE);
  }
};

try {
  const result = await run();
  if (result.ok) console.log(result.value);
  else console.error(`${result.reason}: ${result.detail}`);
  process.exitCode = result.ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof Usage ? 2 : 1;
}
