import type { Cluster, ClusterState } from '../../cluster/cluster';
import { EXIT, type ExitStatus, MailroomError } from '../../errors';

export interface StatusReport {
  /** False when the last success is older than twice the poll interval. Before the first cycle it is true. */
  readonly healthy: boolean;
  readonly lastSuccess: string | null;
  /** Seconds. */
  readonly lastSuccessAge: number | null;
  readonly consecutiveFailures: number;
  readonly lastFailure: string | null;
  readonly lastError: string | null;
}

export interface StatusOptions {
  readonly cluster: Cluster | undefined;
  readonly now: Date;
  /** Seconds between scheduled cycles. */
  readonly pollInterval: number;
  readonly json: boolean;
  readonly print: (text: string) => void;
}

/**
 * Prints how the last cycles in the cluster went. Exits 1 when no cycle has succeeded for longer than two poll
 * intervals, which is what a health check asks.
 */
export async function status({ cluster, now, pollInterval, json, print }: StatusOptions): Promise<ExitStatus> {
  if (cluster === undefined)
    throw new MailroomError({
      code: 'settings',
      message: 'Mailroom keeps its status in the cluster, and this process runs outside one',
      hint: 'Ask in a pod of the CronJob, as docs/deploy.md shows',
    });
  const report = statusReport(await cluster.readState(), now, pollInterval);
  print(json ? JSON.stringify(report) : statusText(report));
  return report.healthy ? EXIT.ok : EXIT.fatal;
}

/** What the state means at the time `now`. */
export function statusReport(state: ClusterState, now: Date, pollInterval: number): StatusReport {
  const { lastSuccess, lastFailure, lastError, consecutiveFailures } = state;
  const age =
    lastSuccess === undefined ? null : Math.max(0, Math.floor((now.getTime() - lastSuccess.getTime()) / 1000));
  return {
    healthy: age === null || age <= 2 * pollInterval,
    lastSuccess: lastSuccess?.toISOString() ?? null,
    lastSuccessAge: age,
    consecutiveFailures,
    lastFailure: lastFailure?.toISOString() ?? null,
    lastError: lastError ?? null,
  };
}

export function statusText(report: StatusReport): string {
  const { healthy, lastSuccess, lastSuccessAge, consecutiveFailures, lastFailure, lastError } = report;
  const success =
    lastSuccess === null || lastSuccessAge === null ? 'none yet' : `${lastSuccess} (${duration(lastSuccessAge)} ago)`;
  const lines = [
    `Last success:         ${success}${healthy ? '' : ', too long ago'}`,
    `Consecutive failures: ${consecutiveFailures}`,
    ...(lastFailure === null ? [] : [`Last failure:         ${lastFailure}`]),
    ...(lastError === null ? [] : [`Last error:           ${lastError}`]),
  ];
  return lines.join('\n');
}

/** Seconds as the two largest units say them: `2 d 3 h`. */
function duration(seconds: number): string {
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const first = units.findIndex(([, count]) => count > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}
