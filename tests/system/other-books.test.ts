import { runHere } from '../support/bundle-here';
import { linesOf } from '../support/card-driver';
import { runMailroom } from '../support/mailroom';
import { cycle } from '../support/on-cyrus';
import { describeOnOtherBooks } from '../support/on-other-books';
import { GROUPS, openAccount, screenedAccount, type TestAccount } from '../support/test-account';
import { cardText } from '../support/wire';

const ANN = 'Ann Lee <ann@sender.example>';

/** A card of the user's own, with much that Mailroom has nothing to do with. */
const OWN = [
  'item1.EMAIL;TYPE=HOME:Ann@sender.example',
  'item1.X-ABLabel:_$!<Home>!$_',
  'TEL;TYPE=CELL:+1 555 0100',
  `PHOTO;ENCODING=b;TYPE=JPEG:${'QUJD'.repeat(60)}`,
  'NOTE:Met in Rome\\; likes tea\\, not coffee.',
  'CATEGORIES:friend,rome',
];

async function senders(account: TestAccount, count: number): Promise<readonly string[]> {
  const addresses = Array.from({ length: count }, (_, i) => `s${i}@sender.example`);
  await account.addMessages(
    addresses.map((from, i) => ({ subject: `${i}`, from, mailboxes: ['Screener', '@ToFeed'] })),
  );
  return addresses;
}

/** The addresses of the contacts, each as often as a contact has it. */
async function addressesOf(account: TestAccount): Promise<readonly string[]> {
  const lines = (await account.cards()).flatMap(({ text }) => linesOf(text));
  return lines.flatMap((line) => /^(?:\w+\.)?EMAIL[^:]*:(.*)$/i.exec(line)?.[1] ?? []).sort();
}

async function expectNothingLeftToDo(account: TestAccount): Promise<void> {
  const before = await account.state();
  await cycle(account);
  expect(await account.state()).toBe(before);
}

describeOnOtherBooks('Mailroom', (server) => {
  it('makes on a bare account what it needs, and has nothing to make the second time', async () => {
    const account = await openAccount(await server().addUser());
    expect(await runMailroom(['setup', '--apply'], account)).toMatchObject({ status: 0 });
    expect(Object.keys(await account.groups()).sort()).toEqual([...GROUPS].sort());
    const before = await account.state();
    expect(await runHere(['setup', '--apply'], account)).toMatchObject({ status: 0 });
    expect(await account.state()).toBe(before);
    expect(await runHere(['check'], account)).toMatchObject({ status: 0 });
    await expectNothingLeftToDo(account);
  });

  it('triages a new sender and triages it again', async () => {
    const account = await screenedAccount(server());
    await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const [uid] = (await account.groups())['Feed'] ?? [];
    expect(linesOf((await account.contactOf('ann@sender.example')).text)).toContain(`UID:${uid}`);
    expect(await account.mailboxesOf('one')).toEqual(['Feed']);
    await expectNothingLeftToDo(account);
    await server().index(account.account);
    await account.addMessage({ subject: 'two', from: ANN, mailboxes: ['Screener', '@ToJail'] });
    await cycle(account);
    expect(await account.groups()).toEqual({ Imbox: [], Feed: [], 'Paper Trail': [], Jail: [uid] });
    expect([await account.mailboxesOf('one'), await account.mailboxesOf('two')]).toEqual([['Jail'], ['Jail']]);
    await expectNothingLeftToDo(account);
  });

  it("adopts a user's contact, keeps all else that it holds, and gives it back", async () => {
    const account = await screenedAccount(server());
    const href = await account.putCard(cardText('own', ...OWN));
    const before = linesOf((await account.getCard(href)) ?? '');
    await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const after = linesOf((await account.getCard(href)) ?? '');
    const isNote = (line: string): boolean => line.startsWith('NOTE');
    expect(after.filter((line) => !isNote(line))).toEqual(before.filter((line) => !isNote(line)));
    expect(after.find(isNote)).toMatch(/^NOTE:Met in Rome\\; likes tea\\, not coffee\.\\nMailroom [\d-]+: Feed/);
    expect(await account.groups()).toMatchObject({ Feed: ['own'] });
    await expectNothingLeftToDo(account);
    expect(await runHere(['reset', '--apply', '--yes'], account)).toMatchObject({ status: 0 });
    expect(linesOf((await account.getCard(href)) ?? '')).toEqual(before);
    expect(await account.groups()).toMatchObject({ Feed: [] });
  });

  it('triages 40 senders in one cycle, and takes all of it back', async () => {
    const account = await screenedAccount(server());
    const addresses = await senders(account, 40);
    expect(await cycle(account)).toMatchObject({ triaged: 40, contactsCreated: 40, failed: 0 });
    expect(await addressesOf(account)).toEqual([...addresses].sort());
    expect((await account.groups())['Feed']).toHaveLength(40);
    await expectNothingLeftToDo(account);
    expect(await runMailroom(['reset', '--apply', '--yes'], account)).toMatchObject({ status: 0 });
    expect(await addressesOf(account)).toEqual([]);
    expect((await account.messages()).every(({ mailboxes }) => mailboxes.join() === 'Screener')).toBe(true);
  });

  it('makes one contact and one membership for each sender when two bundles run at once', async () => {
    const account = await screenedAccount(server());
    const addresses = await senders(account, 20);
    const both = await Promise.all([runMailroom(['--once'], account), runMailroom(['--once'], account)]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(await addressesOf(account)).toEqual([...addresses].sort());
    expect(new Set((await account.groups())['Feed'])).toHaveProperty('size', 20);
    await cycle(account);
    expect((await account.messages()).every(({ mailboxes }) => mailboxes.join() === 'Feed')).toBe(true);
    await expectNothingLeftToDo(account);
  });

  it('explains a sender', async () => {
    const account = await screenedAccount(server());
    await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const { status, stdout } = await runMailroom(['explain', 'ann@sender.example'], account);
    expect(status).toBe(0);
    expect(stdout).toMatch(/Feed/);
    const json = JSON.parse((await runHere(['explain', 'ann@sender.example', '--json'], account)).stdout);
    expect(json).toMatchObject({ category: 'Feed' });
  });
});
