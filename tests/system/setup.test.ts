import { runHere } from '../support/bundle-here';
import type { CyrusServer } from '../support/cyrus';
import { type MailroomRun, PROGRAM, runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { openAccount, type TestAccount } from '../support/test-account';

/** VIP Feed adds to Feed and shows in the Inbox; Quiet adds to both and does not. */
const CHAIN = JSON.stringify([
  { name: 'Imbox', mailbox: 'Inbox' },
  { name: 'Feed' },
  { name: 'VIP Feed', parent: 'Feed', addToInbox: true },
  { name: 'Quiet', parent: 'VIP Feed' },
  { name: 'Person', parent: 'Imbox', group: 'Imbox', mailbox: 'Inbox', contactType: 'person' },
]);

const MAILBOXES = [
  ...['@MailroomError', '@MailroomWarning', '@ToFeed', '@ToImbox', '@ToJail', '@ToPaperTrail', '@ToPerson'],
  ...['Feed', 'Inbox', 'Jail', 'Paper Trail', 'Screener'],
];

type Environment = Readonly<Record<string, string>>;

async function run(account: TestAccount, args: readonly string[], env: Environment = {}): Promise<MailroomRun> {
  return runHere(args, { account: account.account, env });
}

async function bareAccount(server: CyrusServer): Promise<TestAccount> {
  return openAccount(await server.addUser());
}

/** Everything made, and the printed Sieve script installed. */
async function routedAccount(server: CyrusServer, env: Environment = {}): Promise<TestAccount> {
  const account = await bareAccount(server);
  expect(await run(account, ['setup', '--apply'], env)).toMatchObject({ status: 0, stderr: '' });
  const script = await run(account, ['setup', '--sieve'], env);
  expect(script).toMatchObject({ status: 0, stderr: '' });
  await server.installSieve(account.account, script.stdout);
  return account;
}

function message(subject: string, from: string): string {
  return [
    `From: ${from}`,
    'To: user@example.com',
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(' ', '.')}@sender.example>`,
    'Date: Thu, 15 Jan 2026 09:00:00 +0000',
    '',
    'Hello.',
    '',
  ].join('\r\n');
}

describeOnCyrus('setup', (server) => {
  it('takes a bare account to a filed message', async () => {
    const account = await bareAccount(server());
    const before = await account.state();

    const dry = await run(account, ['setup']);
    expect(dry).toMatchObject({ status: 0, stderr: '' });
    expect(dry.stdout).toContain(`To make 11 mailboxes and 4 contact groups: ${PROGRAM} setup --apply`);
    expect(await account.state()).toBe(before);

    const applied = await run(account, ['setup', '--apply']);
    expect(applied).toMatchObject({ status: 0, stderr: '' });
    expect(applied.stdout).toContain('Made 11 mailboxes and 4 contact groups.');
    expect([...(await account.mailboxes())].sort()).toEqual([...MAILBOXES].sort());
    expect(await account.groups()).toEqual({ Imbox: [], Feed: [], 'Paper Trail': [], Jail: [] });

    await account.addMessage({ subject: 'News', mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    expect(await account.mailboxesOf('News')).toEqual(['Feed']);
  });

  it('has nothing to do the second time', async () => {
    const account = await bareAccount(server());
    await run(account, ['setup', '--apply']);
    const before = await account.state();
    for (const args of [['setup'], ['setup', '--apply']]) {
      const again = await run(account, args);
      expect(again).toMatchObject({ status: 0, stderr: '' });
      expect(again.stdout).toContain('nothing to do');
    }
    expect(await account.state()).toBe(before);
  });

  it('makes what is missing and leaves the rest', async () => {
    const account = await bareAccount(server());
    await account.makeMailboxes(['Projects/Feed', '@ToFeed']);
    await account.makeGroup({ name: 'Feed', uid: 'feed', members: ['someone'] });
    const applied = await run(account, ['setup', '--apply', '--json']);
    expect(applied).toMatchObject({ status: 0, stderr: '' });
    const report = JSON.parse(applied.stdout);
    const made = (items: readonly { readonly name: string; readonly made: boolean }[]) =>
      items.filter((item) => item.made).map(({ name }) => name);
    expect(report.complete).toBe(true);
    expect(made(report.mailboxes).sort()).toEqual(
      MAILBOXES.filter((name) => !['Inbox', 'Feed', '@ToFeed'].includes(name)).sort(),
    );
    expect(made(report.groups)).toEqual(['Imbox', 'Paper Trail', 'Jail']);
    expect(await account.groups()).toMatchObject({ Feed: ['someone'] });
  });

  it('says what it cannot make', async () => {
    const account = await bareAccount(server());
    await account.makeMailboxes(['One/Feed', 'Two/Feed']);
    const applied = await run(account, ['setup', '--apply']);
    expect(applied.status).toBe(78);
    expect(applied.stderr).toMatch(/"Feed".*nested/);
    expect(applied.stdout).toContain('Made 10 mailboxes and 4 contact groups.');
  });

  it('prints rules alone, as Fastmail imports them, and nothing of progress', async () => {
    const account = await bareAccount(server());
    const printed = await run(account, ['setup', '--rules']);
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    const searches = JSON.parse(printed.stdout).map(({ search }: { readonly search: string }) => search);
    expect(searches).toEqual(['fromin:Feed', 'fromin:"Paper Trail"', 'fromin:Jail', 'NOT fromin:contacts']);
    const applied = await run(account, ['setup', '--apply']);
    expect(applied.stdout).not.toContain('\u001b');
    expect(applied.stderr).toBe('');
  });

  it('prints no script on groups that are not there', async () => {
    const account = await bareAccount(server());
    const printed = await run(account, ['setup', '--sieve']);
    expect(printed).toMatchObject({ status: 78, stdout: '' });
    expect(printed.stderr).toContain('setup --apply');
  });

  it.each([
    ['@ToImbox', ['Inbox']],
    ['@ToFeed', ['Feed']],
    ['@ToPaperTrail', ['Paper Trail']],
    ['@ToJail', ['Jail']],
    ['@ToPerson', ['Inbox']],
  ])('routes the next message after %s by the printed script as the triage filed the first', async (label, places) => {
    const account = await routedAccount(server());
    await server().deliver(account.account, message('first', 'Ann <Ann@Sender.example>'));
    expect(await account.mailboxesOf('first')).toEqual(['Screener']);
    const [first] = await account.messages();
    await account.labelMessage(first?.id as string, label);
    await cycle(account);
    expect(await account.mailboxesOf('first')).toEqual(places);

    await server().deliver(account.account, message('second', 'Somebody <ann@sender.example>'));
    expect(await account.mailboxesOf('second')).toEqual(places);
    await server().deliver(account.account, message('stranger', 'Ann <ann@other.example>'));
    expect(await account.mailboxesOf('stranger')).toEqual(['Screener']);
  });

  it.each([
    ['@ToFeed', ['Feed']],
    ['@ToVIPFeed', ['Feed', 'Inbox', 'VIP Feed']],
    ['@ToQuiet', ['Feed', 'Quiet', 'VIP Feed']],
    ['@ToPerson', ['Inbox']],
  ])('routes along a chain of parents after %s', async (label, places) => {
    const env = { MAILROOM_CATEGORIES: CHAIN };
    const account = await routedAccount(server(), env);
    await server().deliver(account.account, message('first', 'Ann <ann@sender.example>'));
    const [first] = await account.messages();
    await account.labelMessage(first?.id as string, label);
    await cycle(account, env);
    expect(await account.mailboxesOf('first')).toEqual(places);
    await server().deliver(account.account, message('second', 'Ann <ann@sender.example>'));
    expect(await account.mailboxesOf('second')).toEqual(places);
  });

  it('leaves mail of contacts without a verdict in the Inbox', async () => {
    const account = await routedAccount(server());
    await account.putCard(
      'BEGIN:VCARD\nVERSION:3.0\nUID:friend\nFN:Friend\nN:Friend;;;;\nEMAIL:friend@sender.example\nEND:VCARD\n',
    );
    await server().deliver(account.account, message('hello', 'friend@sender.example'));
    expect(await account.mailboxesOf('hello')).toEqual(['Inbox']);
  });

  it('routes into nested mailboxes and mailboxes of any name', async () => {
    const env = {
      MAILROOM_CATEGORIES: '["Lesestoff für später", {"name": "A & B’s", "label": "@ToA", "mailbox": "Ab & lage"}]',
    };
    const account = await bareAccount(server());
    await account.makeMailboxes(['Projekte/Ab & lage']);
    expect(await run(account, ['setup', '--apply'], env)).toMatchObject({ status: 0, stderr: '' });
    const script = await run(account, ['setup', '--sieve'], env);
    await server().installSieve(account.account, script.stdout);
    for (const [subject, label, place] of [
      ['one', '@ToLesestofffürspäter', 'Lesestoff für später'],
      ['two', '@ToA', 'Projekte/Ab & lage'],
    ] as const) {
      await account.addMessage({ subject, from: `${subject}@sender.example`, mailboxes: ['Screener', label] });
      await cycle(account, env);
      await server().deliver(account.account, message(`${subject} again`, `${subject}@sender.example`));
      expect(await account.mailboxesOf(`${subject} again`)).toEqual([place]);
    }
  });
});

describe('The command lines of setup and check', () => {
  it.each([
    ['setup', ['setup', '--aply']],
    ['setup', ['setup', '--rules', '--sieve']],
    ['setup', ['setup', 'everything']],
    ['check', ['check', '--apply']],
    ['check', ['check', 'everything']],
  ])('%s refuses wrong arguments with 64 and a usage line: %j', async (command, args) => {
    const refused = await runMailroom(args);
    expect(refused).toMatchObject({ status: 64, stdout: '' });
    expect(refused.stderr).toContain(`Usage: ${PROGRAM} ${command} `);
  });
});
