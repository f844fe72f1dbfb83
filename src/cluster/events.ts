import type { ClusterState } from './cluster';
import type { ClusterEvent } from './kubernetes';
import { REASON_BYTES, truncate } from './reason';

export interface CountedFailure {
  readonly before: ClusterState;
  readonly threshold: number;
  readonly now: Date;
  /** Public, see reason.ts. */
  readonly reason: string;
  readonly startUp: boolean;
}

/**
 * The Event that a failure deserves, if any: the first of a row, the one that reaches the threshold, and a start-up
 * failure for a reason that is new, as that fails the Job at once.
 */
export function failureEvent({ before, threshold, now, reason, startUp }: CountedFailure): ClusterEvent | undefined {
  const count = before.consecutiveFailures + 1;
  if (count === threshold)
    return warning(now, 'FailureThresholdReached', `${count} cycles in a row have failed: ${reason}`);
  if (startUp && (count === 1 || reason !== before.lastError))
    return warning(now, 'StartUpFailed', `Mailroom cannot start: ${reason}`);
  if (count === 1) return warning(now, 'CycleFailed', `A cycle has failed, the next one tries again: ${reason}`);
  return undefined;
}

/** The Event of cycles that nobody counted before. Whether they reach the threshold matters more than what they were. */
export function neverEndedEvent(
  { before, threshold, now, reason }: Omit<CountedFailure, 'startUp'>,
  lost: number,
): ClusterEvent {
  const count = before.consecutiveFailures + lost;
  if (before.consecutiveFailures < threshold && count >= threshold)
    return warning(now, 'FailureThresholdReached', `${count} cycles in a row have failed: ${reason}`);
  return warning(now, 'CycleNeverEnded', reason);
}

/** The Event of a success, if failures came before it. */
export function recoveryEvent(before: ClusterState, now: Date): ClusterEvent | undefined {
  const count = before.consecutiveFailures;
  if (count === 0) return undefined;
  const failures = count === 1 ? 'one failed cycle' : `${count} failed cycles in a row`;
  return { type: 'Normal', reason: 'Recovered', note: `A cycle has succeeded after ${failures}`, time: now };
}

function warning(time: Date, reason: string, note: string): ClusterEvent {
  return { type: 'Warning', reason, note: truncate(note, REASON_BYTES), time };
}
