import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { screenedAccount } from '../support/test-account';

describeOnCyrus('The promise', (cyrus) => {
  it('routes new mail of a triaged sender by a rule on the contact group', async () => {
    const account = await screenedAccount(cyrus());
    const feed = (await account.cards()).find(({ text }) => /^FN:Feed\r$/m.test(text));
    const uid = /^UID:(.*)\r$/m.exec(feed?.text ?? '')?.[1];
    await cyrus().installSieve(
      account.account,
      [
        'require ["fileinto", "vnd.cyrus.jmapquery"];',
        'if jmapquery text:',
        JSON.stringify({ fromContactGroupId: uid }),
        '.',
        '{ fileinto "Feed"; stop; }',
        'fileinto "Screener";',
        '',
      ].join('\r\n'),
    );
    const deliver = (subject: string) =>
      cyrus().deliver(
        account.account,
        `From: Ann <ann@sender.example>\r\nTo: me@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@seed.example>\r\n\r\nHello.\r\n`,
      );
    await deliver('first');
    expect(await account.mailboxesOf('first')).toEqual(['Screener']);
    const [first] = await account.messages();
    await account.labelMessage(first?.id ?? '', '@ToFeed');
    await cycle(account);
    await deliver('second');
    expect(await account.mailboxesOf('first')).toEqual(['Feed']);
    expect(await account.mailboxesOf('second')).toEqual(['Feed']);
  });
});
