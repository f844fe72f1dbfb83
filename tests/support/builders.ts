import type { Mailbox } from '../../src/ports';
import type { Category } from '../../src/triage/category';
import type { Contact, Group } from '../../src/triage/contact';
import type { Decision } from '../../src/triage/decision';
import type { Verdict } from '../../src/triage/judge';
import type { EmailAddress, Message } from '../../src/triage/message';
import type { Places } from '../../src/triage/places';
import { senderSubject } from '../../src/triage/subject';

/** What {@link ownUidOf} and the fakes make of an address. */
export const OWN_UID_PREFIX = 'own-';

/** The id of a mailbox is its name, so that tests read as prose. */
export const SCREENER = 'Screener';
export const INBOX = 'Inbox';
export const ERROR_LABEL = '@MailroomError';
export const WARNING_LABEL = '@MailroomWarning';
export const JUNK = 'Junk';
export const WHOLE_DOMAIN = '@WholeDomain';
export const WHOLE_LIST = '@WholeList';

/** Where {@link aListMessage} is posted to. */
export const LIST = 'posts@list.example';

/** A category as the defaults make it: label `@To…`, groups and mailbox of its name. */
export function aCategory(name: string, fields: Partial<Category> = {}): Category {
  const { group = name } = fields;
  return {
    name,
    label: `@To${name.replaceAll(' ', '')}`,
    group,
    domainGroup: `${group} domains`,
    listGroup: `${group} lists`,
    mailbox: name,
    contactType: 'company',
    addToInbox: false,
    ...fields,
  };
}

export const IMBOX = aCategory('Imbox', { mailbox: INBOX });
export const FEED = aCategory('Feed');
export const PAPER_TRAIL = aCategory('Paper Trail');
export const JAIL = aCategory('Jail');
export const PERSON = aCategory('Person', { group: 'Imbox', mailbox: INBOX, contactType: 'person', parent: 'Imbox' });

/** The five categories that Mailroom has by default. */
export const DEFAULTS: readonly Category[] = [IMBOX, FEED, PAPER_TRAIL, JAIL, PERSON];

export function placesOf(categories: readonly Category[], fields: Partial<Places> = {}): Places {
  return {
    screener: SCREENER,
    inbox: INBOX,
    errorLabel: ERROR_LABEL,
    warningLabel: WARNING_LABEL,
    junk: JUNK,
    wholeDomain: null,
    wholeList: null,
    labels: new Map(categories.map((category) => [category.label, category])),
    destinations: new Map(categories.map(({ name, mailbox }) => [name, mailbox])),
    ...fields,
  };
}

/** The same with all labels that are optional. */
export function placesWithFeatures(categories: readonly Category[], fields: Partial<Places> = {}): Places {
  return placesOf(categories, {
    labels: new Map<string, Decision>([
      ...categories.map((category) => [category.label, category] as const),
      ['@ToScreener', 'take back'],
      ['@ToSpam', 'spam'],
    ]),
    wholeDomain: WHOLE_DOMAIN,
    wholeList: WHOLE_LIST,
    ...fields,
  });
}

/** `Name <address>`, or an address alone. */
export function address(text: string): EmailAddress {
  const [, name, email] = /^(.*?)\s*<(.*)>$/u.exec(text) ?? [];
  return email === undefined ? { name: null, email: text } : { name: name || null, email };
}

/** A message from `from` in `mailboxIds`. */
export function aMessage(
  id: string,
  from: string | null,
  mailboxIds: readonly string[],
  receivedAt = '2026-03-01T10:00:00Z',
): Message {
  return { id, from: from === null ? null : [address(from)], mailboxIds, receivedAt };
}

/** A message of a mailing list whose address is in To, or what `fields` make of it. */
export function aListMessage(
  id: string,
  from: string | null,
  mailboxIds: readonly string[],
  fields: Pick<Message, 'recipients' | 'listPost'> = {},
): Message {
  return {
    ...aMessage(id, from, mailboxIds),
    recipients: [LIST],
    listPost: [`mailto:${LIST}`],
    ...fields,
  };
}

export function aContact(uid: string, fields: Partial<Contact> = {}): Contact {
  return {
    href: `https://dav.test/book/${uid}.vcf`,
    uid,
    writtenUid: uid,
    formattedName: 'Shop',
    note: '',
    addresses: ['shop@example.com'],
    pristine: false,
    ...fields,
  };
}

export function aGroup(name: string, members: readonly string[] = [], fields: Partial<Group> = {}): Group {
  const uid = `group-${name.replaceAll(' ', '-')}`;
  return { href: `https://dav.test/book/${uid}.vcf`, uid, name, members, writtenMembers: members, ...fields };
}

export function aMailbox(name: string, fields: Partial<Mailbox> = {}): Mailbox {
  return { id: name, name, parentId: null, role: null, totalEmails: 0, isSubscribed: true, ...fields };
}

export function aVerdict(decision: Decision, labelled: readonly Message[]): Verdict {
  const from = distinct(labelled, 'id')[0]?.from?.[0];
  if (from === undefined) throw new Error('A verdict needs a labelled message with a From');
  return { subject: senderSubject(from.email.toLowerCase()), email: from.email, decision, labelled };
}

export function ownUidOf(folded: string): string {
  return `${OWN_UID_PREFIX}${folded}`;
}

/** The list as it is; a doubled id is a slip of the test's author, who would look for it in the wrong place. */
export function distinct<K extends string, T extends Readonly<Record<K, string>>>(
  items: readonly T[],
  key: K,
): readonly T[] {
  const seen = new Set<string>();
  for (const item of items) {
    if (seen.has(item[key])) throw new Error(`Two of the test's own things have the ${key} ${item[key]}`);
    seen.add(item[key]);
  }
  return items;
}
