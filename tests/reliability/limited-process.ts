import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { until } from '../support/until';

/** Limits that the kernel holds a process to. */
export interface Cage {
  /** Puts a process under the limits. */
  hold(pid: number): Promise<void>;
  /** To be called when all of its processes have ended. */
  remove(): Promise<void>;
}

const ROOT = '/sys/fs/cgroup';
const PERIOD_US = 100_000;

/**
 * A control group with so many bytes and so many CPUs, in whichever version of cgroups this machine has; undefined where
 * it lets us make none.
 */
export async function makeCage(bytes: number, cpus: number): Promise<Cage | undefined> {
  const name = `mailroom-${process.pid}`;
  const quota = Math.round(PERIOD_US * cpus);
  const isOne = existsSync(`${ROOT}/memory`);
  const limits: readonly (readonly [folder: string, files: Readonly<Record<string, string>>])[] = isOne
    ? [
        [`${ROOT}/memory/${name}`, { 'memory.limit_in_bytes': String(bytes) }],
        [`${ROOT}/cpu/${name}`, { 'cpu.cfs_quota_us': String(quota), 'cpu.cfs_period_us': String(PERIOD_US) }],
      ]
    : [
        [
          `${ROOT}/${name}`,
          { 'memory.max': String(bytes), 'memory.swap.max': '0', 'cpu.max': `${quota} ${PERIOD_US}` },
        ],
      ];
  const folders = limits.map(([folder]) => folder);
  const remove = async (): Promise<void> => {
    for (const folder of folders.filter((each) => existsSync(each))) {
      // The kernel lets go of a process some moments after its parent has heard of its end.
      await until(
        () => `${folder} is empty`,
        () => rmdir(folder).then(() => true),
      );
    }
  };
  try {
    for (const [folder, files] of limits) {
      await mkdir(folder);
      for (const [file, value] of Object.entries(files)) await writeFile(`${folder}/${file}`, value);
    }
  } catch {
    await remove();
    return undefined;
  }
  return {
    async hold(pid) {
      for (const folder of folders) await writeFile(`${folder}/cgroup.procs`, String(pid));
    },
    remove,
  };
}

/** The most memory that a running process has had, MiB; undefined when it has ended. */
export async function peakMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
