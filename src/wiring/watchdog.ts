import { publicReason } from '../cluster/reason';
import { pingUrlOf, type Settings } from '../config';
import type { Log } from '../log';
import { createWatchdog, type Watchdog } from '../watchdog';
import { secretsOf } from './credentials';
import type { Runtime } from './runtime';

/** The watchdog of the settings. It is also told of settings that do not work, where the environment has its URL. */
export function watchdogFor(
  { environment }: Runtime,
  settings: Settings | undefined,
  log: Pick<Log, 'warn'>,
): Watchdog | undefined {
  const url = settings === undefined ? pingUrlOf(environment) : settings.pingUrl;
  if (url === undefined) return undefined;
  const watchdog = createWatchdog({ url, warn: (message) => log.warn(message) });
  return { ...watchdog, hasFailed: (reason) => watchdog.hasFailed(publicReason(reason, secretsOf(settings))) };
}
