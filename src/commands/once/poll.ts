import type { Cluster } from '../../cluster/cluster';
import { describeError, EXIT, type ExitStatus, exitStatusOf } from '../../errors';
import type { Log } from '../../log';
import type { Watchdog } from '../../watchdog';
import type { CycleEnd } from './once';

export interface PollContext {
  readonly cycle: () => Promise<CycleEnd>;
  /** Undefined outside a cluster, and where nothing is to be counted. */
  readonly cluster: Cluster | undefined;
  /** Undefined where nobody is to be told. */
  readonly watchdog: Watchdog | undefined;
  readonly log: Log;
  readonly now: Date;
  /** Facts for the line that says how the cycle ended, with the counts of what it did. */
  readonly facts: (counts: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Leaves the last line where Kubernetes shows it. */
  readonly leaveMessage: (text: string) => Promise<unknown>;
}

/** Runs a cycle, says in one line how it ended, counts that in the cluster, tells the watchdog, and gives the exit status. */
export async function poll(context: PollContext): Promise<ExitStatus> {
  context.watchdog?.begins();
  const begun = noteBegin(context);
  let end: CycleEnd;
  try {
    end = await context.cycle();
  } catch (error) {
    return failed(error, begun, context);
  }
  const counts = end.kind === 'done' ? end.report : {};
  context.log.info(end.summary, context.facts({ ...counts }));
  await context.leaveMessage(end.summary);
  await begun;
  if (end.kind !== 'done') {
    context.watchdog?.end();
    await noteStop(context);
    return EXIT.ok;
  }
  await countSuccess(context);
  await context.watchdog?.isDone();
  return EXIT.ok;
}

/** Notes beside the cycle that it begins. Where that fails, the count at the end fails as well, and says so. */
async function noteBegin({ cluster, log, now }: PollContext): Promise<void> {
  try {
    await cluster?.recordBegin(now);
  } catch (error) {
    log.debug('The begin of the cycle could not be noted', { error });
  }
}

async function noteStop({ cluster, log }: PollContext): Promise<void> {
  try {
    await cluster?.recordStop();
  } catch (error) {
    log.warn(`The end of the cycle could not be noted. ${describeError(error)}`);
  }
}

/** A success that cannot be recorded is a success. */
async function countSuccess({ cluster, log, now }: PollContext): Promise<void> {
  try {
    await cluster?.recordSuccess(now);
  } catch (error) {
    log.warn(`The success could not be recorded. ${describeError(error)}`);
  }
}

async function failed(error: unknown, begun: Promise<void>, context: PollContext): Promise<ExitStatus> {
  const { log, facts, leaveMessage, watchdog } = context;
  const reason = describeError(error);
  log.error(reason, facts({}));
  log.debug('The failure in full', { error });
  await leaveMessage(reason);
  await begun;
  const status = await countFailure(reason, exitStatusOf(error), context);
  await watchdog?.hasFailed(reason);
  return status;
}

/** Gives the exit status: what is counted is not fatal below the threshold, unless no retry mends it. */
async function countFailure(
  reason: string,
  uncounted: ExitStatus,
  { cluster, log, now }: PollContext,
): Promise<ExitStatus> {
  if (cluster === undefined) return uncounted;
  const startUp = uncounted === EXIT.configuration;
  try {
    const { count, fatal } = await cluster.recordFailure({ now, reason, startUp });
    log.warn('The failure is counted', { consecutiveFailures: count, fatal });
    return startUp ? EXIT.configuration : fatal ? EXIT.fatal : EXIT.ok;
  } catch (countError) {
    log.error(`The failure could not be counted. ${describeError(countError)}`);
    return startUp ? EXIT.configuration : EXIT.fatal;
  }
}
