import type { Cluster } from '../../cluster/cluster';
import { describeError, EXIT, type ExitStatus, exitStatusOf } from '../../errors';
import type { Log } from '../../log';
import type { CycleEnd } from './once';

export interface PollContext {
  readonly cycle: () => Promise<CycleEnd>;
  /** Undefined outside a cluster, and where nothing is to be counted. */
  readonly cluster: Cluster | undefined;
  readonly log: Log;
  readonly now: Date;
  /** Facts for the line that says how the cycle ended, which only the caller knows. */
  readonly facts: () => Readonly<Record<string, unknown>>;
  /** Leaves the last line where Kubernetes shows it. */
  readonly leaveMessage: (text: string) => Promise<unknown>;
}

/** Runs a cycle, says in one line how it ended, counts that in the cluster, and gives the exit status. */
export async function poll(context: PollContext): Promise<ExitStatus> {
  let end: CycleEnd;
  try {
    end = await context.cycle();
  } catch (error) {
    return failed(error, context);
  }
  const counts = end.kind === 'done' ? end.report : {};
  context.log.info(end.summary, { ...counts, ...context.facts() });
  await context.leaveMessage(end.summary);
  if (end.kind === 'done') await countSuccess(context);
  return EXIT.ok;
}

/** A success that cannot be recorded is a success. */
async function countSuccess({ cluster, log, now }: PollContext): Promise<void> {
  try {
    await cluster?.recordSuccess(now);
  } catch (error) {
    log.warn(`The success could not be recorded. ${describeError(error)}`);
  }
}

async function failed(error: unknown, { cluster, log, now, facts, leaveMessage }: PollContext): Promise<ExitStatus> {
  const reason = describeError(error);
  const status = exitStatusOf(error);
  const startUp = status === EXIT.configuration;
  log.error(reason, facts());
  log.debug('The failure in full', { error });
  await leaveMessage(reason);
  if (cluster === undefined) return status;
  try {
    const { count, fatal } = await cluster.recordFailure({ now, reason, startUp });
    log.warn('The failure is counted', { consecutiveFailures: count, fatal });
    return startUp ? EXIT.configuration : fatal ? EXIT.fatal : EXIT.ok;
  } catch (countError) {
    log.error(`The failure could not be counted. ${describeError(countError)}`);
    return startUp ? EXIT.configuration : EXIT.fatal;
  }
}
