/** `npm run agency -- COMMAND`: an agency's and a reviewer's work from the command line, for those that automate. */
import { generateSigner, signDirectory } from './agency/operator.ts';
import { generateKeys, readKeys, type Keys } from './agency/keys.ts';
import { closeRequest, postRequest } from './agency/post.ts';
import { listInbox, openPackage } from './agency/inbox.ts';
import { readCommandLine, wrongUsage } from './command-line.ts';
import type { Result } from '../src/contracts/result.ts';

const USAGE = `Usage: npm run agency -- COMMAND …

keygen   [--role agency|reviewer] --name police.example --out keys.json
post     --hub URL --keys keys.json --request request.json
         the fields of a request without id, agency, seq, prev and posted
resolve  --hub URL --keys keys.json --request ID [--withdraw] --reason TEXT
inbox    --hub URL --keys keys.json [--json]
open     --hub URL --keys keys.json --package ID --out FOLDER
         or, for a file that somebody handed over: --keys keys.json --file PACKAGE.age --out FOLDER

For whoever runs a hub:
keygen     --role root|hub --name root.example --out root.key
directory  --root-key root.key --directory directory.json --out directory.note

Before it signs it verifies the directory against PORCHLIGHT_ROOT_KEY (without it, the demo town's root key) and the
agency's own history.
A key file that the page sealed needs its passphrase in PORCHLIGHT_PASSPHRASE.

Exit status: 0 done; 1 refused, with the reason on standard error; 2 wrong usage.`;

const { values, positionals } = readCommandLine(USAGE, {
  allowPositionals: true,
  options: {
    role: { type: 'string', default: 'agency' },
    name: { type: 'string' },
    'root-key': { type: 'string' },
    directory: { type: 'string' },
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

type Needed = 'name' | 'out' | 'hub' | 'request' | 'package' | 'root-key' | 'directory';
const needed = (name: Needed): string => {
  const value = values[name];
  return value === undefined || value === '' ? wrongUsage(`--${name} is missing.`, USAGE) : value;
};

const makeKeys = (): Promise<Result<string, string>> => {
  const { role } = values;
  if (role === 'agency' || role === 'reviewer') return generateKeys(role, needed('name'), needed('out'));
  if (role === 'root' || role === 'hub') return generateSigner(role, needed('name'), needed('out'));
  return wrongUsage(`--role is agency, reviewer, root or hub, not “${role}”.`, USAGE);
};

const SIGNED: Readonly<Record<string, (keys: Keys) => Promise<Result<string, string>>>> = {
  post: (keys) => postRequest(needed('hub'), keys, needed('request')),
  resolve: (keys) => {
    const status = values.withdraw ? 'withdrawn' : 'resolved';
    return closeRequest(needed('hub'), keys, needed('request'), status, values.reason);
  },
  inbox: (keys) => listInbox(needed('hub'), keys, values.json),
  open: (keys) => {
    const from = values.file === undefined ? { hub: needed('hub'), id: needed('package') } : { file: values.file };
    return openPackage(keys, from, needed('out'));
  },
};

const run = async (): Promise<Result<string, string>> => {
  const [command = ''] = positionals;
  if (command === 'keygen') return makeKeys();
  if (command === 'directory') return signDirectory(needed('root-key'), needed('directory'), needed('out'));
  const work = Object.hasOwn(SIGNED, command) ? SIGNED[command] : undefined;
  if (work === undefined) return wrongUsage(command === '' ? 'Which command?' : `There is no ${command}.`, USAGE);
  if (values.keys === undefined) return wrongUsage('--keys is missing.', USAGE);
  const keys = await readKeys(values.keys);
  return keys.ok ? work(keys.value) : keys;
};

const result = await run();
if (result.ok) console.log(result.value);
else console.error(`${result.reason}: ${result.detail}`);
process.exitCode = result.ok ? 0 : 1;
