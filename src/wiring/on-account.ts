import type { CommandContext } from '../commands/context';
import type { ExitStatus } from '../errors';
import type { Log } from '../log';
import { NO_PROGRESS } from '../progress';
import { type Stop, untilDone } from '../stop';
import { clusterFor } from './cluster';
import { logFor } from './log';
import { terminalProgress } from './progress';
import { printOn, type Runtime } from './runtime';
import { createServers, openBoth } from './servers';
import { settingsFor } from './settings';

/** Runs a command on the account. Its answer goes to stdout, and its log to stderr. */
export async function onAccount(
  runtime: Runtime,
  command: (context: CommandContext & { readonly stop: AbortSignal }) => Promise<ExitStatus>,
  stopWith: (log: Log) => Stop = untilDone,
): Promise<ExitStatus> {
  const settings = settingsFor(runtime);
  const progress = terminalProgress(runtime);
  const log = logFor(runtime, settings, progress?.besides(runtime.stderr) ?? runtime.stderr);
  const { stop, halt, end } = stopWith(log);
  const servers = createServers({ settings, log, halt });
  try {
    return await command({
      stop,
      settings,
      log,
      now: new Date(),
      openMail: servers.openMail,
      openBook: servers.openBook,
      open: () => openBoth(servers),
      cluster: clusterFor(runtime, settings, log),
      print: printOn(runtime),
      progress: progress ?? NO_PROGRESS,
    });
  } finally {
    progress?.end();
    end();
  }
}
