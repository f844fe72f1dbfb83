import { managedGroups } from '../../support/invariants/rules';
import type { TestAccount } from '../../support/test-account';
import { cardText } from '../../support/wire';
import { LABELS, MODIFIERS, RULES } from '../account';

/** Who writes: strangers, one in another's address, some of whom the user has cards, and one at a public domain. */
export const WRITERS = [
  'ann@shop.example',
  'joann@shop.example',
  'bob@news.example',
  'carl@own.example',
  'dora@own.example',
  'dora@work.example',
  'eve@own.example',
  'gus@gmail.com',
] as const;

/** Where mail is found that no label was put on. */
export const PLACES = ['Screener', 'Inbox', 'Feed', 'News', 'Jail', 'Archive'] as const;

export const GROUPS = [...managedGroups(RULES)];

/** Where lists are posted to; the second one is a sender, too. */
export const LISTS = ['posts@lists.example', 'bob@news.example'] as const;

/** UID → the user's own card. */
export const CARDS: ReadonlyMap<string, string> = new Map([
  ['carl', cardText('carl', 'EMAIL:CARL@own.example', 'NOTE:met in Rome\\, 2019').replace('FN:Card carl', 'FN:')],
  ['dora', cardText('dora', 'item1.EMAIL:dora@own.example', 'item2.EMAIL:dora@work.example', 'X-SPOUSE;TYPE=x:Carol')],
  ['eve-1', cardText('eve-1', 'EMAIL:eve@own.example', 'NOTE:')],
  ['eve-2', cardText('eve-2', 'EMAIL:eve@own.example', 'NOTE:one\\ntwo\\n')],
]);

/** Makes everything that the settings name, some of the user's own, and the cards. */
export async function settle(account: TestAccount): Promise<TestAccount> {
  const names = [...LABELS, ...MODIFIERS, ...PLACES].filter((name) => name !== 'Inbox');
  await account.makeMailboxes(['Screener', '@MailroomError', '@MailroomWarning', 'My label', ...names]);
  await account.makeJunk('Spam');
  await account.putCards([...CARDS.values()]);
  for (const name of GROUPS) await account.makeGroup({ name, uid: `group-${name}` });
  await account.makeGroup({ name: 'Family', uid: 'group-Family', members: ['dora'] });
  return account;
}
