import type { MailServer } from '../support/account';
import { describeOnMailServers } from '../support/on-servers';
import { screenedAccount, type TestAccount } from '../support/test-account';
import { jmap } from '../support/wire';

const CARD = 'BEGIN:VCARD\nVERSION:3.0\nUID:ann\nFN:Ann\nN:;Ann;;;\nEMAIL:ann@x.example\nEND:VCARD\n';
/** Some come from the index, some from the message's own file. */
const PROPERTIES = ['receivedAt', 'size', 'preview', 'header:Message-ID:asRaw'];
const ANN = 'Ann <ann@x.example>';

describeOnMailServers('A snapshot of an account', (server: () => MailServer) => {
  /** Everything that a client is told of the account. */
  async function seen(account: TestAccount) {
    const messages = await account.messages();
    const { answers } = await jmap(
      account.account,
      ['Mailbox/get', { ids: null }],
      ['Email/query', { filter: { from: 'ann@x.example' } }],
      ['Email/get', { ids: messages.map(({ id }) => id), properties: PROPERTIES }],
    );
    return { messages, answers, cards: await account.cards(), state: await account.state() };
  }

  async function change(account: TestAccount): Promise<void> {
    const [first, second] = await account.messages();
    await account.moveMessage(first?.id ?? '', 'Jail');
    await account.destroyMessage(second?.id ?? '');
    await account.addMessage({ subject: 'later', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await account.addMember('Feed', 'somebody');
    await account.putCard(CARD.replace('FN:Ann', 'FN:Anna'));
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
