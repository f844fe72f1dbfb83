import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MailroomOptions, type MailroomRun, runMailroom } from './mailroom';

export interface MeasuredRun extends MailroomRun {
  /** Peak resident set, MiB. */
  readonly peakRss: number;
  /** User and system time, ms. */
  readonly cpu: number;
}

/**
 * Leaves what the process used where its parent finds it. The kernel's `maxRSS` would not do: it begins with what the
 * parent had when it started the process.
 */
const PRELOAD = `process.on('exit', () => {
  const fs = require('node:fs');
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const [, kibibytes] = /VmHWM:\\s+(\\d+) kB/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  fs.writeFileSync(process.env.MEASURED_USAGE, JSON.stringify({ kibibytes: Number(kibibytes), cpu: userCPUTime + systemCPUTime }));
});`;

/** Runs the bundle, and says what that took of the machine. */
export async function runMeasured(args: readonly string[], options: MailroomOptions): Promise<MeasuredRun> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-measured-'));
  try {
    const usage = join(folder, 'usage.json');
    const preload = join(folder, 'preload.cjs');
    await writeFile(preload, PRELOAD);
    const run = await runMailroom(args, {
      ...options,
      env: { ...options.env, MEASURED_USAGE: usage },
      nodeOptions: [...(options.nodeOptions ?? []), '--require', preload],
    });
    const { kibibytes, cpu } = JSON.parse(await readFile(usage, 'utf8')) as { kibibytes: number; cpu: number };
    return { ...run, peakRss: kibibytes / 1024, cpu: cpu / 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
