/** Opens a file that is sealed with a passphrase, with the age command, which asks for it at a terminal: `script` (util-linux) is that terminal. */
import { execFileSync } from 'node:child_process';
import { findOnPath } from '../../tools/find-on-path.ts';
import { nativeTool } from '../../tools/find-native.ts';

/** Null where there is no such terminal; then nobody asked age. Throws when age does not open it. Paths without quotes, please. */
export const openWithPassphrase = (sealed: string, passphrase: string, into: string): string | null => {
  const terminal = process.platform === 'linux' ? findOnPath(['script']) : null;
  if (terminal === null) return null;
  const command = `'${nativeTool('age')}' --decrypt --output '${into}' '${sealed}'`;
  execFileSync(terminal, ['--quiet', '--return', '--command', command, '/dev/null'], {
    input: `${passphrase}\n`,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return into;
};
