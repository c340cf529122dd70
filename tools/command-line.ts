/** What every command of the project does with its words: `--help` prints how it is used, a wrong option says so in a sentence. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Parsed<Config extends ParseArgsConfig> = ReturnType<typeof parseArgs<Config>>;

/** Prints the problem and how the command is used, and ends the process with 2, the status of wrong usage. */
export const wrongUsage = (problem: string, usage: string): never => {
  console.error(`${problem}\n\n${usage}`);
  process.exit(2);
};

/**
 * The options and words of this process, as `parseArgs` of Node reads them. Does not return where there is nothing to do:
 * `--help` prints `usage` and ends with 0; an option that `config` does not have, or one without its value, ends with 2.
 */
export const readCommandLine = <const Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): Parsed<Config> => {
  if (process.argv.includes('--help')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    // Node adds advice on escaping behind the first sentence.
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    return wrongUsage(`${problem}.`, usage);
  }
};
