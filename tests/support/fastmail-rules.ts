import type { SeedMessage } from './mail-driver';
import type { TestAccount } from './test-account';

/** What `setup --rules` prints, as far as it decides where mail goes. */
export interface ImportedRule {
  readonly name: string;
  readonly search: string;
  readonly fileIn: string;
  readonly skipInbox: boolean;
  readonly stop: boolean;
}

/** Reads the file that a person would import on Fastmail. */
export function importRules(file: string): readonly ImportedRule[] {
  return JSON.parse(file) as readonly ImportedRule[];
}

/**
 * Mail that arrives: the rules put it where they say, in their order, as Fastmail's help describes them. Gives its
 * mailboxes.
 */
export async function deliver(
  account: TestAccount,
  rules: readonly ImportedRule[],
  message: Omit<SeedMessage, 'mailboxes'> & { readonly from: string },
): Promise<readonly string[]> {
  const groups = await groupsOf(account, addressIn(message.from));
  const mailboxes = new Set<string>();
  let inbox = true;
  for (const rule of rules) {
    if (!matches(rule.search, groups)) continue;
    mailboxes.add(rule.fileIn);
    if (rule.skipInbox) inbox = false;
    if (rule.stop) break;
  }
  const places = [...(inbox || mailboxes.size === 0 ? ['Inbox'] : []), ...mailboxes];
  await account.addMessage({ ...message, mailboxes: places });
  return places;
}

/** The names of the groups that contacts with the address are in; undefined where there is no such contact. */
async function groupsOf(account: TestAccount, address: string): Promise<ReadonlySet<string> | undefined> {
  const [cards, groups] = await Promise.all([account.cards(), account.groups()]);
  const uids = cards
    .filter(({ text }) => text.toLowerCase().includes(`:${address}\r\n`))
    .flatMap(({ text }) => /^UID:(.*?)\r?$/m.exec(text)?.[1] ?? []);
  if (uids.length === 0) return undefined;
  const names = Object.entries(groups).filter(([, members]) => uids.some((uid) => members.includes(uid)));
  return new Set(names.map(([name]) => name));
}

/** Terms of Fastmail's search language that rules of Mailroom's have: all of them have to hold. */
function matches(search: string, groups: ReadonlySet<string> | undefined): boolean {
  const terms = [...search.matchAll(/(NOT )?fromin:("(?:[^"\\]|\\.)*"|\S+)(?: |$)/g)];
  if (terms.map(([term]) => term).join('') !== search) throw new Error(`Nobody here knows the search ${search}`);
  return terms.every(([, not, name = '']) => {
    const group = name.startsWith('"') ? name.slice(1, -1).replace(/\\(.)/g, '$1') : name;
    const isIn = group === 'contacts' ? groups !== undefined : groups?.has(group) === true;
    return isIn === (not === undefined);
  });
}

function addressIn(from: string): string {
  return (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).trim().toLowerCase();
}
