import type { Cluster } from '../cluster/cluster';
import { openCluster } from '../cluster/open-cluster';
import type { Settings } from '../config';
import type { Log } from '../log';
import { secretsOf } from './credentials';
import type { Runtime } from './runtime';

/** The part of the poll interval after which a cycle does not run any more, as `activeDeadlineSeconds` has it. */
const LONGEST_CYCLE = 0.95;

/** The cluster around this process. It is also told of settings that do not work, so it has defaults of its own. */
export function clusterFor(
  { environment }: Runtime,
  settings: Settings | undefined,
  log: Pick<Log, 'warn'>,
): Cluster | undefined {
  return openCluster({
    host: environment['KUBERNETES_SERVICE_HOST'],
    port: environment['KUBERNETES_SERVICE_PORT'],
    serviceAccountDir: environment['MAILROOM_SERVICEACCOUNT_DIR'] || '/var/run/secrets/kubernetes.io/serviceaccount',
    configMap: settings?.stateConfigMap ?? (environment['MAILROOM_STATE_CONFIGMAP'] || 'mailroom-state'),
    cronJob: environment['MAILROOM_CRONJOB'] || 'mailroom',
    pod: environment['HOSTNAME'] || 'mailroom',
    threshold: settings?.failureThreshold ?? 10,
    longestCycle: (settings?.pollInterval ?? 300) * LONGEST_CYCLE,
    secrets: secretsOf(settings),
    warn: (message) => log.warn(message),
  });
}
