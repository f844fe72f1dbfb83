import { startEmbedded } from './embedded/server';
import { LIVED_IN, livedInAccount, type Story } from './lived-in';
import { type LogRecord, runMailroom } from './mailroom';
import type { TestAccount } from './test-account';

/** What a person sees of one sender: where each message is, and what the address book says. */
interface Sight {
  /** Subject → mailboxes. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
  readonly groups: readonly string[];
  readonly hasContact: boolean;
}

const LABEL_WIDTH = 28;
const BEFORE_WIDTH = 26;

const isTerminal = process.stdout.isTTY === true;

demo().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

async function demo(): Promise<void> {
  const server = await startEmbedded();
  try {
    const account = await livedInAccount(server, 'demo');
    const before = await look(account);
    const run = await runMailroom(['--once'], { account: account.account });
    const after = await look(account);
    print(strong('One triage cycle on a lived-in mailbox (a mail server in memory, nothing leaves this machine)'));
    print('');
    print(strong(row('', 'before', 'after')));
    for (const [index, story] of LIVED_IN.entries()) printStory(story, before[index] as Sight, after[index] as Sight);
    print(strong('What Mailroom said (node dist/run.js --once)'));
    for (const record of run.records) print(`  ${sentence(record)}`);
    print(`  exit status ${run.status}`);
    process.stderr.write(run.stderr);
    process.exitCode = run.status ?? 1;
  } finally {
    await server.stop();
  }
}

async function look(account: TestAccount): Promise<readonly Sight[]> {
  const [messages, cards, groups] = await Promise.all([account.messages(), account.cards(), account.groups()]);
  return LIVED_IN.map(({ address, messages: expected }) => {
    const card = cards.find(({ text }) => text.includes(`:${address}`));
    const uid = /^UID:(.*?)\r?$/m.exec(card?.text ?? '')?.[1];
    const subjects = expected.map(({ subject }) => subject);
    return {
      messages: new Map(
        messages
          .filter(({ subject }) => subjects.includes(subject))
          .map(({ subject, mailboxes }) => [subject, mailboxes]),
      ),
      groups: Object.keys(groups).filter((name) => uid !== undefined && groups[name]?.includes(uid)),
      hasContact: card !== undefined,
    };
  });
}

function printStory({ title, from, messages }: Story, before: Sight, after: Sight): void {
  print(strong(title));
  print(`  ${from}`);
  for (const { subject, from: other } of messages) {
    const name = other === undefined ? subject : `${subject} *`;
    print(row(`  ${name}`, ...compare(namesOf(before.messages.get(subject)), namesOf(after.messages.get(subject)))));
  }
  print(row('  contact group', ...compare(groupOf(before), groupOf(after))));
  for (const { from: other } of messages) if (other !== undefined) print(`  * from ${other}`);
  print('');
}

/** Labels, whose names begin with @, last. */
function namesOf(mailboxes: readonly string[] = []): string {
  const isLabel = (name: string): boolean => name.startsWith('@');
  return [...mailboxes.filter((name) => !isLabel(name)), ...mailboxes.filter(isLabel)].join(', ');
}

function groupOf({ groups, hasContact }: Sight): string {
  if (groups.length > 0) return groups.join(', ');
  return hasContact ? 'a contact in no group' : 'no contact';
}

function compare(before: string, after: string): readonly [string, string] {
  return [before, before === after ? 'as it was' : after];
}

function row(label: string, before: string, after: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${before.padEnd(BEFORE_WIDTH)}${after}`;
}

/** The record in one line: what was said, and then the facts that it came with. */
function sentence({ level, message, timestamp: _, ...facts }: LogRecord): string {
  const said = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [String(level).padEnd(8), message, ...said].join(' ');
}

function strong(text: string): string {
  return isTerminal ? `\u001b[1m${text}\u001b[0m` : text;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
