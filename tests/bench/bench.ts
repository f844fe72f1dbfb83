import { spawnSync } from 'node:child_process';
import { cyrusRequirement, startCyrus } from '../support/cyrus';
import { startProxy } from '../support/proxy';
import { account, type Cost, label, measure } from './scenario';

/** Prints what cycles cost on a real Cyrus: requests, bytes and memory, and CPU as a multiple of Node's own start. */
async function bench(): Promise<void> {
  const missing = cyrusRequirement.missing();
  if (missing !== undefined) {
    print(`${missing}. Install: ${cyrusRequirement.install}`);
    return;
  }
  const bare = bareNode();
  const server = await startCyrus();
  const proxy = await startProxy(server.origin);
  try {
    print(`Node.js ${process.version}; CPU in multiples of a bare \`node -e 0\`\n`);
    print('| cycle | contacts | Screener | JMAP | CardDAV | writes | per sender | KB received | peak RSS, MiB | CPU |');
    print('| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |');
    for (const [contacts, screened] of [
      [0, 100],
      [1000, 100],
      [10_000, 10_000],
    ] as const) {
      const made = await account(server, contacts, screened);
      const row = (name: string, cost: Cost, senders: number, idle: Cost | undefined): void =>
        print(tableRow(name, [contacts, screened], cost, senders, idle, bare));
      const idle = await measure(['--once'], made, proxy);
      row('idle', idle, 0, undefined);
      for (const count of contacts === 1000 ? [] : [1, 10, 100, 300]) {
        await label(made, addresses(`new${count}x`, count));
        row(`${count} new`, await measure(['--once'], made, proxy), count, idle);
      }
      if (contacts > 0) {
        await label(made, addresses('contact', 100, 'known.example'));
        row('100 known', await measure(['--once'], made, proxy), 100, idle);
      }
    }
  } finally {
    await proxy.stop();
    await server.stop();
  }
}

function tableRow(
  name: string,
  sizes: readonly number[],
  cost: Cost,
  senders: number,
  idle: Cost | undefined,
  bare: number,
): string {
  const perSender = senders === 0 || idle === undefined ? '' : ((total(cost) - total(idle)) / senders).toFixed(2);
  const cells = [
    name,
    ...sizes,
    describeKinds(cost, isJmap),
    describeKinds(cost, (kind) => !isJmap(kind)),
    cost.writes,
    perSender,
    Math.round(cost.received / 1024),
    cost.peakRss.toFixed(0),
    (cost.cpu / bare).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}

function describeKinds({ requests }: Cost, wanted: (kind: string) => boolean): string {
  const kinds = Object.entries(requests).filter(([kind]) => wanted(kind));
  const sum = kinds.reduce((all, [, count]) => all + count, 0);
  return `${sum} (${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')})`;
}

function isJmap(kind: string): boolean {
  return kind === 'session' || kind.includes('/');
}

function total({ requests }: Cost): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

function addresses(prefix: string, count: number, domain = 'sender.example'): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}@${domain}`);
}

/** CPU of Node.js that does nothing, ms: the smallest of five. */
function bareNode(): number {
  const script = 'const u = process.resourceUsage(); process.stdout.write(String(u.userCPUTime + u.systemCPUTime))';
  const times = Array.from({ length: 5 }, () => {
    const { stdout } = spawnSync(process.execPath, ['-e', script], { env: {}, encoding: 'utf8' });
    return Number(stdout) / 1000;
  });
  return Math.min(...times);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

bench().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
