import type { MailServer } from '../support/account';
import { describeOnMailServers } from '../support/on-servers';
import type { SeedMessage } from '../support/seed-message';
import { openAccount, screenedAccount, type TestAccount } from '../support/test-account';
import { cardText, jmap } from '../support/wire';

const MAILBOXES = ['Screener', '@ToFeed', 'Projects/My Feed'];

const FROM = [
  'Ann <ann@x.example>',
  '=?utf-8?q?J=C3=B6?= <jo@x.example>',
  'Jö <jo@x.example>',
  '"a\\"b"  <A@X.Example>',
  '',
];

/** Enough of them for IMAP, where the server has it. */
const MESSAGES: readonly SeedMessage[] = Array.from({ length: 30 }, (_, i) => ({
  subject: `number ${i}`,
  from: FROM[i % FROM.length] as string,
  mailboxes: [['Screener'], ['Inbox'], ['Screener', '@ToFeed', 'Inbox'], ['Projects/My Feed', 'Screener']][
    i % 4
  ] as string[],
  ...(i % 3 === 0 ? {} : { receivedAt: `2026-02-${String(28 - (i % 28)).padStart(2, '0')}T01:02:03Z` }),
  ...(i % 5 === 0
    ? {}
    : { keywords: [[], ['$seen', 'mine'], ['$flagged', '$answered', '$draft', '$notjunk']][i % 3] as string[] }),
  ...(i % 6 === 0 ? {} : { headers: { To: `me${i}@home.example`, 'List-Id': `News  <${i}.list.example>` } }),
}));

const PROPERTIES = ['from', 'to', 'receivedAt', 'keywords', 'header:From:asRaw', 'header:List-Id:asRaw', 'preview'];

describeOnMailServers('Messages that tests add', (server: () => MailServer) => {
  async function account(): Promise<TestAccount> {
    const user = await openAccount(await server().addUser());
    await user.makeMailboxes(MAILBOXES);
    return user;
  }

  async function seen(user: TestAccount, ids: readonly string[]) {
    const { answers } = await jmap(user.account, ['Email/get', { ids, properties: PROPERTIES }]);
    const byId = new Map((await user.messages()).map((message) => [message.id, message]));
    const list = new Map(answers[0]?.[1].list?.map((email) => [email.id, email]));
    // Cyrus puts one more space before a value that it is given by JMAP.
    const trimmed = (email: object = {}) =>
      Object.fromEntries(
        Object.entries(email).map(([name, value]) => [name, typeof value === 'string' ? value.trimStart() : value]),
      );
    return ids.map((id) => ({ ...trimmed(list.get(id)), ...byId.get(id), id: undefined }));
  }

  it('are the same one by one and all at once', async () => {
    const [one, other] = [await account(), await account()];
    const singly: string[] = [];
    for (const message of MESSAGES) singly.push(await one.addMessage(message));
    const together = await other.addMessages(MESSAGES);
    const expected = await seen(one, singly);
    expect(expected.map(({ subject }) => subject)).toEqual(MESSAGES.map(({ subject }) => subject));
    expect(await seen(other, together)).toEqual(expected);
    expect(new Set((await other.messages()).map(({ id }) => id))).toEqual(new Set(together));
  });
});

const CARDS = [
  cardText('plain', 'EMAIL;TYPE=work:Ann@X.example', 'NOTE:one\\, two\\;\\nthree'),
  cardText('folded', 'EMAIL:ann@', ' x.example', 'item1.TEL:+1 23', 'item1.X-ABLabel:_$!<Mobile>!$_'),
  cardText('accents', 'EMAIL:jö@x.example', `NOTE:${'é'.repeat(100)}`),
];

describeOnMailServers('Cards that tests add', (server: () => MailServer) => {
  it('are the same one by one and all at once', async () => {
    const [one, other] = [await openAccount(await server().addUser()), await openAccount(await server().addUser())];
    for (const text of CARDS) await one.putCard(text);
    await other.addCards(CARDS);
    const [singly, together] = await Promise.all(
      [one, other].map(async ({ cards }) => (await cards()).map(({ text }) => text).sort()),
    );
    expect(singly).toHaveLength(CARDS.length);
    expect(together).toEqual(singly);
  });

  it('are groups, too', async () => {
    const account = await openAccount(await server().addUser());
    await account.makeGroups(['Feed', 'Paper, Trail']);
    expect(await account.groups()).toEqual({ Feed: [], 'Paper\\, Trail': [] });
  });
});

const CARD = cardText('ann', 'EMAIL:ann@x.example');
/** Some come from the index, some from the message's own file. */
const STORED = ['receivedAt', 'size', 'preview', 'header:Message-ID:asRaw'];
const ANN = 'Ann <ann@x.example>';

describeOnMailServers('A snapshot of an account', (server: () => MailServer) => {
  /** Everything that a client is told of the account. */
  async function seen(account: TestAccount) {
    const messages = await account.messages();
    const { answers } = await jmap(
      account.account,
      ['Mailbox/get', { ids: null }],
      ['Email/query', { filter: { from: 'ann@x.example' } }],
      ['Email/get', { ids: messages.map(({ id }) => id), properties: STORED }],
    );
    return { messages, answers, cards: await account.cards(), state: await account.state() };
  }

  async function change(account: TestAccount): Promise<void> {
    const [first, second] = await account.messages();
    await account.moveMessage(first?.id ?? '', 'Jail');
    await account.destroyMessage(second?.id ?? '');
    await account.addMessage({ subject: 'later', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await account.addMember('Feed', 'somebody');
    await account.putCard(CARD.replace(/FN:.*/, 'FN:Anna'));
    await account.putCard(CARD.replace('UID:ann', 'UID:ben'));
    await account.importMessage(Buffer.from('Subject: uploaded\r\n\r\nHello.\r\n'), ['Screener']);
    await server().index(account.account);
  }

  it('brings back mail, cards, states and the index, again and again, and those of no other user', async () => {
    const [account, other] = [await screenedAccount(server()), await screenedAccount(server())];
    const message = (day: number, ...mailboxes: readonly string[]) =>
      account.addMessage({ subject: `${day}`, from: ANN, mailboxes, receivedAt: `2026-01-0${day}T00:00:00Z` });
    await message(1, 'Screener', 'Feed');
    await message(2, 'Inbox');
    await account.putCard(CARD);
    await server().index(account.account);
    await message(3, 'Screener');

    const restore = await server().snapshot(account.account);
    const before = await seen(account);
    await other.putCard(CARD);
    const others = await seen(other);
    for (const time of ['once', 'again']) {
      await change(account);
      const changed = await seen(account);
      for (const [part, value] of Object.entries(before))
        expect([time, part, changed[part as keyof typeof changed]]).not.toEqual([time, part, value]);
      await restore();
      expect([time, await seen(account)]).toEqual([time, before]);
    }
    expect(await seen(other)).toEqual(others);
  });
});
