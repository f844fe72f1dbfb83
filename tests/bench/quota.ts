import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a pod has under the manifest's CPU limit of 100m: ten milliseconds in a hundred. */
const QUOTA_US = 10_000;

export interface CpuQuota {
  /** A shell command that takes its own process into the quota. */
  readonly enter: string;
  remove(): void;
}

/** A control group with a tenth of a core (cgroup v2 or v1); undefined where this machine lets nobody make one. */
export function createQuota(): CpuQuota | undefined {
  const isV2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const folder = join(isV2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu', `mailroom-bench-${process.pid}`);
  try {
    mkdirSync(folder);
    if (isV2) writeFileSync(join(folder, 'cpu.max'), `${QUOTA_US} 100000`);
    else writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(QUOTA_US));
    return { enter: `echo $$ > ${join(folder, 'cgroup.procs')}`, remove: () => rmdirSync(folder) };
  } catch {
    return undefined;
  }
}
