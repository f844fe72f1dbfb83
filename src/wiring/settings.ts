import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type Environment, readSettings, type Settings } from '../config';
import { MailroomError } from '../errors';
import type { Runtime } from './runtime';

/** Settings from the environment and from `.env` in the current folder. Throws `settings` with all faults. */
export async function settingsFor({ environment }: Runtime): Promise<Settings> {
  const dotEnv = readDotEnv();
  const listed = environment['MAILROOM_CATEGORIES'] || dotEnv['MAILROOM_CATEGORIES'];
  return readSettings(environment, dotEnv, listed ? (await import('../yaml')).parseYaml : undefined);
}

/** Settings, or the fault for a command that has something to say about it. */
export async function tryToReadSettings(
  runtime: Runtime,
): Promise<{ readonly settings?: Settings; readonly error?: unknown }> {
  try {
    return { settings: await settingsFor(runtime) };
  } catch (error) {
    return { error };
  }
}

function readDotEnv(): Environment {
  if (!existsSync('.env')) return {};
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (cause) {
    const message = `.env in the current folder cannot be read: ${(cause as Error).message}`;
    throw new MailroomError({
      code: 'settings',
      message,
      hint: 'Make it a file that you may read, or take it away',
      cause,
    });
  }
}
