import { type Environment, readSettings, SETTING_NAMES, type Settings } from '../config';
import type { Log } from '../log';
import { nearest } from '../nearest';
import { type DotEnv, readDotEnv } from './dot-env';
import type { Runtime } from './runtime';

/** What was found where settings are looked for. */
export interface SettingsReading {
  /** Undefined where they do not work. */
  readonly settings?: Settings;
  /** The fault with which they do not work. */
  readonly error?: unknown;
  /** What works, and is probably not what was meant. */
  readonly warnings: readonly string[];
}

/** Settings from the environment and from `.env` in the current folder. Throws `settings` with all faults. */
export async function settingsFor(runtime: Runtime): Promise<SettingsReading & { readonly settings: Settings }> {
  const { settings, error, warnings } = await tryToReadSettings(runtime);
  if (settings === undefined) throw error;
  return { settings, warnings };
}

/** Settings, or the fault for a command that has something to say about it. */
export async function tryToReadSettings({ environment }: Runtime): Promise<SettingsReading> {
  let dotEnv: DotEnv = { values: {}, warnings: [] };
  try {
    dotEnv = readDotEnv();
    const { values } = dotEnv;
    const warnings = [...dotEnv.warnings, ...(await unknownSettings({ ...values, ...environment }))];
    const listed = environment['MAILROOM_CATEGORIES'] || values['MAILROOM_CATEGORIES'];
    try {
      const parseYaml = listed ? (await import('../yaml')).parseYaml : undefined;
      return { settings: readSettings(environment, values, parseYaml), warnings };
    } catch (error) {
      return { error, warnings };
    }
  } catch (error) {
    return { error, warnings: dotEnv.warnings };
  }
}

/** Variables that are no settings of a person's, but of the pod or of a test. */
const PROCESS_VARIABLES: readonly string[] = [
  'MAILROOM_CRONJOB',
  'MAILROOM_SERVICEACCOUNT_DIR',
  'MAILROOM_TERMINATION_LOG',
];

/** What Kubernetes tells pods of a Service called `mailroom…`. */
const SERVICE_VARIABLE = /_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** Variables that look like settings and are none, with the setting that was probably meant. */
export async function unknownSettings(environment: Environment): Promise<readonly string[]> {
  const known = [...SETTING_NAMES, ...PROCESS_VARIABLES];
  const unknown = Object.keys(environment).filter(
    (name) => /^MAILROOM_/.test(name) && !known.includes(name) && !SERVICE_VARIABLE.test(name),
  );
  return Promise.all(
    unknown.sort().map(async (name) => {
      const near = await nearest(name, SETTING_NAMES);
      return `${name} is no setting${near === undefined ? '' : `; did you mean ${near}?`}`;
    }),
  );
}

/** Tells of what was found; `check` has findings of it instead. */
export function warnOf({ warnings }: SettingsReading, log: Pick<Log, 'warn'>): void {
  for (const warning of warnings) log.warn(warning);
}
