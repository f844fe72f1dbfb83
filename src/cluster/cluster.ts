import type { MailroomError } from '../errors';

/** What the state ConfigMap says. */
export interface ClusterState {
  /** Failed cycles since the last one that succeeded. */
  readonly consecutiveFailures: number;
  readonly lastSuccess?: Date | undefined;
  readonly lastFailure?: Date | undefined;
  /** Why the last failed cycle failed: one line without addresses and secrets. */
  readonly lastError?: string | undefined;
}

export interface Failure {
  readonly now: Date;
  /** Why the cycle failed, in any form: it is made public here. */
  readonly reason: string;
  /** True for a failure that no retry mends: the Job fails at once, however low the count. */
  readonly startUp?: boolean;
}

/** One thing that Mailroom does in the cluster, and what stands in its way. */
export interface RightCheck {
  readonly what: string;
  readonly fault?: MailroomError | undefined;
}

/**
 * The cluster that this process runs in. Methods throw {@link MailroomError}: `missing` without the object,
 * `credentials` without the right to it, else `transient`, `refused` or `protocol`. Events are best effort: one that
 * cannot be written is a warning.
 */
export interface Cluster {
  readState(): Promise<ClusterState>;
  /** Notes that a cycle begins, and counts as failed those that began longer ago than a cycle takes and never ended. */
  recordBegin(now: Date): Promise<void>;
  /** Takes that note back where there is nothing to count. */
  recordStop(): Promise<void>;
  /** Sets the count to 0; gives what it was. */
  recordSuccess(now: Date): Promise<{ readonly recoveredFrom: number }>;
  /** Adds one to the count. `fatal`: the count has reached the threshold. */
  recordFailure(failure: Failure): Promise<{ readonly count: number; readonly fatal: boolean }>;
  /** Tries everything that Mailroom does in the cluster, without changing anything. Never throws. */
  check(): Promise<readonly RightCheck[]>;
}
