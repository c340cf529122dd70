/** Every command of the project: `--help` tells how it is used, and a wrong option is told in a sentence, not in a stack trace. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../support/run.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const COMMANDS = Object.entries(scripts).flatMap(([name, command]) => {
  const script = /^node (\S+\.ts)$/.exec(command)?.[1];
  return script === undefined ? [] : [{ name, script: join(PROJECT, script) }];
});

/** Each command starts twice, and again with every run of the tests: what is compiled once need not be compiled again. */
const options = { env: { ...process.env, NODE_COMPILE_CACHE: join(PROJECT, '.cache/compiled') } };

describe.concurrent('the commands', { timeout: 60_000 }, () => {
  it.for(COMMANDS)('npm run $name tells how it is used', async ({ name, script }) => {
    const { stdout, stderr } = await run(process.execPath, [script, '--help'], options);
    expect(stdout).toMatch(new RegExp(`^(.*\n)*Usage:\\s+npm (run )?${name} `));
    expect(stderr).toBe('');
  });

  it.for(COMMANDS)('npm run $name says what is wrong with an option', async ({ script }) => {
    await expect(run(process.execPath, [script, '--nonsense'], options)).rejects.toMatchObject({
      message: expect.stringMatching(/--nonsense\nUnknown option '--nonsense'\.\n\n(.*\n)*Usage:/),
      cause: { code: 2 },
    });
  });
});
