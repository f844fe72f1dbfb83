import { writeTerminationMessage } from '../../cluster/termination';
import { ownUid } from '../../contacts/own-uid';
import { untilStopped } from '../../stop';
import { clusterFor } from '../../wiring/cluster';
import { logFor } from '../../wiring/log';
import { terminalProgress } from '../../wiring/progress';
import type { Start } from '../../wiring/runtime';
import { secretsOf } from '../../wiring/secrets';
import { createServers, openBoth } from '../../wiring/servers';
import { tryToReadSettings, warnOf } from '../../wiring/settings';
import { watchdogFor } from '../../wiring/watchdog';
import { once } from './once';
import { poll } from './poll';

/** Milliseconds of a cycle before a person who watches wants to know how far it is. */
const LONG_CYCLE = 2_000;

/** Settings that do not work are the failure that the cycle then ends with: it is logged and counted like any other. */
export const start: Start = async (runtime, { options }) => {
  const now = new Date();
  const dryRun = options.has('dry-run');
  const reading = await tryToReadSettings(runtime);
  const { settings, error } = reading;
  const progress = terminalProgress(runtime, LONG_CYCLE);
  const stream = progress?.besides(runtime.stdout) ?? runtime.stdout;
  const log = await logFor(runtime, settings, stream, dryRun ? 'info' : 'error');
  warnOf(reading, log);
  const { stop, halt, end } = untilStopped(runtime.signals, log, settings?.pollInterval);
  const servers = settings && createServers({ settings, log, halt });
  try {
    return await poll({
      cycle: async () => {
        if (settings === undefined || servers === undefined) throw error;
        const open = () => openBoth(servers);
        let steps = 0;
        const onStep = (total: number) => progress?.show('Triage', ++steps, total);
        return once({ settings, log, now, open, ownUid, stop, dryRun, onStep });
      },
      cluster: dryRun ? undefined : clusterFor(runtime, settings, log),
      watchdog: dryRun ? undefined : watchdogFor(runtime, settings, log),
      log,
      now,
      facts: () => ({ requests: servers?.requests(), durationMs: Date.now() - now.getTime() }),
      leaveMessage: (text) =>
        writeTerminationMessage(
          runtime.environment['MAILROOM_TERMINATION_LOG'] || '/dev/termination-log',
          text,
          secretsOf(settings),
        ),
    });
  } finally {
    progress?.end();
    end();
  }
};
