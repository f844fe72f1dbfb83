import { accountAt } from '../support/account';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const ANN = 'Ann <ann@sender.example>';

/** Replaces the group that the account came with. */
async function regroup(account: TestAccount, group: Parameters<TestAccount['makeGroup']>[0]): Promise<string> {
  const old = (await account.cards()).find(({ text }) => text.includes(`FN:${group.name}\r\n`));
  await account.deleteCard(old?.href ?? '');
  return account.makeGroup(group);
}

describeOnCyrus('Groups', (cyrus) => {
  it.each(['3.0', '4.0'] as const)(
    'keeps 300 other members and every other line of a group (vCard %s)',
    async (version) => {
      const account = await screenedAccount(cyrus());
      const members = Array.from({ length: 300 }, (_, index) => (index === 5 ? 'vips' : `member-${index}`));
      const href = await regroup(account, { name: 'Feed', members, version, lines: ['NOTE:mine', 'X-OTHER:1'] });
      const before = (await account.getCard(href)) ?? '';
      await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
      await cycle(account);
      const after = (await account.getCard(href)) ?? '';
      const added = after.split('\r\n').filter((line) => !before.split('\r\n').includes(line));
      expect(added).toEqual([expect.stringMatching(/MEMBER:urn:uuid:[0-9a-f-]{36}$/i)]);
      expect(after.split('\r\n').filter((line) => line !== added[0])).toEqual(before.split('\r\n'));
      await account.addMessage({ subject: 'two', from: ANN, mailboxes: ['Screener', '@ToJail'] });
      await cycle(account);
      expect(await account.getCard(href)).toBe(before);
    },
  );

  it("joins the chain's groups and leaves the managed groups outside it, but no others", async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@ToShops', 'Shops']);
    await account.makeGroup({ name: 'Shops' });
    await account.putCard(
      ['BEGIN:VCARD', 'VERSION:3.0', 'UID:u', 'FN:Ann', 'N:;Ann;;;', 'EMAIL:ann@sender.example', 'END:VCARD', ''].join(
        '\r\n',
      ),
    );
    await regroup(account, { name: 'Jail', members: ['u'] });
    await account.makeGroup({ name: 'Family', members: ['u'] });
    await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', '@ToShops'] });
    const categories = ['Feed', 'Jail', { name: 'Shops', parent: 'Feed' }];
    await cycle(account, { MAILROOM_CATEGORIES: JSON.stringify(categories) });
    expect(await account.groups()).toMatchObject({ Feed: ['u'], Shops: ['u'], Jail: [], Family: ['u'] });
  });

  it('makes all changes of a cycle to one group in one write, with If-Match, joins before leaves', async () => {
    const account = await screenedAccount(cyrus());
    for (let index = 0; index < 30; index++) {
      await account.addMessage({ from: `s${index}@sender.example`, mailboxes: ['Screener', '@ToFeed'] });
    }
    await cycle(account);
    for (const { id } of await account.messages()) await account.labelMessage(id, '@ToJail');
    const proxy = await startProxy(cyrus().origin);
    try {
      await cycle({ account: accountAt(account.account, proxy.origin) });
      const hrefs = new Map((await account.cards()).map(({ href, text }) => [pathOf(href), text]));
      const puts = proxy.requests
        .filter(({ method }) => method === 'PUT')
        .map(({ path }) => /^FN:(.*)\r$/m.exec(hrefs.get(path) ?? '')?.[1])
        .filter((name) => name === 'Feed' || name === 'Jail');
      expect(puts).toEqual(['Jail', 'Feed']);
      const groups = await account.groups();
      expect([groups['Feed']?.length, groups['Jail']?.length]).toEqual([0, 30]);
    } finally {
      await proxy.stop();
    }
  });

  it('reads a group again and makes the change anew when somebody else changed it meanwhile', async () => {
    const account = await screenedAccount(cyrus());
    const href = await regroup(account, { name: 'Feed', members: ['a'] });
    const text = (await account.getCard(href)) ?? '';
    await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    const proxy = await startProxy(cyrus().origin);
    try {
      const name = pathOf(href);
      const meanwhile = () =>
        account.putCard(
          text.replace('END:VCARD', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b\r\nEND:VCARD'),
          name.split('/').at(-1),
        );
      proxy.fault(({ method, path }) => method === 'PUT' && path === name, { hold: meanwhile }, 1);
      await cycle({ account: accountAt(account.account, proxy.origin) });
      expect(
        proxy.requests.filter(({ method, path }) => method === 'PUT' && path === name).map(({ status }) => status),
      ).toEqual([412, expect.any(Number)]);
      const members = (await account.groups())['Feed'] ?? [];
      expect([members.length, members.slice(0, 2)]).toEqual([3, ['a', 'b']]);
      expect(await account.mailboxesOf('one')).toEqual(['Feed']);
    } finally {
      await proxy.stop();
    }
  });
});

function pathOf(href: string): string {
  return new URL(href, 'http://127.0.0.1').pathname;
}
