import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { accountAt, type MailServer } from '../support/account';
import { settingsOf } from '../support/mailroom';
import type { ReverseProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

/** What one process used. */
export interface Usage {
  /** User and system time, ms. */
  readonly cpu: number;
  /** Peak resident set, MiB. */
  readonly peakRss: number;
  /** From its start to its end, ms. */
  readonly wall: number;
}

/** What one run of the bundle cost. */
export interface Cost extends Usage {
  /** Kind of request → how many. */
  readonly requests: Readonly<Record<string, number>>;
  /** Bytes that came back, bodies alone. */
  readonly received: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** A shell command that comes before. */
  readonly before?: string;
}

/** Leaves what the process used where its parent finds it. */
const PRELOAD = `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require('node:fs').writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }));
});`;

/** Runs Node.js with these arguments to its end. Throws where it does not end with 0. */
export async function runNode(args: readonly string[], options: RunOptions = {}): Promise<Usage> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-bench-'));
  try {
    const usage = join(folder, 'usage.json');
    await writeFile(join(folder, 'preload.cjs'), PRELOAD);
    const node = [process.execPath, ...(options.nodeOptions ?? []), '--require', join(folder, 'preload.cjs'), ...args];
    const started = performance.now();
    await ended(`${options.before ?? ':'}; exec "$@"`, node, {
      cwd: folder,
      // Nothing else is inherited: NODE_EXTRA_CA_CERTS alone would add 55 ms to a start of Node.js 20.
      env: { PATH: process.env.PATH ?? '', ...options.env, BENCH_USAGE: usage },
    });
    const wall = performance.now() - started;
    const { maxRSS, cpu } = JSON.parse(await readFile(usage, 'utf8')) as { maxRSS: number; cpu: number };
    return { cpu: cpu / 1000, peakRss: maxRSS / 1024, wall };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The front's certificate is nobody's: to trust it by a setting of Node's would cost time that no cycle has. */
const TRUST = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };

/** Runs the bundle on the account through the proxy. */
export async function measure(
  bundle: string,
  { account }: Pick<TestAccount, 'account'>,
  proxy: ReverseProxy,
  options: RunOptions = {},
): Promise<Cost> {
  proxy.forget();
  const env = { ...settingsOf(accountAt(account, proxy.origin)), ...TRUST, ...options.env };
  const usage = await runNode([bundle, '--once'], { ...options, env });
  return {
    ...usage,
    requests: proxy.counts(),
    received: proxy.requests.reduce((sum, { received }) => sum + received, 0),
  };
}

/** What {@link measure} last had the proxy see, made again by `node:https` and nothing else. */
export async function measureRequestsAlone(
  { account: { token, username, password } }: Pick<TestAccount, 'account'>,
  { requests, origin }: ReverseProxy,
): Promise<Usage> {
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const again = requests.map(({ method, path, body, depth }) => {
    const mail = path.includes('/jmap');
    const headers = {
      authorization: mail ? `Bearer ${token}` : basic,
      'content-type': mail ? 'application/json' : 'application/xml; charset=utf-8',
      ...(depth === undefined ? {} : { depth }),
    };
    return { mail, request: { url: `${origin}${path}`, method, headers, body } };
  });
  const servers = [true, false].map((mail) => again.filter((one) => one.mail === mail).map(({ request }) => request));
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-bench-'));
  try {
    const file = join(folder, 'requests.json');
    await writeFile(file, JSON.stringify(servers));
    return await runNode([resolve('tests/bench/requests-alone.cjs')], { env: { ...TRUST, REQUESTS: file } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function total({ requests }: Cost): number {
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

function ended(
  script: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    const child = spawn('sh', ['-c', script, 'sh', ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('error', reject).once('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${args.join(' ')} ended with ${status}: ${Buffer.concat(output)}`));
    });
  });
}

/** An account with so many contacts of the user's own, and so many messages of other senders in the Screener. */
export async function account(server: MailServer, contacts: number, screened: number): Promise<TestAccount> {
  const made = await screenedAccount(server);
  await made.putCards(
    Array.from({ length: contacts }, (_, index) =>
      [
        'BEGIN:VCARD',
        'VERSION:3.0',
        `UID:contact-${index}`,
        `FN:Contact ${index}`,
        `N:${index};Contact;;;`,
        `EMAIL:contact${index}@known.example`,
        `NOTE:${'Met somewhere. '.repeat(10)}`,
        'END:VCARD',
        '',
      ].join('\r\n'),
    ),
  );
  await made.addMessages(
    Array.from({ length: screened }, (_, index) => ({
      subject: `waiting ${index}`,
      from: `Stranger <stranger${index % 1000}@other.example>`,
      mailboxes: ['Screener'],
    })),
  );
  return made;
}

/** A labelled message and one more in the Screener, of so many senders. */
export async function label({ addMessages }: TestAccount, prefix: string, count: number, domain = 'sender.example') {
  await addMessages(
    Array.from({ length: count }, (_, index) => `${prefix}${index}@${domain}`).flatMap((from) => [
      { subject: 'labelled', from, mailboxes: ['Screener', '@ToFeed'] },
      { subject: 'backlog', from, mailboxes: ['Screener'] },
    ]),
  );
}
