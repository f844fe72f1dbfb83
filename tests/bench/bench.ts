import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../http/loopback-certificate';
import { cyrusRequirement, startCyrus } from '../support/cyrus';
import { startProxy } from '../support/proxy';
import { type Figure, figures } from './figures';
import { createQuota } from './quota';
import { account, measure } from './scenario';

const HELP = `Usage: npm run bench -- [--json] [--large] [--bundle PATH] | --profile
What cycles cost on a real Cyrus behind TLS, beside what is to be reached.
  --json     prints for programs
  --large    adds 1,000 senders beside 50,000 messages and 20,000 contacts: many minutes
  --bundle   measures another build than dist/run.js
  --profile  leaves the CPU profile of an idle cycle in dist/profile/`;

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      large: { type: 'boolean' },
      profile: { type: 'boolean' },
      help: { type: 'boolean' },
      bundle: { type: 'string', default: 'dist/run.js' },
    },
  });
  if (values.help) return print(HELP);
  const missing = cyrusRequirement.missing();
  if (missing !== undefined) return print(`${missing}. Install: ${cyrusRequirement.install}`);
  const bundle = resolve(values.bundle);
  const server = await startCyrus();
  const front = (roundTrip: number) =>
    startProxy(server.origin, { tls: { cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, roundTrip });
  const proxies = { near: await front(0), far: await front(50), farther: await front(100) };
  const quota = createQuota();
  try {
    if (values.profile) {
      const folder = resolve('dist/profile');
      mkdirSync(folder, { recursive: true });
      const nodeOptions = ['--cpu-prof', '--cpu-prof-interval', '200', `--cpu-prof-dir=${folder}`];
      await measure(bundle, await account(server, 0, 100), proxies.near, { nodeOptions });
      return print(`The profile is in ${folder}; Chrome's DevTools show it.`);
    }
    const found = await figures({ bundle, server, proxies, quota, large: values.large === true });
    print(values.json ? JSON.stringify({ node: process.version, bundle, figures: found }, null, 2) : table(found));
  } finally {
    quota?.remove();
    await Promise.all(Object.values(proxies).map((proxy) => proxy.stop()));
    await server.stop();
  }
}

function table(found: readonly Figure[]): string {
  return [
    `Node.js ${process.version}`,
    '',
    '| figure | now | reach |',
    '| --- | --: | --: |',
    ...found.map(({ name, now, reach }) => `| ${name} | ${now ?? 'not measured here'} | ${reach} |`),
  ].join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

bench().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
