import type { Seen } from '../../src/triage/routes';
import type { SeedMessage } from './seed-message';
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
  const to = addressIn(message.headers?.['To'] ?? '');
  const [from, byList = []] = await groupsOf(account, [addressIn(message.from), to]);
  const mailboxes = new Set<string>();
  let inbox = true;
  for (const rule of rules) {
    if (!matches(rule.search, { from, to: byList })) continue;
    mailboxes.add(rule.fileIn);
    if (rule.skipInbox) inbox = false;
    if (rule.stop) break;
  }
  const places = [...(inbox || mailboxes.size === 0 ? ['Inbox'] : []), ...mailboxes];
  await account.addMessage({ ...message, mailboxes: places });
  return places;
}

/** The names of the groups that contacts with each address are in; undefined where there is no such contact. */
async function groupsOf(
  account: TestAccount,
  addresses: readonly string[],
): Promise<readonly (readonly string[] | undefined)[]> {
  const [cards, groups] = await Promise.all([account.cards(), account.groups()]);
  return addresses.map((address) => {
    const known = [address, address.replace(/^.*@/, '*@')].map((one) => `:${one}\r\n`);
    const uids = cards
      .filter(({ text }) => known.some((line) => text.toLowerCase().includes(line)))
      .flatMap(({ text }) => /^UID:(.*?)\r?$/m.exec(text)?.[1] ?? []);
    if (uids.length === 0) return undefined;
    return Object.entries(groups)
      .filter(([, members]) => uids.some((uid) => members.includes(uid)))
      .map(([name]) => name);
  });
}

/** Terms of Fastmail's search language that rules of Mailroom's have: all of them have to hold. */
export function matches(search: string, seen: Seen): boolean {
  const terms = [...search.matchAll(/(NOT )?(from|to)in:("(?:[^"\\]|\\.)*"|\S+)(?: |$)/g)];
  if (terms.map(([term]) => term).join('') !== search) throw new Error(`Nobody here knows the search ${search}`);
  return terms.every(([, not, side, name = '']) => {
    const group = name.startsWith('"') ? name.slice(1, -1).replace(/\\(.)/g, '$1') : name;
    const groups = side === 'to' ? seen.to : seen.from;
    const isIn = group === 'contacts' ? groups !== undefined : groups?.includes(group) === true;
    return isIn === (not === undefined);
  });
}

function addressIn(from: string): string {
  return (/<([^<>]*)>\s*$/.exec(from)?.[1] ?? from).trim().toLowerCase();
}
