import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { screenedAccount } from '../support/test-account';

const ANN = 'Ann <ann@sender.example>';

describeOnCyrus('Mail, after a triage', (cyrus) => {
  const screened = preparedOnce(cyrus, screenedAccount);

  it('files the labelled message and the whole backlog from the Screener, and takes the label off', async () => {
    const account = await screened();
    await account.addMessage({ subject: 'old', from: ANN, mailboxes: ['Screener'] });
    await account.addMessage({ subject: 'older', from: 'ANN@Sender.Example', mailboxes: ['Screener'] });
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    const summary = await cycle(account);
    expect(await account.mailboxesOf('labelled')).toEqual(['Feed']);
    expect(await account.mailboxesOf('old')).toEqual(['Feed']);
    expect(await account.mailboxesOf('older')).toEqual(['Feed']);
    expect(summary).toMatchObject({
      message: 'Triaged 1 sender, filed 3 messages, 1 contact made',
      triaged: 1,
      filed: 3,
    });
  });

  it('files a message whose only mailbox is the triage label', async () => {
    const account = await screened();
    await account.addMessage({ subject: 'only', from: ANN, mailboxes: ['@ToJail'] });
    await cycle(account);
    expect(await account.mailboxesOf('only')).toEqual(['Jail']);
  });

  it.each([
    ['@ToImbox', ['Inbox']],
    ['@ToFeed', ['Feed']],
    ['@ToPaperTrail', ['Paper Trail']],
    ['@ToJail', ['Jail']],
    ['@ToPerson', ['Inbox']],
  ])('files what is labelled %s in %j', async (label, mailboxes) => {
    const account = await screened();
    await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', label] });
    await cycle(account);
    expect(await account.mailboxesOf('one')).toEqual(mailboxes);
  });

  it('leaves look-alike addresses where they are', async () => {
    const account = await screened();
    const others = [
      'joann@sender.example',
      'ann@sender.example.org',
      'ann+news@sender.example',
      'a.nn@sender.example',
      'ann@xsender.example',
      '"ann@sender.example" <eve@evil.example>',
      '=?utf-8?q?=D0=B0nn?= <=?utf-8?q?x?=@sender.example>',
    ];
    for (const from of others) await account.addMessage({ subject: from, from, mailboxes: ['Screener'] });
    for (const from of others) await account.addMessage({ subject: `feed ${from}`, from, mailboxes: ['Feed'] });
    await account.addMessage({ subject: 'two senders', from: `eve@evil.example, ${ANN}`, mailboxes: ['Screener'] });
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToJail'] });
    await cyrus().index(account.account);
    await cycle(account);
    const messages = await account.messages();
    expect(messages.filter(({ mailboxes }) => mailboxes.includes('Jail')).map(({ subject }) => subject)).toEqual([
      'labelled',
    ]);
    expect(messages.filter(({ mailboxes }) => mailboxes.includes('Screener'))).toHaveLength(others.length + 1);
    expect(messages.filter(({ mailboxes }) => mailboxes.includes('Feed'))).toHaveLength(others.length);
  });

  it('moves all of a sender to the new verdict on a re-triage: what the search index knows and what it does not know yet', async () => {
    const account = await screened();
    await account.addMessage({
      subject: 'indexed',
      from: ANN,
      mailboxes: ['Feed'],
      receivedAt: '2020-05-05T05:05:05Z',
    });
    await cyrus().index(account.account);
    const recent = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');
    await account.addMessage({ subject: 'not indexed', from: ANN, mailboxes: ['Feed'], receivedAt: recent });
    await account.addMessage({ subject: 'in the Inbox', from: ANN, mailboxes: ['Inbox'], receivedAt: recent });
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Feed', '@ToJail'] });
    await cycle(account);
    for (const subject of ['indexed', 'not indexed', 'in the Inbox', 'labelled']) {
      expect([subject, await account.mailboxesOf(subject)]).toEqual([subject, ['Jail']]);
    }
  });

  it('sweeps the Screener without the search index', async () => {
    const account = await screened();
    await account.addMessage({
      subject: 'old',
      from: ANN,
      mailboxes: ['Screener'],
      receivedAt: '2019-01-01T00:00:00Z',
    });
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    expect(await account.mailboxesOf('old')).toEqual(['Feed']);
  });

  it("keeps the user's own labels and the keywords", async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['Travel', 'Projects/Feed']);
    const keywords = ['$flagged', '$seen', 'mine'];
    await account.addMessage({
      subject: 'labelled',
      from: ANN,
      mailboxes: ['Screener', '@ToFeed', 'Travel'],
      keywords,
    });
    await account.addMessage({ subject: 'backlog', from: ANN, mailboxes: ['Screener', 'Projects/Feed'], keywords });
    await cycle(account);
    const found = await account.messages();
    expect(found.map(({ subject, mailboxes, keywords: kept }) => [subject, mailboxes, kept])).toEqual(
      expect.arrayContaining([
        ['labelled', ['Feed', 'Travel'], keywords],
        ['backlog', ['Feed', 'Projects/Feed'], keywords],
      ]),
    );
  });

  it('does not touch mail that is elsewhere only', async () => {
    const account = await screenedAccount(cyrus());
    const elsewhere = ['Archive', 'Sent', 'Trash', 'Junk', 'My Folder', 'Projects/Feed'];
    await account.makeMailboxes(elsewhere);
    for (const mailbox of elsewhere) await account.addMessage({ subject: mailbox, from: ANN, mailboxes: [mailbox] });
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await cyrus().index(account.account);
    await cycle(account);
    for (const mailbox of elsewhere) expect(await account.mailboxesOf(mailbox)).toEqual([mailbox]);
  });

  it('of several mailboxes of one name means the top-level one, and by Inbox the one with that role', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['Archive/Feed', 'Archive/Screener', 'Archive/Inbox', 'Old/@ToFeed']);
    await account.addMessage({ subject: 'nested label', from: 'bob@sender.example', mailboxes: ['Old/@ToFeed'] });
    await account.addMessage({ subject: 'nested screener', from: ANN, mailboxes: ['Archive/Screener'] });
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await account.addMessage({ subject: 'imbox', from: 'eve@sender.example', mailboxes: ['Screener', '@ToImbox'] });
    await cycle(account);
    expect(await account.mailboxesOf('labelled')).toEqual(['Feed']);
    expect(await account.mailboxesOf('nested label')).toEqual(['Old/@ToFeed']);
    expect(await account.mailboxesOf('nested screener')).toEqual(['Archive/Screener']);
    expect(await account.mailboxesOf('imbox')).toEqual(['Inbox']);
  });

  it('adds the Inbox for what lay in the Screener where the category says addToInbox, and the mailboxes of the parents', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@ToShops']);
    await account.makeGroup({ name: 'Shops' });
    await account.makeMailboxes(['Shops', 'Archive']);
    const categories = ['Feed', { name: 'Shops', parent: 'Feed', addToInbox: true }];
    await account.addMessage({ subject: 'screened', from: ANN, mailboxes: ['Screener', '@ToShops'] });
    await account.addMessage({ subject: 'backlog', from: ANN, mailboxes: ['Screener'] });
    await account.addMessage({ subject: 'not screened', from: ANN, mailboxes: ['Archive', '@ToShops'] });
    await account.addMessage({ subject: 'moved', from: ANN, mailboxes: ['@ToShops'] });
    await cycle(account, { MAILROOM_CATEGORIES: JSON.stringify(categories) });
    expect(await account.mailboxesOf('screened')).toEqual(['Feed', 'Inbox', 'Shops']);
    expect(await account.mailboxesOf('backlog')).toEqual(['Feed', 'Inbox', 'Shops']);
    expect(await account.mailboxesOf('not screened')).toEqual(['Archive', 'Feed', 'Shops']);
    expect(await account.mailboxesOf('moved')).toEqual(['Feed', 'Inbox', 'Shops']);
  });

  it('takes the error and the warning label off what it files', async () => {
    const account = await screened();
    await account.addMessage({
      subject: 'backlog',
      from: ANN,
      mailboxes: ['Screener', '@MailroomError', '@MailroomWarning'],
    });
    await account.addMessage({
      subject: 'labelled',
      from: ANN,
      mailboxes: ['Screener', '@MailroomWarning', '@ToFeed'],
    });
    await cycle(account);
    expect(await account.mailboxesOf('backlog')).toEqual(['Feed']);
    expect(await account.mailboxesOf('labelled')).toEqual(['Feed']);
  });

  it('files 2,500 messages of one sender in one cycle', async () => {
    const account = await screened();
    await account.addMessages(
      Array.from({ length: 2500 }, (_, index) => ({ subject: `m${index}`, from: ANN, mailboxes: ['Screener'] })),
    );
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    const summary = await cycle(account);
    expect(summary).toMatchObject({ triaged: 1, filed: 2501 });
    const places = (await account.messages()).map(({ mailboxes }) => mailboxes.join());
    expect([places.length, new Set(places)]).toEqual([2501, new Set(['Feed'])]);
  }, 120_000);

  it('writes nothing in a second cycle', async () => {
    const account = await screened();
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await account.addMessage({ subject: 'waits', from: 'bob@sender.example', mailboxes: ['Screener'] });
    await cycle(account);
    const before = await account.state();
    const summary = await cycle(account);
    expect(summary['message']).toBe('Nothing to triage');
    expect(await account.state()).toBe(before);
  });

  it('does not write a message that is right already', async () => {
    const account = await screened();
    await account.addMessage({ subject: 'right', from: ANN, mailboxes: ['Feed'] });
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Feed', '@ToFeed'] });
    await cyrus().index(account.account);
    expect(await cycle(account)).toMatchObject({ filed: 1 });
  });
});
