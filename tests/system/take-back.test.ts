import { accountAt, type MailServer } from '../support/account';
import { runHere } from '../support/bundle-here';
import { contactTexts, mailOf } from '../support/judged-account';
import { killedAfterEachWrite } from '../support/killed';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { startProxy } from '../support/proxy';
import { GROUPS, screenedAccount } from '../support/test-account';

const ANN = 'Ann <ann@sender.example>';
const OWN_CARD = [
  ...['BEGIN:VCARD', 'VERSION:3.0', 'UID:shop', 'FN:', 'N:;;;;', 'EMAIL;TYPE=WORK:shop@own.example'],
  ...['NOTE:met in Rome\\, 2019', 'item1.TEL:+1 23', 'END:VCARD', ''],
].join('\n');

/** A new sender in Feed with two messages, one of the user's own contacts in Jail, and an account that can take it back. */
async function triagedAccount(server: MailServer) {
  const account = await screenedAccount(server);
  await account.makeMailboxes(['@ToScreener', 'Mine']);
  await account.putCard(OWN_CARD);
  const before = { contacts: await contactTexts(account) };
  const ann = await account.addMessage({ subject: 'ann 1', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
  await account.addMessage({ subject: 'ann 2', from: ANN, mailboxes: ['Screener', 'Mine'] });
  const shop = await account.addMessage({ subject: 'shop', from: 'Shop <shop@own.example>', mailboxes: ['@ToJail'] });
  await cycle(account);
  expect((await account.groups())['Feed']).toHaveLength(1);
  await server.index(account.account);
  return { ...account, ann, shop, before };
}

const AS_BEFORE = { 'ann 1': ['Screener'], 'ann 2': ['Mine', 'Screener'], shop: ['Screener'] };

describeOnCyrus('A verdict that is taken back, on Cyrus', (cyrus) => {
  const triaged = preparedOnce(cyrus, triagedAccount);

  it('leaves groups, mail and contacts as they were before it', async () => {
    const { ann, shop, before, ...account } = await triaged();
    await account.labelMessage(ann, '@ToScreener');
    await account.labelMessage(shop, '@ToScreener');

    const labelled = await account.state();
    const dry = await runMailroom(['--once', '--dry-run'], { account: account.account });
    expect(dry.records).toContainEqual(
      expect.objectContaining({
        message: 'Would take the verdict on ann@sender.example back',
        from: 'Feed',
        releases: [{ delete: 'Ann' }],
        leaves: ['Feed'],
      }),
    );
    const explained = await runMailroom(['explain', 'ann@sender.example'], { account: account.account });
    expect(explained.stdout).toContain('Next cycle  take the verdict back: delete the contact; leave Feed; ');
    expect(await account.state()).toBe(labelled);

    const summary = await cycle(account);
    expect(summary).toMatchObject({ triaged: 0, takenBack: 2, filed: 3 });
    expect(summary['message']).toBe('Triaged 0 senders, filed 3 messages, 2 taken back');
    expect(await mailOf(account)).toEqual(AS_BEFORE);
    expect(await account.groups()).toEqual({ Imbox: [], Feed: [], 'Paper Trail': [], Jail: [] });
    expect(await contactTexts(account)).toEqual(before.contacts);

    const done = await account.state();
    await cycle(account);
    expect(await account.state()).toBe(done);

    await account.labelMessage(ann, '@ToJail');
    await cycle(account);
    expect(await account.mailboxesOf('ann 2')).toEqual(['Jail', 'Mine']);
    expect((await account.contactOf('ann@sender.example')).text).toMatch(/^NOTE:Mailroom [-0-9]{10}: Jail\r$/m);
  });

  it('is a conflict beside another triage label', async () => {
    const { ann, ...account } = await triaged();
    await account.labelMessage(ann, '@ToScreener');
    await account.labelMessage(ann, '@ToJail');
    const report = await cycle(account);
    expect(report).toMatchObject({ takenBack: 0, conflicts: 1 });
    expect(await account.mailboxesOf('ann 1')).toEqual(['@MailroomError', '@ToJail', '@ToScreener', 'Feed']);
    expect((await account.groups())['Feed']).toHaveLength(1);
  });

  it('keeps a contact that the user has changed, without its history', async () => {
    const { ann, ...account } = await triaged();
    const { text } = await account.contactOf('ann@sender.example');
    await account.putCard(text.replace(/^END:VCARD/m, 'TEL:+1 23\r\nEND:VCARD'));
    await account.labelMessage(ann, '@ToScreener');
    await cycle(account);
    const kept = (await account.contactOf('ann@sender.example')).text;
    expect(kept).toContain('TEL:+1 23');
    expect(kept).not.toContain('Mailroom 20');
  });

  it('is finished by the next cycle, killed after whichever write', async () => {
    const { ann, shop, before, ...account } = await triaged();
    await account.labelMessage(ann, '@ToScreener');
    await account.labelMessage(shop, '@ToScreener');
    const writes = await killedAfterEachWrite(cyrus(), account, ['--once'], async (answered) => {
      expect((await account.messages()).every(({ mailboxes }) => mailboxes.length > 0)).toBe(true);
      await cycle(account);
      expect({ answered, mail: await mailOf(account) }).toEqual({ answered, mail: AS_BEFORE });
      expect(await account.groups()).toEqual({ Imbox: [], Feed: [], 'Paper Trail': [], Jail: [] });
      expect(await contactTexts(account)).toEqual(before.contacts);
    });
    expect(writes).toBeGreaterThan(4);
  }, 120_000);

  it('is made by two cycles at once as by one, for 300 senders in the requests of a cycle', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@ToScreener']);
    const senders = Array.from({ length: 300 }, (_, index) => `s${index}@sender.example`);
    await account.addMessages(senders.map((from) => ({ subject: from, from, mailboxes: ['Screener', '@ToFeed'] })));
    await cycle(account);
    await account.addMessages(
      senders.map((from) => ({ subject: `undo ${from}`, from, mailboxes: ['Feed', '@ToScreener'] })),
    );
    await cyrus().index(account.account);
    const proxy = await startProxy(cyrus().origin);
    try {
      const [counted, other] = await Promise.all([
        runHere(['--once'], { account: accountAt(account.account, proxy.origin) }),
        runHere(['--once'], account),
      ]);
      expect([counted.status, other.status]).toEqual([0, 0]);
      const jmap = proxy.requests.filter(({ kind }) => /Email\//.test(kind));
      expect(jmap.length).toBeLessThan(9);
      expect(proxy.requests.filter(({ method }) => method === 'DELETE').length).toBeLessThanOrEqual(300);
    } finally {
      await proxy.stop();
    }
    expect(new Set(Object.values(await mailOf(account)).flat())).toEqual(new Set(['Screener']));
    expect(await contactTexts(account)).toEqual([]);
    expect(await account.groups()).toEqual({ Imbox: [], Feed: [], 'Paper Trail': [], Jail: [] });
  }, 60_000);

  it('is nothing that an account without the label asks for', async () => {
    const account = await screenedAccount(cyrus());
    const proxy = await startProxy(cyrus().origin);
    try {
      await runHere(['--once'], { account: accountAt(account.account, proxy.origin) });
      const bare = proxy.counts();
      await account.makeMailboxes(['@ToScreener', '@ToSpam', '@WholeDomain', '@WholeList']);
      const groups = GROUPS.flatMap((name) => [`${name} domains`, `${name} lists`]);
      await account.makeGroups(groups);
      proxy.forget();
      await runHere(['--once'], { account: accountAt(account.account, proxy.origin) });
      expect(proxy.counts()).toEqual(bare);
      expect(Object.values(bare).reduce((sum, count) => sum + count, 0)).toBe(7);
    } finally {
      await proxy.stop();
    }
  });
});
