import { randomUUID } from 'node:crypto';
import { runHere } from '../support/bundle-here';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { screenedAccount, type TestAccount } from '../support/test-account';

describeOnCyrus('The promise', (cyrus) => {
  /** Mail of members of Feed goes there, all other mail to the Screener. */
  const routed = preparedOnce(cyrus, async (server) => {
    const account = await screenedAccount(server);
    const feed = (await account.cards()).find(({ text }) => /^FN:Feed\r$/m.test(text));
    const uid = /^UID[^:]*:(.*)\r$/m.exec(feed?.text ?? '')?.[1];
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
    return account;
  });

  /** Where a message that comes in now from this address lands. */
  async function landsIn(account: TestAccount, address: string): Promise<readonly string[]> {
    const subject = randomUUID();
    await cyrus().deliver(
      account.account,
      `From: Ann <${address}>\r\nTo: me@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@seed.example>\r\n\r\nHello.\r\n`,
    );
    return account.mailboxesOf(subject);
  }

  async function triageToFeed(account: TestAccount, address: string): Promise<void> {
    await account.addMessage({ from: `Ann <${address}>`, mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
  }

  it('routes new mail of a triaged sender by a rule on the contact group', async () => {
    const account = await routed();
    expect(await landsIn(account, 'ann@sender.example')).toEqual(['Screener']);
    const [first] = await account.messages();
    await account.labelMessage(first?.id ?? '', '@ToFeed');
    await cycle(account);
    expect((await account.messages()).map(({ mailboxes }) => mailboxes)).toEqual([['Feed']]);
    expect(await landsIn(account, 'ann@sender.example')).toEqual(['Feed']);
  });

  const lower = randomUUID();
  const upper = randomUUID().toUpperCase();
  const uids: readonly (readonly [string, '3.0' | '4.0', string])[] = [
    ['of Apple’s devices', '3.0', upper],
    ['in small letters', '3.0', lower],
    ['that is no UUID', '3.0', 'contact-17'],
    ['with the prefix of a URN', '3.0', `urn:uuid:${lower}`],
    ['with the prefix of a URN, in capital letters', '3.0', `urn:uuid:${upper}`],
    ['with a prefix in capital letters', '3.0', `URN:UUID:${upper}`],
    ['of a vCard 4.0', '4.0', upper],
    ['of a vCard 4.0 with the prefix of a URN', '4.0', `urn:uuid:${lower}`],
  ];
  it.each(uids)('routes mail of a contact with a UID %s', async (_, version, uid) => {
    const account = await routed();
    await account.putCard(contact(version, uid), 'contact.vcf');
    await triageToFeed(account, 'ann@sender.example');
    expect(await landsIn(account, 'ann@sender.example')).toEqual(['Feed']);
    const cards = await account.cardState();
    await triageToFeed(account, 'ann@sender.example');
    expect(await account.cardState()).toBe(cards);
  });

  const spellings: readonly (readonly [string, string])[] = [
    ['in small letters', `urn:uuid:${upper.toLowerCase()}`],
    ['without its prefix', upper],
    ['with a prefix in capital letters', `URN:UUID:${upper}`],
  ];
  it.each(spellings)('says where a group names a member %s, and mends it by a triage', async (_, member) => {
    const account = await routed();
    await account.putCard(contact('3.0', upper), 'contact.vcf');
    const feed = (await account.cards()).find(({ text }) => /^FN:Feed\r$/m.test(text));
    const named = `X-ADDRESSBOOKSERVER-MEMBER:${member}\r\nEND:VCARD`;
    await account.putCard(
      (feed?.text ?? '').replace('END:VCARD', named),
      decodeURIComponent(feed?.href.split('/').at(-1) ?? ''),
    );
    expect(await landsIn(account, 'ann@sender.example')).toEqual(['Screener']);

    const explained = await runHere(['explain', 'ann@sender.example', '--json'], { account: account.account });
    expect(JSON.parse(explained.stdout)).toMatchObject({
      category: 'Feed',
      groups: ['Feed'],
      contacts: [{ misspelledIn: ['Feed'] }],
      newMail: ['Inbox'],
    });
    const checked = await runMailroom(['check'], { account: account.account });
    expect(checked.stdout).toContain("! The server's rules do not find a member of Feed");

    await triageToFeed(account, 'ann@sender.example');
    expect(await landsIn(account, 'ann@sender.example')).toEqual(['Feed']);
    expect((await account.groups())['Feed']).toEqual([upper]);
    const again = await runHere(['check'], { account: account.account });
    expect(again.stdout).not.toContain('do not find');
  });
});

function contact(version: '3.0' | '4.0', uid: string): string {
  return [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    `UID:${uid}`,
    'FN:Ann',
    'N:;Ann;;;',
    'EMAIL:ann@sender.example',
    'END:VCARD',
    '',
  ].join('\r\n');
}
