import { existsSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { parseEnv } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { type Arguments, parseArguments, USAGE, usageError } from './arguments';
import { openCluster } from './cluster/open-cluster';
import { writeTerminationMessage } from './cluster/termination';
import { check } from './commands/check';
import type { CommandContext } from './commands/context';
import { addressFrom, explain } from './commands/explain';
import { once } from './commands/once';
import { poll } from './commands/poll';
import { queue } from './commands/queue';
import { reset } from './commands/reset';
import { setup } from './commands/setup';
import { status } from './commands/status';
import { type Environment, type LogLevel, readSettings, type Settings } from './config';
import { confirmOn } from './confirm';
import { ownUid, ownUids } from './contacts/own-uid';
import { describeError, EXIT, type ExitStatus, exitStatusOf, MailroomError } from './errors';
import { createLog, type Log } from './log';
import { createTerminalProgress, NO_PROGRESS, type TerminalProgress } from './progress';
import { createServers, openBoth, secretsOf } from './servers';
import { type Stop, untilDone, untilStopped } from './stop';

declare const MAILROOM_VERSION: string;

/** Milliseconds of a cycle before a person who watches wants to know how far it is. */
const LONG_CYCLE = 2_000;

// The pod's memory is scarcer than its time: V8 would double its young generation again and again for the short-lived
// objects of hundreds of requests. It reads these flags each time it is about to grow; npm run bench shows the difference.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--optimize-for-size');

const environment: Environment = process.env;

// A reader that goes away (`| head`) is no reason to stop in the middle of a triage.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

main(process.argv.slice(2)).then(
  (exitStatus) => {
    process.exitCode = exitStatus;
  },
  (error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitStatusOf(error);
  },
);

async function main(args: readonly string[]): Promise<ExitStatus> {
  const parsed = parseArguments(args);
  switch (parsed.command) {
    case 'help':
      return print(USAGE);
    case 'version':
      return print(MAILROOM_VERSION);
    case 'once':
      return runCycle(parsed);
    case 'setup':
      return onAccount((context) => setup(context, parsed.options));
    case 'check':
      return runCheck(parsed);
    case 'queue':
      return onAccount((context) => queue(context, parsed.options));
    case 'explain':
      return runExplain(parsed);
    case 'reset':
      return runReset(parsed);
    case 'status':
      return runStatus(parsed);
  }
}

async function runCycle({ options }: Arguments): Promise<ExitStatus> {
  const now = new Date();
  const dryRun = options.has('dry-run');
  const read = tryToReadSettings();
  const progress = terminalProgress(LONG_CYCLE);
  const log = logFor(read.settings, progress?.besides(process.stdout) ?? process.stdout, dryRun ? 'info' : 'error');
  const { stop, halt, end } = untilStopped(process, log, read.settings?.pollInterval);
  const servers = read.settings && createServers({ settings: read.settings, log, halt });
  try {
    return await poll({
      cycle: async () => {
        if (read.settings === undefined || servers === undefined) throw read.error;
        const open = () => openBoth(servers);
        let steps = 0;
        const onStep = (total: number) => progress?.show('Triage', ++steps, total);
        return once({ settings: read.settings, log, now, open, ownUid, stop, dryRun, onStep });
      },
      cluster: dryRun ? undefined : clusterFor(read.settings, log),
      log,
      now,
      facts: () => ({ requests: servers?.requests(), durationMs: Date.now() - now.getTime() }),
      leaveMessage: (text) =>
        writeTerminationMessage(environment['MAILROOM_TERMINATION_LOG'] || '/dev/termination-log', text),
    });
  } finally {
    progress?.end();
    end();
  }
}

/** Runs a command on the account. Its answer goes to stdout, and its log to stderr. */
async function onAccount(
  command: (context: CommandContext & { readonly stop: AbortSignal }) => Promise<ExitStatus>,
  signals: (log: Log) => Stop = untilDone,
): Promise<ExitStatus> {
  const settings = readSettings(environment, readDotEnv());
  const progress = terminalProgress();
  const log = logFor(settings, progress?.besides(process.stderr) ?? process.stderr);
  const { stop, halt, end } = signals(log);
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
      cluster: clusterFor(settings, log),
      print,
      progress: progress ?? NO_PROGRESS,
    });
  } finally {
    progress?.end();
    end();
  }
}

/** Settings that do not work are a finding like any other. */
async function runCheck({ options }: Arguments): Promise<ExitStatus> {
  const { settings, error } = tryToReadSettings();
  const json = options.has('json');
  if (settings !== undefined)
    return onAccount((context) => check({ account: context, cluster: context.cluster, json, print }));
  return check({ fault: error, cluster: clusterFor(undefined, logFor(undefined, process.stderr)), json, print });
}

async function runExplain({ words: [word = ''], options }: Arguments): Promise<ExitStatus> {
  const address = addressFrom(word, (message) => usageError('explain', message));
  return onAccount((context) => explain({ ...context, ownUid }, address, options));
}

/** Without a person to ask, what cannot be undone has to be asked for in so many words. */
async function runReset({ options }: Arguments): Promise<ExitStatus> {
  const canAsk = process.stdin.isTTY === true && process.stderr.isTTY === true;
  if (options.has('yes') && !options.has('apply')) throw usageError('reset', '--yes goes with --apply');
  if (options.has('apply') && !options.has('yes') && !canAsk) {
    throw usageError('reset', 'reset --apply asks before it writes, and here is no terminal: add --yes');
  }
  return onAccount(
    (context) => {
      const terminal = { input: process.stdin, output: process.stderr, stop: context.stop };
      return reset({ ...context, ownUids, confirm: (question) => confirmOn(terminal, question) }, options);
    },
    (log) => untilStopped(process, log),
  );
}

async function runStatus({ options }: Arguments): Promise<ExitStatus> {
  const settings = readSettings(environment, readDotEnv());
  const cluster = clusterFor(settings, logFor(settings, process.stderr));
  return status({ cluster, now: new Date(), pollInterval: settings.pollInterval, json: options.has('json'), print });
}

/** Settings, or the fault that the cycle then ends with: it is logged and counted like any other. */
function tryToReadSettings(): { readonly settings?: Settings; readonly error?: unknown } {
  try {
    return { settings: readSettings(environment, readDotEnv()) };
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

/** `atLeast`: what is logged even where the settings ask for less. */
function logFor(settings: Settings | undefined, stream: Writable, atLeast: LogLevel = 'error'): Log {
  const level = settings?.logLevel ?? 'info';
  return createLog({
    level: atLeast === 'info' && level !== 'debug' ? 'info' : level,
    stream,
    readable: process.stdout.isTTY === true,
    secrets: settings === undefined ? [] : secretsOf(settings),
  });
}

/** Only where both outputs are a terminal: nothing of it is ever kept. */
function terminalProgress(quietFor = 0): TerminalProgress | undefined {
  if (!process.stdout.isTTY || !process.stderr.isTTY) return undefined;
  return createTerminalProgress({ stream: process.stderr, quietFor, clock: () => performance.now() });
}

/** The cluster around this process. It is also told of settings that do not work, so it has defaults of its own. */
function clusterFor(settings: Settings | undefined, log: Log) {
  return openCluster({
    host: environment['KUBERNETES_SERVICE_HOST'],
    port: environment['KUBERNETES_SERVICE_PORT'],
    serviceAccountDir: environment['MAILROOM_SERVICEACCOUNT_DIR'] || '/var/run/secrets/kubernetes.io/serviceaccount',
    configMap: settings?.stateConfigMap ?? (environment['MAILROOM_STATE_CONFIGMAP'] || 'mailroom-state'),
    cronJob: environment['MAILROOM_CRONJOB'] || 'mailroom',
    pod: environment['HOSTNAME'] || 'mailroom',
    threshold: settings?.failureThreshold ?? 10,
    secrets: settings === undefined ? [] : secretsOf(settings),
    warn: (message) => log.warn(message),
  });
}

function print(text: string): ExitStatus {
  process.stdout.write(`${text}\n`);
  return EXIT.ok;
}
