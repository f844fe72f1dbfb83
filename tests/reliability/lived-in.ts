import type { MailServer } from '../support/account';
import { managedGroups } from '../support/invariants/rules';
import type { SeedMessage } from '../support/seed-message';
import { openAccount, type TestAccount } from '../support/test-account';
import { cardText, versionedCard } from '../support/wire';
import { CATEGORIES, MODIFIERS, RULES } from './account';

/** What a list sends. */
function to(list: string): Pick<SeedMessage, 'headers'> {
  return { headers: { To: `${list}@lists.example`, 'List-Post': `<mailto:${list}@lists.example>` } };
}

const PAST: readonly SeedMessage[] = [
  { subject: 'moved 1', from: 'Moved <moved@shop.example>', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'deeper 1', from: 'Deeper <deeper@shop.example>', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'swap a 1', from: 'a@swap.example', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'swap b 1', from: 'b@swap.example', mailboxes: ['Screener', '@ToJail'] },
  { subject: 'undone 1', from: 'Undone <undone@shop.example>', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'spam 1', from: 'Spam <spam@shop.example>', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'settled 1', from: 'Settled <settled@shop.example>', mailboxes: ['Screener', '@ToImbox'] },
  { subject: 'boss 1', from: 'Boss <boss@corp.example>', mailboxes: ['Screener', '@ToImbox'] },
  { subject: 'firm 1', from: 'Firm <a@firm.example>', mailboxes: ['Screener', '@ToFeed', '@WholeDomain'] },
  { subject: 'union 1', from: 'Union <a@union.example>', mailboxes: ['Screener', '@ToFeed', '@WholeDomain'] },
  { subject: 'lost 1', from: 'x@one.example', mailboxes: ['Screener', '@ToJail', '@WholeList'], ...to('lost') },
];

/** What stands out of each sender is its subject. */
const PRESENT: readonly SeedMessage[] = [
  { subject: 'new 1', from: 'New <new@shop.example>', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'new 2', from: 'new@shop.example', mailboxes: ['@ToFeed', 'My label'] },
  { subject: 'new 3', from: 'NEW@shop.example', mailboxes: ['Screener'] },
  { subject: 'new elsewhere', from: 'new@shop.example', mailboxes: ['My label'] },
  {
    subject: 'person 1',
    from: 'Maya Lind <maya@lind.example>',
    mailboxes: ['Screener', '@ToPerson'],
    keywords: ['$seen'],
  },
  { subject: 'moved 2', from: 'Moved <moved@shop.example>', mailboxes: ['Feed', '@ToJail'] },
  { subject: 'deeper 2', from: 'deeper@shop.example', mailboxes: ['Feed', 'Inbox', '@ToNews'] },
  { subject: 'swap a 2', from: 'a@swap.example', mailboxes: ['@ToJail'] },
  { subject: 'swap b 2', from: 'b@swap.example', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'undone 2', from: 'undone@shop.example', mailboxes: ['Feed', '@ToScreener'] },
  { subject: 'spam 2', from: 'spam@shop.example', mailboxes: ['Feed', '@ToSpam'] },
  { subject: 'settled 2', from: 'settled@shop.example', mailboxes: ['Screener'] },
  {
    subject: 'slipped past the rules',
    from: 'settled@shop.example',
    mailboxes: ['Screener'],
    receivedAt: '2026-03-01T08:00:00Z',
  },
  { subject: 'adopted 1', from: 'Ann Doe <ann@own.example>', mailboxes: ['@ToPerson', 'Screener'] },
  { subject: 'adopted 2', from: 'ann@own.example', mailboxes: ['Screener', 'My label'] },
  { subject: 'version 4', from: 'Vera <vera@own.example>', mailboxes: ['Screener', '@ToJail'] },
  { subject: 'grouped', from: 'gil@own.example', mailboxes: ['Screener', '@ToImbox'] },
  { subject: 'two cards', from: 'eve@own.example', mailboxes: ['Screener', '@ToImbox'] },
  { subject: 'other name', from: 'Your Bank <oliver@own.example>', mailboxes: ['Screener', '@ToJail'] },
  { subject: 'conflict 1', from: 'con@flict.example', mailboxes: ['Screener', '@ToFeed'] },
  { subject: 'conflict 2', from: 'con@flict.example', mailboxes: ['Screener', '@ToJail'] },
  { subject: 'conflict 3', from: 'con@flict.example', mailboxes: ['Screener'] },
  { subject: 'nobody', from: null, mailboxes: ['@ToFeed', 'Screener'] },
  { subject: 'waits', from: 'waits@shop.example', mailboxes: ['Screener', '@ToFeed', '@MailroomError'] },
  { subject: 'look-alike', from: 'Ann Doe <joann@own.example>', mailboxes: ['Screener'] },
  { subject: 'plus', from: 'ann+news@own.example', mailboxes: ['Screener', 'Jail'] },
  { subject: 'bystander', from: 'by@stander.example', mailboxes: ['Jail'] },
  { subject: 'corp 1', from: 'One <one@corp.example>', mailboxes: ['Screener', '@ToFeed', '@WholeDomain'] },
  { subject: 'corp 2', from: 'Two <TWO@corp.example>', mailboxes: ['Screener', 'My label'] },
  { subject: 'corp of the boss', from: 'boss@corp.example', mailboxes: ['Inbox'] },
  { subject: 'corp below', from: 'one@mail.corp.example', mailboxes: ['Screener'] },
  { subject: 'firm 2', from: 'b@firm.example', mailboxes: ['Feed', '@ToJail', '@WholeDomain'] },
  { subject: 'firm 3', from: 'c@firm.example', mailboxes: ['Feed'] },
  { subject: 'union 2', from: 'b@union.example', mailboxes: ['Feed', '@ToScreener', '@WholeDomain'] },
  { subject: 'public', from: 'somebody@gmail.com', mailboxes: ['Screener', '@ToFeed', '@WholeDomain'] },
  { subject: 'posts 1', from: 'y@two.example', mailboxes: ['Screener', '@ToNews', '@WholeList'], ...to('posts') },
  { subject: 'posts 2', from: 'z@three.example', mailboxes: ['Screener'], ...to('posts') },
  { subject: 'posts of the boss', from: 'boss@corp.example', mailboxes: ['Inbox'], ...to('posts') },
  { subject: 'posts of a namesake', from: 'z@three.example', mailboxes: ['Screener'], ...to('my-posts') },
  { subject: 'lost 2', from: 'x@four.example', mailboxes: ['Jail', '@ToScreener', '@WholeList'], ...to('lost') },
  { subject: 'no list', from: 'x@five.example', mailboxes: ['Screener', '@ToFeed', '@WholeList'] },
];

const CARDS: readonly string[] = [
  cardText(
    'ann',
    'EMAIL:ann@own.example',
    'EMAIL;TYPE=WORK:ann@work.example',
    'NOTE:met in Rome\\, 2019',
    'X-SPOUSE;TYPE=x:Carol',
  ),
  versionedCard('4.0', 'vera', 'EMAIL;PREF=1:vera@own.example', 'KIND:individual', 'NOTE:one\\ntwo\\n'),
  cardText('gil', 'item1.EMAIL:gil@own.example', 'item1.X-ABLabel:home', 'NOTE:'),
  cardText('eve-1', 'EMAIL:eve@own.example', 'TEL:+1 23'),
  cardText('eve-2', 'EMAIL:EVE@own.example', 'NOTE:a friend'),
  cardText('oliver', 'EMAIL:oliver@own.example').replace('FN:Card oliver', 'FN:Oliver Grant'),
  cardText('by', 'EMAIL:by@stander.example'),
];

/** Everything that the settings name, mail and cards of every kind, and what `cycle` made of an earlier day. */
export async function livedInAccount(
  server: MailServer,
  cycle: (account: TestAccount) => Promise<unknown>,
): Promise<TestAccount> {
  const account = await openAccount(await server.addUser());
  const names = CATEGORIES.flatMap(({ label, mailbox }) => [label, mailbox]).filter((name) => name !== 'Inbox');
  await account.makeMailboxes([
    ...['Screener', '@MailroomError', '@MailroomWarning', 'My label', '@ToScreener', '@ToSpam', ...MODIFIERS],
    ...names,
  ]);
  await account.makeJunk('Spam');
  for (const name of managedGroups(RULES)) await account.makeGroup({ name, uid: `group-${name}` });
  await account.makeGroup({ name: 'Family', uid: 'group-Family', members: ['ann', 'by'] });
  await account.addMessages(PAST);
  await cycle(account);
  await account.putCards(CARDS);
  for (const uid of ['by', 'eve-1', 'eve-2']) await account.addMember('Jail', uid);
  await account.addMessages(PRESENT);
  await server.index(account.account);
  return account;
}

/** An account that lacks most of what the settings name, and that has mail and cards already. */
export async function halfMadeAccount(server: MailServer): Promise<TestAccount> {
  const account = await openAccount(await server.addUser());
  await account.makeMailboxes(['Screener', 'Feed', 'My label', '@ToFeed']);
  await account.makeGroup({ name: 'Feed', uid: 'group-Feed', members: ['ann'] });
  await account.putCards(CARDS);
  await account.addMessages([
    { subject: 'new', from: 'new@shop.example', mailboxes: ['Screener', '@ToFeed'] },
    { subject: 'ours', from: 'ann@own.example', mailboxes: ['My label'] },
  ]);
  return account;
}
