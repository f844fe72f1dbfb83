import type { Cluster, ClusterState } from '../../cluster/cluster';
import { EXIT, type ExitStatus, MailroomError } from '../../errors';
import { type Titled, titled } from '../../screen/lines';
import type { Screen } from '../../screen/screen';

export interface StatusReport {
  /**
   * False when the last success is older than twice the poll interval, or in the future, as then the clocks differ and
   * nobody knows its age. Before the first success it is true for as long as two failed cycles take.
   */
  readonly healthy: boolean;
  readonly lastSuccess: string | null;
  /** Seconds; below 0 in the future. */
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
  readonly screen: Screen;
}

/** Poll intervals without a success that are nothing to worry about. */
const PATIENCE = 2;

/**
 * Prints how the last cycles in the cluster went. Exits 1 when no cycle has succeeded for longer than two poll
 * intervals, as far as the clocks tell, which is what a health check asks.
 */
export async function status({ cluster, now, pollInterval, json, print, screen }: StatusOptions): Promise<ExitStatus> {
  if (cluster === undefined)
    throw new MailroomError({
      code: 'settings',
      message: 'Mailroom keeps its status in the cluster, and this process runs outside one',
      hint: 'Ask in a pod of the CronJob, as docs/deploy.md shows',
    });
  const report = statusReport(await cluster.readState(), now, pollInterval);
  print(json ? JSON.stringify(report) : statusLines(report, screen).join('\n'));
  return report.healthy ? EXIT.ok : EXIT.fatal;
}

/** What the state means at the time `now`. */
export function statusReport(state: ClusterState, now: Date, pollInterval: number): StatusReport {
  const { lastSuccess, lastFailure, lastError, consecutiveFailures } = state;
  // Clocks of a cluster differ by less than a second.
  const age = lastSuccess === undefined ? null : Math.trunc((now.getTime() - lastSuccess.getTime()) / 1000);
  return {
    healthy: age === null ? consecutiveFailures <= PATIENCE : age >= 0 && age <= PATIENCE * pollInterval,
    lastSuccess: lastSuccess?.toISOString() ?? null,
    lastSuccessAge: age,
    consecutiveFailures,
    lastFailure: lastFailure?.toISOString() ?? null,
    lastError: lastError ?? null,
  };
}

export function statusLines(report: StatusReport, screen: Screen): readonly string[] {
  const { healthy, lastSuccess, lastSuccessAge, consecutiveFailures, lastFailure, lastError } = report;
  const lines: readonly Titled[] = [
    ['Last success', `${lastSuccess === null ? 'none yet' : lastSuccess}${remark(lastSuccessAge, healthy)}`],
    ['Consecutive failures', String(consecutiveFailures)],
    ...(lastFailure === null ? [] : [['Last failure', lastFailure] as const]),
    ...(lastError === null ? [] : [['Last error', lastError] as const]),
  ];
  return titled(lines, screen);
}

/** What there is to say of the age of the last success. */
function remark(age: number | null, healthy: boolean): string {
  if (age === null) return healthy ? '' : ', for too long';
  if (age < 0) return ` (${duration(-age)} in the future: the clocks differ)`;
  return ` (${duration(age)} ago)${healthy ? '' : ', too long ago'}`;
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
