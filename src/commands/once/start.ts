import { writeTerminationMessage } from '../../cluster/termination';
import type { Settings } from '../../config';
import { ownUid } from '../../contacts/own-uid';
import type { Log } from '../../log';
import type { TerminalProgress } from '../../progress';
import { untilStopped } from '../../stop';
import { clusterFor } from '../../wiring/cluster';
import { secretsOf } from '../../wiring/credentials';
import { logFor } from '../../wiring/log';
import { terminalProgress } from '../../wiring/progress';
import type { Runtime, Start } from '../../wiring/runtime';
import { createServers } from '../../wiring/servers';
import { tryToReadSettings, warnOf } from '../../wiring/settings';
import { watchdogFor } from '../../wiring/watchdog';
import { type OnceContext, once } from './once';
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
  const forPerson = runtime.stdout.isTTY === true && !options.has('json');
  const answers = await logFor(runtime, settings, stream, { atLeast: dryRun ? 'info' : 'error', readable: forPerson });
  const log = forPerson ? await withFaultsOnStderr(answers, runtime, settings, progress) : answers;
  warnOf(reading, log);
  const { stop, halt, end } = untilStopped(runtime.signals, log, settings?.pollInterval);
  const servers = settings && createServers({ settings, log, halt });
  try {
    return await poll({
      cycle: async () => {
        if (settings === undefined || servers === undefined) throw error;
        const { openMail, openBook } = servers;
        let steps = 0;
        const onStep = (total: number) => progress?.show('Triage', ++steps, total);
        const shows = await showsFor({ runtime, settings, log, dryRun, forPerson });
        return once({ settings, log, now, openMail, openBook, ownUid, stop, onStep, ...shows });
      },
      cluster: dryRun ? undefined : clusterFor(runtime, settings, log),
      watchdog: dryRun ? undefined : watchdogFor(runtime, settings, log),
      log,
      now,
      // The words for a person say what is not zero.
      facts: (counts) =>
        forPerson ? {} : { ...counts, requests: servers?.requests(), durationMs: Date.now() - now.getTime() },
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

/** A terminal has the answer on stdout and what went wrong on stderr, as with every other command. */
async function withFaultsOnStderr(
  answers: Log,
  runtime: Runtime,
  settings: Settings | undefined,
  progress: TerminalProgress | undefined,
): Promise<Log> {
  const { error, warn } = await logFor(runtime, settings, progress?.besides(runtime.stderr) ?? runtime.stderr);
  return { ...answers, error, warn };
}

interface ShowsOptions {
  readonly runtime: Runtime;
  readonly settings: Settings;
  readonly log: Log;
  readonly dryRun: boolean;
  readonly forPerson: boolean;
}

/** What shows the plan or the work: nothing where the log tells it by itself. */
async function showsFor(options: ShowsOptions): Promise<Pick<OnceContext, 'showPlan' | 'showWork'>> {
  const { runtime, settings, log, dryRun, forPerson } = options;
  if (!dryRun && !forPerson) return { showPlan: undefined };
  const { planInLog, planInWords, workInWords } = await import('./show-plan');
  if (!dryRun) return { showPlan: undefined, showWork: await workInWords(runtime, settings) };
  return { showPlan: forPerson ? await planInWords(runtime, settings) : await planInLog(log) };
}
