import { accountAt, type MailServer } from '../support/account';
import { runHere } from '../support/bundle-here';
import { killedAfterEachWrite } from '../support/killed';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const SPAMMER = 'Win <win@spam.example>';

/** A stranger with mail in the Screener, one in Feed by its verdict, and one of the user's own contacts in Jail. */
async function spammedAccount(server: MailServer, hasJunk = true) {
  const account = await screenedAccount(server);
  await account.makeMailboxes(['@ToSpam', 'Mine', 'Archive']);
  if (hasJunk) await account.makeJunk('Spam');
  await account.putCard('BEGIN:VCARD\nVERSION:3.0\nUID:own\nFN:Own\nN:;;;;\nEMAIL:own@spam.example\nEND:VCARD\n');
  const known = await account.addMessage({ subject: 'known 1', from: 'known@spam.example', mailboxes: ['@ToFeed'] });
  const own = await account.addMessage({ subject: 'own', from: 'own@spam.example', mailboxes: ['@ToJail'] });
  await account.addMessage({ subject: 'known 2', from: 'known@spam.example', mailboxes: ['Screener'] });
  await cycle(account);
  await account.addMessage({ subject: 'new 1', from: SPAMMER, mailboxes: ['Screener', '@ToSpam', 'Mine'] });
  await account.addMessage({ subject: 'new 2', from: SPAMMER, mailboxes: ['Screener'], keywords: ['$notjunk'] });
  await account.addMessage({ subject: 'new 3', from: SPAMMER, mailboxes: ['Archive'] });
  for (const id of [known, own]) await account.labelMessage(id, '@ToSpam');
  await server.index(account.account);
  return account;
}

const JUNKED = {
  'new 1': ['Mine', 'Spam', '$junk'],
  'new 2': ['Spam', '$junk'],
  'new 3': ['Archive'],
  'known 1': ['Spam', '$junk'],
  'known 2': ['Spam', '$junk'],
  own: ['Spam', '$junk'],
};

/** Subject → mailboxes, and the keywords about junk. */
async function mailOf(account: TestAccount) {
  return Object.fromEntries(
    (await account.messages()).map(({ subject, mailboxes, keywords }) => [
      subject,
      [...mailboxes, ...keywords.filter((keyword) => /junk/i.test(keyword))],
    ]),
  );
}

async function expectJunked(account: TestAccount): Promise<void> {
  expect(await mailOf(account)).toEqual(JUNKED);
  expect(await account.groups()).toEqual({ Imbox: [], Feed: [], 'Paper Trail': [], Jail: [] });
  const contacts = (await account.cards())
    .map(({ text }) => text.replaceAll('\r\n ', ''))
    .filter((text) => !/KIND:group/.test(text));
  expect(contacts).toHaveLength(1);
  expect(contacts[0]).toMatch(/^UID:own\r$/m);
  expect(contacts[0]).toMatch(/Mailroom [-0-9]{10}: Jail → Spam <own@spam\.example>\r$/m);
}

describeOnCyrus('Spam, on Cyrus', (cyrus) => {
  const spammed = preparedOnce(cyrus, spammedAccount);

  it('goes to the junk mailbox, marked as junk, and makes nobody a contact', async () => {
    const account = await spammed();
    const labelled = await account.state();
    const dry = await runMailroom(['--once', '--dry-run'], { account: account.account });
    expect(dry.records.map(({ message }) => message)).toContain('Would take win@spam.example for spam');
    expect(await account.state()).toBe(labelled);

    expect(await cycle(account)).toMatchObject({ triaged: 0, spam: 3, filed: 5 });
    await expectJunked(account);
    const done = await account.state();
    await cycle(account);
    expect(await account.state()).toBe(done);
  });

  it('is finished by the next cycle, killed after whichever write', async () => {
    const account = await spammed();
    const writes = await killedAfterEachWrite(cyrus(), account, ['--once'], async () => {
      await cycle(account);
      await expectJunked(account);
    });
    expect(writes).toBeGreaterThan(4);
  }, 120_000);

  it('is the same by two cycles at once', async () => {
    const account = await spammed();
    const both = await Promise.all([runHere(['--once'], account), runHere(['--once'], account)]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    await expectJunked(account);
  });

  it('is 300 senders, known and unknown, in the requests of a cycle', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@ToSpam']);
    await account.makeJunk('Spam');
    const known = Array.from({ length: 150 }, (_, i) => `known${i}@spam.example`);
    await account.addMessages(known.map((from) => ({ from, mailboxes: ['@ToFeed'] })));
    await cycle(account);
    const unknown = known.map((from) => `un${from}`);
    await account.addMessages([...known, ...unknown].map((from) => ({ from, mailboxes: ['Screener', '@ToSpam'] })));
    await cyrus().index(account.account);
    const proxy = await startProxy(cyrus().origin);
    try {
      const summary = await cycle({ account: accountAt(account.account, proxy.origin) });
      expect(summary).toMatchObject({ spam: 300, filed: 450 });
      expect(proxy.requests.filter(({ kind }) => /Email\//.test(kind)).length).toBeLessThan(9);
      expect(proxy.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(150);
      // The one group that half of them leave.
      expect(proxy.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    } finally {
      await proxy.stop();
    }
    expect(new Set(Object.values(await mailOf(account)).flat())).toEqual(new Set(['Spam', '$junk']));
    expect((await account.messages()).map(({ mailboxes }) => mailboxes.join())).toEqual(Array(450).fill('Spam'));
    expect(await account.groups()).toEqual({ Imbox: [], Feed: [], 'Paper Trail': [], Jail: [] });
    expect((await account.cards()).filter(({ text }) => !/KIND:group/.test(text))).toEqual([]);
  }, 60_000);

  it('is a conflict beside another label, and gets a verdict again by one', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@ToSpam']);
    await account.makeJunk('Junk');
    const id = await account.addMessage({ subject: 'one', from: SPAMMER, mailboxes: ['@ToSpam', '@ToFeed'] });
    expect(await cycle(account)).toMatchObject({ conflicts: 1, spam: 0 });
    for (const label of ['@MailroomError', '@ToFeed']) await account.unlabelMessage(id, label);
    await cycle(account);
    expect(await account.mailboxesOf('one')).toEqual(['Junk']);
    await account.labelMessage(id, '@ToFeed');
    await cycle(account);
    expect(await account.mailboxesOf('one')).toEqual(['Feed', 'Junk']);
    expect((await account.groups())['Feed']).toHaveLength(1);
  });

  it('without a junk mailbox gets the error label, and check says so', async () => {
    const account = await spammedAccount(cyrus(), false);
    const { stdout } = await runMailroom(['check'], { account: account.account });
    expect(stdout).toContain('! The label @ToSpam is there, but no mailbox has the role junk');
    expect(await cycle(account)).toMatchObject({ spam: 0, withoutJunk: 3 });
    expect(await account.mailboxesOf('new 1')).toEqual(['@MailroomError', '@ToSpam', 'Mine', 'Screener']);
    expect((await account.groups())['Feed']).toHaveLength(1);
  });
});
