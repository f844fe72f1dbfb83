import type { MailServer } from '../support/account';
import { describeOnMailServers } from '../support/on-servers';
import type { SeedMessage } from '../support/seed-message';
import { openAccount, type TestAccount } from '../support/test-account';
import { jmap } from '../support/wire';

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
