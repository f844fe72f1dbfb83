import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountAt, type MailServer } from '../support/account';
import { type MailroomOptions, runMailroom } from '../support/mailroom';
import type { ReverseProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

/** What one run cost. */
export interface Cost {
  /** Kind of request → how many. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests that may change something. */
  readonly writes: number;
  /** Bytes that came back, bodies alone. */
  readonly received: number;
  /** Peak resident set, MiB. */
  readonly peakRss: number;
  /** User and system time, ms. */
  readonly cpu: number;
}

/** Leaves what the process used where its parent finds it. */
const PRELOAD = `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require('node:fs').writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }));
});`;

/** Runs the bundle with these arguments through the proxy, and says what that cost. */
export async function measure(
  args: readonly string[],
  { account }: Pick<TestAccount, 'account'>,
  proxy: ReverseProxy,
  env: MailroomOptions['env'] = {},
): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-bench-'));
  try {
    const usage = join(folder, 'usage.json');
    await writeFile(join(folder, 'preload.cjs'), PRELOAD);
    proxy.forget();
    const run = await runMailroom(args, {
      account: accountAt(account, proxy.origin),
      env: { ...env, BENCH_USAGE: usage },
      nodeOptions: ['--require', join(folder, 'preload.cjs')],
    });
    if (run.status !== 0) throw new Error(`The cycle ended with ${run.status}: ${run.stdout}${run.stderr}`);
    const { maxRSS, cpu } = JSON.parse(await readFile(usage, 'utf8')) as { maxRSS: number; cpu: number };
    return {
      requests: proxy.counts(),
      writes: proxy.requests.filter(({ writes }) => writes).length,
      received: proxy.requests.reduce((sum, { received }) => sum + received, 0),
      peakRss: maxRSS / 1024,
      cpu: cpu / 1000,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

/** A labelled message and one more in the Screener, of each address. */
export async function label({ addMessages }: TestAccount, addresses: readonly string[]): Promise<void> {
  await addMessages(
    addresses.flatMap((from) => [
      { subject: 'labelled', from, mailboxes: ['Screener', '@ToFeed'] },
      { subject: 'backlog', from, mailboxes: ['Screener'] },
    ]),
  );
}
