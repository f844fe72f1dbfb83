import type { CommandContext } from '../commands/context';
import { type ExitStatus, MailroomError } from '../errors';
import type { Log } from '../log';
import { NO_PROGRESS } from '../progress';
import { redaction } from '../redaction';
import { screenOf } from '../screen/screen';
import { type Stop, untilDone } from '../stop';
import { clusterFor } from './cluster';
import { secretsOf } from './credentials';
import { logFor } from './log';
import { terminalProgress } from './progress';
import { printOn, type Runtime } from './runtime';
import { createServers, openBoth } from './servers';
import { settingsFor, warnOf } from './settings';

export interface OnAccountOptions {
  /** What ends the work early. */
  readonly stopWith?: (log: Log) => Stop;
  /** False for a command that tells by itself what is odd about the settings. */
  readonly tellsWarnings?: boolean;
}

/** Runs a command on the account. Its answer goes to stdout, and its log to stderr. */
export async function onAccount(
  runtime: Runtime,
  command: (context: CommandContext & { readonly stop: AbortSignal }) => Promise<ExitStatus>,
  { stopWith = untilDone, tellsWarnings = true }: OnAccountOptions = {},
): Promise<ExitStatus> {
  const reading = await settingsFor(runtime);
  const { settings } = reading;
  const progress = terminalProgress(runtime);
  const log = await logFor(runtime, settings, progress?.besides(runtime.stderr) ?? runtime.stderr);
  if (tellsWarnings) warnOf(reading, log);
  const { stop, halt, end } = stopWith(log);
  const servers = createServers({ settings, log, halt });
  const print = printOn(runtime);
  const redact = redaction(secretsOf(settings), '[redacted]');
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
      print: (text) => print(redact(text)),
      screen: screenOf(runtime),
      progress: progress ?? NO_PROGRESS,
    });
  } catch (error) {
    throw withoutSecrets(error, redact);
  } finally {
    progress?.end();
    end();
  }
}

/** What ends a command is printed where no log cleans it. */
function withoutSecrets(error: unknown, redact: (text: string) => string): unknown {
  if (!(error instanceof MailroomError)) return error;
  const { code, message, hint, cause } = error;
  return new MailroomError({ code, message: redact(message), hint: hint && redact(hint), cause });
}
