import { livedInAccount } from '../support/lived-in';
import { runMailroom } from '../support/mailroom';
import { describeOnMailServers } from '../support/on-servers';

describeOnMailServers('A cycle on a lived-in mailbox', (server) => {
  it('ends with every message and every sender where the demo shows them', async () => {
    const account = await livedInAccount(server());
    await server().index(account.account);
    const { status, records } = await runMailroom(['--once'], { account: account.account });
    expect({ status, summary: records.at(-1) }).toMatchObject({
      status: 0,
      summary: { triaged: 6, filed: 9, contactsCreated: 3, warned: 1, conflicts: 1, failed: 0 },
    });
    const places = (await account.messages()).map(({ subject, mailboxes }) => [subject, mailboxes.join(', ')]);
    expect(Object.fromEntries(places)).toEqual({
      'Spring bulbs are in': 'Feed',
      'Soup from your beds': 'Feed, Recipes',
      'Welcome to Garden Weekly': 'Archive',
      'Lunch on Friday?': 'Inbox',
      'It was good to meet you': 'Inbox',
      'Last chance, really': 'Jail',
      'Last chance': 'Jail',
      'Concert tickets': 'Inbox',
      'Your statement': '@MailroomWarning, Paper Trail',
      'The June book': '@MailroomError, @ToFeed, Screener',
      'The July book': '@MailroomError, @ToImbox, Screener',
      'Your receipt': 'Paper Trail',
      'I am somebody else': 'Screener',
    });
    const sizes = Object.entries(await account.groups()).map(([name, members]) => [name, members.length]);
    expect(Object.fromEntries(sizes)).toEqual({ Imbox: 2, Feed: 1, 'Paper Trail': 2, Jail: 1 });
  });

  it('writes nothing when it is run again', async () => {
    const account = await livedInAccount(server());
    await server().index(account.account);
    await runMailroom(['--once'], { account: account.account });
    const before = await account.state();
    expect(await runMailroom(['--once'], { account: account.account })).toMatchObject({ status: 0 });
    expect(await account.state()).toBe(before);
  });
});
