import type { Cluster } from '../../cluster/cluster';
import { type Finding, fault, passed } from './finding';

/** What Mailroom may do in the cluster; nothing outside one. */
export async function checkCluster(cluster: Cluster | undefined): Promise<readonly Finding[]> {
  const rights = (await cluster?.check()) ?? [];
  return rights.map((right) =>
    right.fault === undefined ? passed('cluster', `Mailroom may ${right.what}`) : fault('cluster', right.fault),
  );
}
