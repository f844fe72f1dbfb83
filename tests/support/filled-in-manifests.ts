import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account';

export interface UserValues {
  readonly account: Account;
  /** Values of the Secret that differ from the account's; undefined leaves a key out. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
  /** Values of the ConfigMap that differ from the manifest's. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Does to a copy of `deploy/` what the user does: fills in the addresses of the account's servers, and the credentials.
 * The CronJob makes no Jobs by itself until it is told to.
 */
export async function fillInManifests(manifests: string, { account, secrets, settings }: UserValues): Promise<void> {
  const edit = async (from: string, to: string, replace: (text: string) => string): Promise<void> => {
    const before = await readFile(join(manifests, from), 'utf8');
    const after = replace(before);
    if (after === before) throw new Error(`nothing to fill in in ${from}`);
    await writeFile(join(manifests, to), after);
  };
  const config = {
    MAILROOM_JMAP_SESSION_URL: account.sessionUrl,
    MAILROOM_CARDDAV_URL: account.carddavUrl,
    ...settings,
  };
  await edit('20-config.yaml', '20-config.yaml', (text) =>
    Object.entries(config).reduce(
      (rest, [name, value]) => rest.replace(new RegExp(`^  ${name}: .+`, 'm'), `  ${name}: ${JSON.stringify(value)}`),
      text,
    ),
  );
  const values: Readonly<Record<string, string | undefined>> = {
    MAILROOM_JMAP_TOKEN: account.token,
    MAILROOM_CARDDAV_USERNAME: account.username,
    MAILROOM_CARDDAV_PASSWORD: account.password,
    ...secrets,
  };
  await edit('secret.yaml.example', 'secret.yaml', (text) =>
    text.replace(/^ {2}(MAILROOM_\w+): ""\n/gm, (_, name: string) =>
      values[name] === undefined ? '' : `  ${name}: ${JSON.stringify(values[name])}\n`,
    ),
  );
  // The time of day must not make Jobs that a test does not expect.
  await edit('40-cronjob.yaml', '40-cronjob.yaml', (text) => text.replace(/^ {2}schedule: .+/m, '$&\n  suspend: true'));
}
