/** Where a hub keeps things, from the environment: `DATABASE_URL`, `S3_ENDPOINT`, `S3_BUCKET`, `S3_ACCESS_KEY_ID`, `S3_SECRET_ACCESS_KEY`, `S3_REGION`, `TRUST_PROXY`. */
import { failure, ok, type Result } from '../src/contracts/result.ts';
import type { HubOptions } from './options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Nothing set: the embedded database and the data folder. `bad-environment` when S3 is set in part. */
export const storesFromEnvironment = (
  environment: Environment,
): Result<Pick<HubOptions, 'databaseUrl' | 's3' | 'trustProxy'>, 'bad-environment'> => {
  const given = (name: string): string | undefined => (environment[name] === '' ? undefined : environment[name]);
  const common = { databaseUrl: given('DATABASE_URL'), trustProxy: given('TRUST_PROXY') === '1' };
  const endpoint = given('S3_ENDPOINT');
  if (endpoint === undefined) return ok(common);
  const [bucket, accessKeyId, secretAccessKey] = ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'].map(given);
  if (!URL.canParse(endpoint) || bucket === undefined || accessKeyId === undefined || secretAccessKey === undefined) {
    return failure(
      'bad-environment',
      'S3_ENDPOINT is set: then it is an address, and S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are needed too.',
    );
  }
  const region = given('S3_REGION');
  return ok({
    ...common,
    s3: { endpoint, bucket, accessKeyId, secretAccessKey, ...(region === undefined ? {} : { region }) },
  });
};
