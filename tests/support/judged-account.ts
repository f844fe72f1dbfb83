import type { MailServer } from './account';
import { runHere } from './bundle-here';
import { runMailroom } from './mailroom';
import { GROUPS, screenedAccount, type TestAccount } from './test-account';

/** A new account whose verdicts may be on domains or lists, be taken back, and be spam. */
export async function judgedAccount(
  server: Pick<MailServer, 'addUser'>,
  kind: 'domains' | 'lists',
  name?: string,
): Promise<TestAccount> {
  const account = await screenedAccount(server, name);
  await account.makeMailboxes([kind === 'domains' ? '@WholeDomain' : '@WholeList', '@ToScreener', '@ToSpam', 'Mine']);
  await account.makeJunk('Junk');
  await account.makeGroups(GROUPS.map((group) => `${group} ${kind}`));
  return account;
}

/** Subject of each message → its mailboxes. */
export async function mailOf(account: TestAccount): Promise<Readonly<Record<string, readonly string[]>>> {
  return Object.fromEntries((await account.messages()).map(({ subject, mailboxes }) => [subject, mailboxes]));
}

/** The cards that are no groups. */
export async function contactTexts(account: TestAccount): Promise<readonly string[]> {
  return (await account.cards()).map(({ text }) => text).filter((text) => !/KIND:group/.test(text));
}

/** Names of the groups that have members → how many. */
export async function filledGroups(account: TestAccount): Promise<Readonly<Record<string, number>>> {
  const groups = Object.entries(await account.groups()).filter(([, members]) => members.length > 0);
  return Object.fromEntries(groups.map(([name, members]) => [name, members.length]));
}

/** Takes everything back that Mailroom did, until it finds nothing more, and gives what it said before. */
export async function resetAll({ account }: TestAccount): Promise<string> {
  const plan = await runHere(['reset'], { account });
  const done = await runMailroom(['reset', '--apply', '--yes'], { account });
  const again = await runHere(['reset'], { account });
  if (done.status !== 0 || !again.stdout.includes('There is nothing to take back.')) {
    throw new Error(`The reset ended with ${done.status}: ${done.stdout}${done.stderr}${again.stdout}`);
  }
  return plan.stdout;
}
