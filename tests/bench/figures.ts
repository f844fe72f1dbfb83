import { statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailServer } from '../support/account';
import type { ReverseProxy, SeenRequest } from '../support/proxy';
import type { TestAccount } from '../support/test-account';
import type { CpuQuota } from './quota';
import {
  account,
  type Cost,
  label,
  measure,
  measureRequestsAlone,
  type RunOptions,
  runNode,
  total,
  type Usage,
} from './scenario';

/** One line of the report. */
export interface Figure {
  readonly name: string;
  /** Undefined where it was not measured. */
  readonly now: number | string | undefined;
  readonly reach: string;
}

export interface BenchSetup {
  readonly bundle: string;
  readonly server: MailServer;
  /** The same server: at once, and behind round trips of 50 and 100 ms. */
  readonly proxies: { readonly near: ReverseProxy; readonly far: ReverseProxy; readonly farther: ReverseProxy };
  readonly quota: CpuQuota | undefined;
  readonly large: boolean;
}

/** Runs of each kind, taken in turns so that a noisy moment meets all of them. */
const RUNS = 21;

export async function figures(setup: BenchSetup): Promise<readonly Figure[]> {
  const small = await account(setup.server, 0, 100);
  return [
    ...(await startFigures(setup, small)),
    ...(await cachedFigures(setup, small)),
    ...(await quotaFigures(setup, small)),
    ...(await roundTripFigures(setup, small)),
    ...(await senderFigures(setup)),
    ...(await tenfoldFigures(setup)),
    ...(setup.large ? await largeFigures(setup) : []),
    { name: 'bundle, bytes', now: statSync(setup.bundle).size, reach: '≤ 330,000' },
  ];
}

async function startFigures({ bundle, proxies }: BenchSetup, at: TestAccount): Promise<readonly Figure[]> {
  const bare: Usage[] = [];
  const version: Usage[] = [];
  const help: Usage[] = [];
  const idle: Cost[] = [];
  const requests: Usage[] = [];
  for (let run = 0; run < RUNS; run++) {
    bare.push(await runNode(['-e', '0']));
    version.push(await runNode([bundle, '--version']));
    help.push(await runNode([bundle, '--help']));
    idle.push(await measure(bundle, at, proxies.near));
    requests.push(await measureRequestsAlone(at, proxies.near));
  }
  const times = (usages: readonly Usage[]): number => rounded(cpuOf(usages) / cpuOf(bare), 2);
  return [
    { name: 'CPU of a bare `node -e 0`, ms', now: rounded(cpuOf(bare)), reach: '' },
    { name: 'CPU of an idle cycle ÷ bare', now: times(idle), reach: '≤ 4.0' },
    { name: 'of which its requests by `node:https` alone would take', now: times(requests), reach: '' },
    { name: 'CPU of `--version` ÷ bare', now: times(version), reach: '≤ 1.5' },
    { name: 'CPU of `--help` ÷ bare', now: times(help), reach: '≤ 1.5' },
    {
      name: 'peak RSS of an idle cycle, MiB',
      now: rounded(median(idle.map(({ peakRss }) => peakRss))),
      reach: '≤ 64 (Node.js 24), ≤ 58 (20)',
    },
  ];
}

/** With V8's code cache as the image has it. Node.js 20 has none. */
async function cachedFigures({ bundle, proxies }: BenchSetup, at: TestAccount): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-bench-cache-'));
  const env = { NODE_COMPILE_CACHE: folder };
  try {
    await runNode([bundle, '--version'], { env });
    const isThere = (await readdir(folder)).length > 0;
    const bare: Usage[] = [];
    const version: Usage[] = [];
    const idle: Cost[] = [];
    for (let run = 0; isThere && run < RUNS; run++) {
      bare.push(await runNode(['-e', '0']));
      version.push(await runNode([bundle, '--version'], { env }));
      idle.push(await measure(bundle, at, proxies.near, { env }));
    }
    const times = (usages: readonly Usage[]) => (isThere ? rounded(cpuOf(usages) / cpuOf(bare), 2) : undefined);
    return [
      { name: 'CPU of an idle cycle ÷ bare, with the code cache of the image', now: times(idle), reach: '' },
      { name: 'CPU of `--version` ÷ bare, with it', now: times(version), reach: '' },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function quotaFigures({ bundle, proxies, quota }: BenchSetup, at: TestAccount): Promise<readonly Figure[]> {
  const walls: number[] = [];
  for (let run = 0; quota !== undefined && run < 3; run++) {
    walls.push((await measure(bundle, at, proxies.near, { before: quota.enter })).wall);
  }
  const now = walls.length === 0 ? undefined : rounded(median(walls) / 1000);
  return [{ name: 'wall of an idle cycle on a tenth of a core, s', now, reach: '≤ 2.5' }];
}

async function roundTripFigures({ bundle, proxies }: BenchSetup, at: TestAccount): Promise<readonly Figure[]> {
  const chains: number[] = [];
  for (let run = 0; run < 3; run++) {
    await measure(bundle, at, proxies.farther);
    chains.push(longestChain(proxies.farther.requests));
  }
  return [
    {
      name: 'round trips of an idle cycle one after the other',
      // On a busy machine requests of one server may wait for those of the other by chance alone.
      now: Math.min(...chains),
      reach: '≤ 5',
    },
  ];
}

/** The most requests of which each came when the one before it had been answered. */
function longestChain(requests: readonly SeenRequest[]): number {
  let chain = 0;
  let end = 0;
  const answered = requests.map(({ came, answered: at = came }) => ({ came, at }));
  for (const { came, at } of answered.sort((one, other) => one.at - other.at)) {
    if (came < end) continue;
    chain += 1;
    end = at;
  }
  return chain;
}

async function senderFigures({ bundle, server, proxies }: BenchSetup): Promise<readonly Figure[]> {
  const at = await account(server, 300, 100);
  const requestsFor = async (prefix: string, count: number, domain?: string): Promise<number> => {
    await label(at, prefix, count, domain);
    return total(await measure(bundle, at, proxies.near));
  };
  const fewNew = await requestsFor('few', 100);
  const perNew = ((await requestsFor('many', 300)) - fewNew) / 200;
  // contact20 to 29, then contact10 to 19 and 110 to 199.
  const fewKnown = await requestsFor('contact2', 10, 'known.example');
  const perKnown = ((await requestsFor('contact1', 100, 'known.example')) - fewKnown) / 90;
  await label(at, 'far', 300);
  const far = await measure(bundle, at, proxies.far);
  return [
    { name: 'requests per further new sender', now: rounded(perNew, 3), reach: '≤ 1.1' },
    { name: 'requests per further known sender', now: rounded(perKnown, 3), reach: '≤ 1.15' },
    { name: 'wall of 300 new senders, 50 ms round trip, s', now: rounded(far.wall / 1000), reach: '≤ 1/3 of before' },
  ];
}

async function tenfoldFigures({ bundle, server, proxies }: BenchSetup): Promise<readonly Figure[]> {
  const few = await account(server, 300, 300);
  const many = await account(server, 3_000, 3_000);
  const costs: { few: Cost[]; many: Cost[] } = { few: [], many: [] };
  for (let run = 0; run < RUNS; run++) {
    costs.few.push(await measure(bundle, few, proxies.near));
    costs.many.push(await measure(bundle, many, proxies.near));
  }
  const [one, other] = [costs.few[0] as Cost, costs.many[0] as Cost];
  const cpu = cpuOf(costs.many) / cpuOf(costs.few);
  return [
    { name: 'CPU of an idle cycle, contacts and mail tenfold', now: rounded(cpu, 2), reach: '≤ 1.1 ×' },
    { name: 'its requests', now: rounded(total(other) / total(one), 2), reach: '≤ 1.1 ×' },
    { name: 'bytes that an idle cycle receives', now: one.received, reach: '' },
  ];
}

async function largeFigures({ bundle, server, proxies }: BenchSetup): Promise<readonly Figure[]> {
  const at = await account(server, 20_000, 50_000);
  await label(at, 'new', 1_000);
  const pod: RunOptions = { nodeOptions: ['--max-old-space-size=76'] };
  const cost = await measure(bundle, at, proxies.near, pod);
  return [
    {
      name: 'peak RSS of 1,000 senders beside 50,000 messages and 20,000 contacts, MiB',
      now: rounded(cost.peakRss),
      reach: '≤ 110 (Node.js 24), ≤ 100 (20)',
    },
    { name: 'its wall, s', now: rounded(cost.wall / 1000), reach: '' },
  ];
}

function cpuOf(usages: readonly Usage[]): number {
  return median(usages.map(({ cpu }) => cpu));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] as number;
}

function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
