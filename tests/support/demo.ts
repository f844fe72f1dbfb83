import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { screenOf } from '../../src/screen/screen';
import { type Column, table } from '../../src/screen/table';
import { startEmbedded } from './embedded/server';
import { deliver, importRules } from './fastmail-rules';
import { LIVED_IN, livedInAccount } from './lived-in';
import { runMailroom, settingsOf } from './mailroom';
import type { TestAccount } from './test-account';

/** A message, where it was, and where it is. */
interface Sight {
  readonly message: string;
  readonly from: string;
  readonly before: string;
  readonly after: string;
}

const BUNDLE = 'dist/run.js';

/** New mail, once the cycle is over: two senders with a verdict, a contact of the user's, and a stranger. */
const LATER = [
  { subject: 'What to sow in March', from: 'Garden Weekly <hello@garden-weekly.example>' },
  { subject: 'Only today!', from: 'City News <deals@city-news.example>' },
  { subject: 'See you at the concert', from: 'Nora Beck <nora@beck.example>' },
  { subject: 'You have won', from: 'Lucky Day <win@lucky-day.example>' },
] as const;

const screen = screenOf({ stdout: process.stdout, environment: process.env });

// A reader that goes away (`| head`) has seen enough.
process.stdout.on('error', () => {});

demo().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

async function demo(): Promise<void> {
  const server = await startEmbedded();
  // A folder without a .env of anybody's.
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-demo-'));
  try {
    await symlink(dirname(process.argv[1] ?? ''), join(folder, 'dist'));
    process.chdir(folder);
    const account = await livedInAccount(server, 'demo');
    const rules = importRules(
      (await runMailroom(['setup', '--rules'], { account: account.account, bundle: join(folder, BUNDLE) })).stdout,
    );
    const before = await placesOf(account);
    title('Mail waits, and you put a label on one message of each sender');
    print('A mail server in memory, with an account in the middle of its life.', '');
    show(
      LIVED_IN.flatMap(({ messages, from }) => messages.map((one) => sight({ from, ...one }, before, before))),
      [FROM, MESSAGE, IN],
    );
    title('Mailroom runs, as it does every five minutes');
    process.exitCode = await mailroom(account, '--once');
    const after = await placesOf(account);
    title('Whole backlogs are filed, and the labels are gone');
    show(
      LIVED_IN.flatMap(({ messages, from }) => messages.map((one) => sight({ from, ...one }, before, after))),
      [MESSAGE, WAS_IN, IS_IN],
    );
    await mailroom(account, 'explain', 'deals@city-news.example');
    title("New mail arrives: the mail server's own rules know where it goes");
    for (const message of LATER) await deliver(account, rules, message);
    const later = await placesOf(account);
    show(
      LATER.map((one) => sight(one, later, later)),
      [FROM, MESSAGE, IN],
    );
    title('On your own account');
    print(
      'cp .env.example .env          fill in the three values',
      `node ${BUNDLE} check         everything that can stop a cycle`,
    );
    print(
      `node ${BUNDLE} setup         what the account needs`,
      'README.md                     the whole way, and back',
    );
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

async function placesOf(account: TestAccount): Promise<ReadonlyMap<string, string>> {
  const isLabel = (name: string): boolean => name.startsWith('@');
  return new Map(
    (await account.messages()).map(({ subject, mailboxes }) => [
      subject,
      [...mailboxes.filter((name) => !isLabel(name)), ...mailboxes.filter(isLabel)].join(', '),
    ]),
  );
}

function sight(
  { subject, from }: { readonly subject: string; readonly from: string },
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Sight {
  return {
    message: subject,
    from: /<(.*)>/.exec(from)?.[1] ?? from,
    before: before.get(subject) ?? '',
    after: after.get(subject) ?? '',
  };
}

const FROM: Column<Sight> = { title: 'SENDER', cell: ({ from }) => from };
const MESSAGE: Column<Sight> = { title: 'MESSAGE', cell: ({ message }) => message, gives: { most: 30, least: 10 } };
const IN: Column<Sight> = { title: 'IS IN', cell: ({ after }) => after };
const WAS_IN: Column<Sight> = { title: 'WAS IN', cell: ({ before }) => before };
const IS_IN: Column<Sight> = {
  title: 'IS IN',
  cell: ({ before, after }) => compared(before.split(', '), after.split(', ')),
};

function compared(before: readonly string[], after: readonly string[]): string {
  if (!before.every((name) => after.includes(name))) return after.join(', ');
  return ['the same', ...after.filter((name) => !before.includes(name)).map((name) => `and ${name}`)].join(', ');
}

function show(sights: readonly Sight[], columns: readonly Column<Sight>[]): void {
  for (const line of table(columns, sights, screen)) print(line);
}

/** Runs Mailroom on the same terminal, so that what is shown is what it prints. */
async function mailroom({ account }: TestAccount, ...args: readonly string[]): Promise<number> {
  print('', screen.style.key(`$ node ${BUNDLE} ${args.join(' ')}`));
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('MAILROOM_'));
  const env = { ...Object.fromEntries(others), ...settingsOf(account) };
  const child = spawn(process.execPath, [BUNDLE, ...args], { env, stdio: 'inherit' });
  return new Promise((ended, failed) => child.once('error', failed).once('close', (status) => ended(status ?? 1)));
}

function title(text: string): void {
  print('', screen.style.title(text));
}

function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
