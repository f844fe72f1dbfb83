import { MailroomError } from './errors';
import type { Log } from './log';

/** What ends work early, and what ends it for good. */
export interface Stop {
  /** Aborted by a signal or the end of the time: start no more. */
  readonly stop: AbortSignal;
  /** Aborted when all requests are to end: what was in hand had its time, or the work is over. */
  readonly halt: AbortSignal;
  /** To be called when the work is over. */
  readonly end: () => void;
}

/** A cycle starts no more senders when this part of the poll interval is over: well before the Job's deadline. */
const TIME_BUDGET = 0.7;

/** Milliseconds that what is in hand has at most after that; Kubernetes kills the pod a minute after a signal. */
const LAST_REQUESTS = 45_000;

/** And this part of the poll interval, so that the cycle is over and counted before the next one begins. */
const LAST_REQUESTS_PART = 0.2;

/** Milliseconds; a longer timer of Node.js ends at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const OUT_OF_TIME = new MailroomError({
  code: 'transient',
  message: 'The time for one cycle was over before anything could be written',
  hint: 'Give it more with MAILROOM_POLL_INTERVAL, or look at why the servers are slow',
});

/**
 * Stops at SIGTERM, at SIGINT, and when the time for a cycle is over.
 *
 * @param signals the process, which alone hears of signals
 * @param pollInterval seconds; without it the work may take as long as it likes
 */
export function untilStopped(
  signals: Pick<NodeJS.Process, 'once' | 'removeListener'>,
  log: Log,
  pollInterval?: number,
): Stop {
  const stop = new AbortController();
  const halt = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const after = (milliseconds: number, action: () => void): void => {
    timers.push(setTimeout(action, milliseconds).unref());
  };
  const grace = Math.min(LAST_REQUESTS, (pollInterval ?? Number.POSITIVE_INFINITY) * LAST_REQUESTS_PART * 1000);
  const stopFor = (reason: string, failure?: MailroomError) => () => {
    log.info(`Stopping: ${reason}`);
    stop.abort(failure);
    after(grace, () => halt.abort());
  };
  const onSignal = stopFor('the process was told to');
  signals.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  if (pollInterval !== undefined) {
    after(
      Math.min(pollInterval * TIME_BUDGET * 1000, LONGEST_TIMER),
      stopFor('the time for one cycle is over', OUT_OF_TIME),
    );
  }
  return {
    stop: stop.signal,
    halt: halt.signal,
    end: () => {
      signals.removeListener('SIGTERM', onSignal).removeListener('SIGINT', onSignal);
      timers.forEach(clearTimeout);
      halt.abort();
    },
  };
}

/** For work that a signal may simply kill. */
export function untilDone(): Stop {
  const halt = new AbortController();
  return { stop: new AbortController().signal, halt: halt.signal, end: () => halt.abort() };
}
