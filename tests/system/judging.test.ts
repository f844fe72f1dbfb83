import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { screenedAccount } from '../support/test-account';

const ANN = 'Ann <ann@sender.example>';

describeOnCyrus('Judging', (cyrus) => {
  const screened = preparedOnce(cyrus, screenedAccount);

  it.each([
    [
      'two messages',
      [
        ['Screener', '@ToFeed'],
        ['Screener', '@ToJail'],
      ],
    ],
    ['one message', [['Screener', '@ToFeed', '@ToJail']]],
  ])('puts the error label on a conflict on %s and touches nothing else of the sender', async (_, labelled) => {
    const account = await screened();
    const cards = await account.cardState();
    for (const [index, mailboxes] of labelled.entries()) {
      await account.addMessage({ subject: `labelled ${index}`, from: ANN, mailboxes });
    }
    await account.addMessage({ subject: 'backlog', from: ANN, mailboxes: ['Screener'] });
    await account.addMessage({ subject: 'other', from: 'bob@sender.example', mailboxes: ['Screener', '@ToJail'] });
    const summary = await cycle(account);
    for (const [index, mailboxes] of labelled.entries()) {
      expect(await account.mailboxesOf(`labelled ${index}`)).toEqual([...mailboxes, '@MailroomError'].sort());
    }
    expect(await account.mailboxesOf('backlog')).toEqual(['Screener']);
    expect(await account.mailboxesOf('other')).toEqual(['Jail']);
    expect(summary).toMatchObject({ conflicts: 1, triaged: 1 });
    expect((await account.cards()).some(({ text }) => text.includes('ann@sender.example'))).toBe(false);
    expect(await account.cardState()).not.toBe(cards);
  });

  it('leaves a conflict alone until the user takes the error label off, and then triages it', async () => {
    const account = await screened();
    const feed = await account.addMessage({ subject: 'feed', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    const jail = await account.addMessage({ subject: 'jail', from: ANN, mailboxes: ['Screener', '@ToJail'] });
    await cycle(account);
    const before = await account.state();
    expect(await cycle(account)).toMatchObject({ leftAlone: 2, triaged: 0 });
    expect(await account.state()).toBe(before);

    await account.unlabelMessage(jail, '@ToJail');
    await account.unlabelMessage(feed, '@MailroomError');
    expect(await cycle(account)).toMatchObject({ triaged: 1, filed: 2 });
    expect(await account.mailboxesOf('feed')).toEqual(['Feed']);
    expect(await account.mailboxesOf('jail')).toEqual(['Feed']);
    expect((await account.groups())['Feed']).toHaveLength(1);
  });

  it.each([
    ['no From header', null],
    ['a From without an address', 'Nobody'],
    ['an empty From', ''],
  ])('puts the error label on a message with %s', async (_, from) => {
    const account = await screened();
    const raw = [
      'Subject: odd',
      ...(from === null ? [] : [`From: ${from}`]),
      'Message-ID: <odd@seed.example>',
      '',
      'Hello.',
      '',
    ];
    await account.importMessage(Buffer.from(raw.join('\r\n')), ['Screener', '@ToFeed']);
    const cards = await account.cardState();
    expect(await cycle(account)).toMatchObject({ withoutSender: 1, triaged: 0 });
    expect(await account.mailboxesOf('odd')).toEqual(['@MailroomError', '@ToFeed', 'Screener']);
    expect(await account.cardState()).toBe(cards);
  });

  it.each([
    ['an address in front of another', 'bank@bank.example <thief@evil.example>'],
    ['two addresses', 'Bank <bank@bank.example>, thief@evil.example'],
    ['a group', 'Us: bank@bank.example, thief@evil.example;'],
  ])('puts the error label on a message whose From has %s, and triages neither', async (_, from) => {
    const account = await screened();
    await account.addMessage({ subject: 'shared', from, mailboxes: ['Screener', '@ToJail'] });
    await account.addMessage({ subject: 'thief', from: 'thief@evil.example', mailboxes: ['Screener', '@ToJail'] });
    await account.addMessage({ subject: 'shared backlog', from, mailboxes: ['Screener'] });
    await account.addMessage({ subject: 'bank', from: 'bank@bank.example', mailboxes: ['Screener'] });
    const addresses = ['bank@bank.example', 'thief@evil.example'];
    const dryRun = await runMailroom(['--once', '--dry-run'], { account: account.account });
    expect(dryRun.records).toContainEqual(
      expect.objectContaining({ message: 'Would object to a message with several From addresses', addresses }),
    );
    const { status, records } = await runMailroom(['--once'], { account: account.account });
    expect(status).toBe(0);
    expect(records).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: expect.stringContaining('several From addresses'),
        addresses,
      }),
    );
    expect(records.at(-1)).toMatchObject({ severalSenders: 1, triaged: 1 });
    expect(await account.mailboxesOf('shared')).toEqual(['@MailroomError', '@ToJail', 'Screener']);
    expect(await account.mailboxesOf('thief')).toEqual(['Jail']);
    expect(await account.mailboxesOf('shared backlog')).toEqual(['Screener']);
    expect(await account.mailboxesOf('bank')).toEqual(['Screener']);
  });

  it('takes several From addresses for one that differ by case alone', async () => {
    const account = await screened();
    const from = 'Ann <ann@sender.example>, ANN@Sender.Example';
    await account.addMessage({ subject: 'one', from, mailboxes: ['Screener', '@ToFeed'] });
    expect(await cycle(account)).toMatchObject({ triaged: 1, severalSenders: 0 });
    expect(await account.mailboxesOf('one')).toEqual(['Feed']);
  });

  it('finds labelled messages wherever else they are', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['Archive']);
    await account.addMessage({ subject: 'archived', from: ANN, mailboxes: ['Archive', '@ToFeed'] });
    await cycle(account);
    expect(await account.mailboxesOf('archived')).toEqual(['Archive', 'Feed']);
  });

  it('prints the plan with --dry-run and writes nothing', async () => {
    const account = await screened();
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await account.addMessage({ subject: 'backlog', from: ANN, mailboxes: ['Screener'] });
    const before = await account.state();
    // The plan is the answer: no log level takes it away.
    const env = { MAILROOM_LOG_LEVEL: 'error' };
    const { status, records } = await runMailroom(['--once', '--dry-run'], { ...account, env });
    expect(status).toBe(0);
    expect(records).toContainEqual(
      expect.objectContaining({
        message: 'Would triage ann@sender.example to Feed',
        joins: ['Feed'],
        leaves: [],
        backlog: [{ messages: 1, add: ['Feed'], remove: ['Screener'] }],
        labelled: [{ messages: 1, add: ['Feed'], remove: expect.arrayContaining(['Screener', '@ToFeed']) }],
      }),
    );
    expect(await account.state()).toBe(before);
  });
});
