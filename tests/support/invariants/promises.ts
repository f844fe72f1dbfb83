import type { Category } from '../../../src/triage/category';
import { DEFAULTS } from '../builders';
import type { Sight, SightedContact, SightedGroup, SightedMessage } from './sight';

/**
 * What Mailroom promises, by what the account held before and holds now; nothing of Mailroom's own code decides it.
 * Each promise is a function that says in sentences where it was broken. The first ones hold whatever Mailroom does;
 * {@link brokenByTriage} adds those of a cycle, whole or broken off anywhere.
 */
export interface Rules {
  readonly categories: readonly Category[];
  readonly screener: string;
  readonly errorLabel: string;
  readonly warningLabel: string;
}

/** Those of the default settings. */
export const DEFAULT_RULES: Rules = {
  categories: DEFAULTS,
  screener: 'Screener',
  errorLabel: '@MailroomError',
  warningLabel: '@MailroomWarning',
};

const INBOX = 'Inbox';

/**
 * All promises about a cycle, or about several. Empty where all of them held.
 *
 * @param before with everything that the user has done meanwhile
 * @param triaged who may have been triaged by then
 */
export function brokenByTriage(
  before: Sight,
  after: Sight,
  rules: Rules,
  triaged: ReadonlySet<string> = judgedSenders(before, rules),
): readonly string[] {
  return [
    ...lostMail(before, after),
    ...movedMail(before, after, triaged, rules),
    ...lostLines(before, after),
    ...touchedCards(before, after, triaged, rules),
    ...secondContacts(before, after, triaged),
    ...lostMemberships(before, after, rules),
    ...unfiledMail(before, after, rules),
  ];
}

/** The promises about a reset, whole or broken off: nobody's mail or contact is lost, and nothing goes to a new place. */
export function brokenByReset(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const { screener, errorLabel, warningLabel, categories } = rules;
  const ours = new Set([screener, errorLabel, warningLabel, INBOX, ...categories.map(({ mailbox }) => mailbox)]);
  const moved = pairs(before.messages, after.messages).flatMap(([was, is]) =>
    difference(was, is)
      .filter((change) => change !== `+${screener}` && (change.startsWith('+') || !ours.has(change.slice(1))))
      .map((change) => `the message ${was.content} was moved: ${change}`),
  );
  const isUsers = ({ isOwn, lines }: SightedContact): boolean => !isOwn || lines.some((line) => line.startsWith('TEL'));
  const users = { ...before, contacts: before.contacts.filter(isUsers).map(withoutHistory) };
  return [...lostMail(before, after), ...moved, ...lostLines(users, after), ...foreignGroups(before, after, rules)];
}

/** What the user wrote: names and notes that Mailroom gave are its own to take back. */
function withoutHistory(contact: SightedContact): SightedContact {
  return { ...contact, lines: contact.lines.filter((line) => !/^(?:FN|NOTE)[;:]/i.test(line)) };
}

/** Every mailbox exists, and every message, unchanged and in at least one of them. */
export function lostMail(before: Sight, after: Sight): readonly string[] {
  const now = new Map(after.messages.map((message) => [message.id, message]));
  const gone = before.mailboxes.filter((name) => !after.mailboxes.includes(name));
  const lost = before.messages.flatMap(({ id, content }) => {
    const message = now.get(id);
    if (message === undefined) return [`the message ${content} is gone`];
    if (message.content !== content) return [`the message ${content} has become ${message.content}`];
    return message.mailboxes.length > 0 ? [] : [`the message ${content} is in no mailbox`];
  });
  return [...gone.map((name) => `the mailbox ${name} is gone`), ...lost];
}

/**
 * Mail of senders that are not to be triaged stays where it was, but for the error label on what the user contradicts
 * itself about; so does mail of the others that lies elsewhere only, and it
 * stays in every mailbox that is not Mailroom's to manage.
 */
function movedMail(before: Sight, after: Sight, triaged: ReadonlySet<string>, rules: Rules): readonly string[] {
  const { screener, errorLabel, warningLabel, categories } = rules;
  const source = new Set([screener, ...categories.flatMap(({ label, mailbox }) => [label, mailbox])]);
  const ours = new Set([...source, errorLabel, warningLabel, INBOX]);
  const labels = new Set(categories.map(({ label }) => label));
  return pairs(before.messages, after.messages).flatMap(([was, is]) => {
    const isLabelled = was.mailboxes.some((name) => labels.has(name));
    const kept = was.mailboxes.filter((name) => !ours.has(name));
    const lost = kept.filter((name) => !is.mailboxes.includes(name));
    const foreign = is.mailboxes.filter((name) => !ours.has(name) && !was.mailboxes.includes(name));
    const free = was.sender !== null && triaged.has(was.sender) && was.mailboxes.some((name) => source.has(name));
    const moved = free ? [] : difference(was, is).filter((change) => !(isLabelled && change === `+${errorLabel}`));
    return [...lost.map((name) => `-${name}`), ...foreign.map((name) => `+${name}`), ...moved].map(
      (change) => `the message ${was.content} was moved: ${change}`,
    );
  });
}

/** No content line of a contact is lost: a NOTE may gain lines at its end, and an empty FN its name. */
export function lostLines(before: Sight, after: Sight): readonly string[] {
  const now = new Map(after.contacts.map((contact) => [contact.uid, contact]));
  return before.contacts.flatMap(({ uid, lines }) => {
    const contact = now.get(uid);
    if (contact === undefined) return [`the contact ${uid} is gone`];
    const rest = [...contact.lines];
    return lines.flatMap((line) => {
      const place = rest.findIndex((each) => each === line || grewFrom(line, each));
      if (place < 0) return [`the contact ${uid} has lost "${line}"`];
      rest.splice(place, 1);
      return [];
    });
  });
}

function grewFrom(was: string, is: string): boolean {
  if (/^(?:[^:;.]*\.)?NOTE[;:]/i.test(was)) return is.startsWith(was);
  return /^FN[^:]*:\s*$/i.test(was) && is.startsWith(was.trimEnd());
}

/** Contacts of others are as they were; of groups only members change that are contacts of labelled senders. */
function touchedCards(before: Sight, after: Sight, triaged: ReadonlySet<string>, rules: Rules): readonly string[] {
  const isTriaged = ({ addresses }: SightedContact): boolean => addresses.some((address) => triaged.has(address));
  const contacts = pairs(before.contacts, after.contacts)
    .filter(([was, is]) => !isTriaged(was) && was.lines.join('\n') !== is.lines.join('\n'))
    .map(([{ uid }]) => `the contact ${uid} of somebody else was changed`);
  const gained = pairs(before.contacts, after.contacts).flatMap(([was, is]) =>
    is.lines
      .filter((line) => !was.lines.includes(line) && !/^(?:(?:[^:;.]*\.)?NOTE|FN|REV|PRODID)[;:]/i.test(line))
      .map((line) => `the contact ${was.uid} gained "${line}"`),
  );
  const free = new Set([...before.contacts, ...after.contacts].filter(isTriaged).map(({ uid }) => uid));
  const managed = new Set(rules.categories.map(({ group }) => group));
  const members = pairs(before.groups, after.groups).flatMap(([was, is]) =>
    changedMembers(was, is)
      .filter((uid) => managed.has(was.name) && !free.has(uid))
      .map((uid) => `the membership of ${uid} in ${was.name} was changed`),
  );
  return [...contacts, ...gained, ...members, ...foreignGroups(before, after, rules)];
}

/** Every group is there, with all lines that do not name a member; those of the user's own have their members too. */
function foreignGroups(before: Sight, after: Sight, { categories }: Rules): readonly string[] {
  const managed = new Set(categories.map(({ group }) => group));
  return before.groups.flatMap((was) => {
    const is = after.groups.find(({ uid }) => uid === was.uid);
    if (is === undefined) return [`the group ${was.name} is gone`];
    const lost = was.lines.filter((line) => !is.lines.includes(line));
    const changed = managed.has(was.name) ? [] : changedMembers(was, is);
    return [
      ...lost.map((line) => `the group ${was.name} has lost "${line}"`),
      ...changed.map((uid) => `the membership of ${uid} in ${was.name} was changed`),
    ];
  });
}

function changedMembers(was: SightedGroup, is: SightedGroup): readonly string[] {
  return [
    ...was.members.filter((uid) => !is.members.includes(uid)),
    ...is.members.filter((uid) => !was.members.includes(uid)),
  ];
}

/** A sender gets a contact only where it has none, and never a second one. */
function secondContacts(before: Sight, after: Sight, triaged: ReadonlySet<string>): readonly string[] {
  const known = new Set(before.contacts.map(({ uid }) => uid));
  const made = after.contacts.filter(({ uid }) => !known.has(uid));
  return made.flatMap(({ uid, isOwn, addresses }) => {
    const [address = ''] = addresses;
    if (!isOwn || addresses.length !== 1 || !triaged.has(address)) return [`the contact ${uid} came from nowhere`];
    const others = after.contacts.filter((contact) => contact.uid !== uid && contact.addresses.includes(address));
    return others.map((other) => `${address} has the contact ${uid} beside ${other.uid}`);
  });
}

/** A sender that was in a managed group is in one. */
function lostMemberships(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const [was, is] = [before, after].map((sight) => groupedAddresses(sight, rules));
  return [...(was ?? [])].filter((address) => !is?.has(address)).map((address) => `${address} is in no group any more`);
}

/**
 * A message whose label was taken off is filed, and its sender is in the groups of the label's chain. Where the user gave
 * several verdicts, one after the other, that holds for one of them.
 */
function unfiledMail(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const { categories } = rules;
  const asked = (sender: string | null): readonly Category[] => {
    const messages = before.messages.filter((message) => message.sender === sender);
    return categories.filter(({ label }) => messages.some(({ mailboxes }) => mailboxes.includes(label)));
  };
  return pairs(before.messages, after.messages)
    .filter(([was, is]) =>
      categories.some(({ label }) => was.mailboxes.includes(label) && !is.mailboxes.includes(label)),
    )
    .flatMap(([was, is]) => {
      const missing = asked(was.sender).map((category) => missingFrom(category, was, is, after, rules));
      return missing.some((faults) => faults.length === 0) ? [] : missing.flat();
    });
}

/** What keeps a message from being filed into a category. */
function missingFrom(
  category: Category,
  was: SightedMessage,
  is: SightedMessage,
  after: Sight,
  { categories, screener }: Rules,
): readonly string[] {
  const chain = chainOf(category, categories);
  const toInbox = category.addToInbox && was.mailboxes.includes(screener);
  const wanted = [...chain.map(({ mailbox }) => mailbox), ...(toInbox ? [INBOX] : [])];
  const unwanted = [screener, ...new Set(categories.map(({ mailbox }) => mailbox))].filter(
    (name) => !wanted.includes(name) && (name !== INBOX || !category.addToInbox),
  );
  return [
    ...wanted.filter((name) => !is.mailboxes.includes(name)).map((name) => `${was.content} is not in ${name}`),
    ...unwanted.filter((name) => is.mailboxes.includes(name)).map((name) => `${was.content} still is in ${name}`),
    ...chain
      .map(({ group }) => group)
      .filter((group) => was.sender === null || !isInGroup(after, was.sender, group))
      .map((group) => `${was.content} is filed, and its sender is not in ${group}`),
  ];
}

/** Addresses of senders with one triage label, on messages that do not wait for the user. */
export function judgedSenders({ messages }: Sight, { categories, errorLabel }: Rules): ReadonlySet<string> {
  const labels = categories.map(({ label }) => label);
  const asked = new Map<string, Set<string>>();
  for (const { sender, mailboxes } of messages.filter((message) => !message.mailboxes.includes(errorLabel))) {
    if (sender === null) continue;
    const wanted = asked.get(sender) ?? new Set();
    for (const label of labels.filter((name) => mailboxes.includes(name))) wanted.add(label);
    asked.set(sender, wanted);
  }
  return new Set([...asked].filter(([, wanted]) => wanted.size === 1).map(([sender]) => sender));
}

export function isInGroup({ contacts, groups }: Sight, address: string, name: string): boolean {
  const uids = contacts.filter(({ addresses }) => addresses.includes(address)).map(({ uid }) => uid);
  return groups.some((group) => group.name === name && group.members.some((uid) => uids.includes(uid)));
}

function groupedAddresses({ contacts, groups }: Sight, { categories }: Rules): ReadonlySet<string> {
  const managed = new Set(categories.map(({ group }) => group));
  const members = new Set(groups.filter(({ name }) => managed.has(name)).flatMap((group) => group.members));
  return new Set(contacts.filter(({ uid }) => members.has(uid)).flatMap(({ addresses }) => addresses));
}

function chainOf(category: Category, categories: readonly Category[]): readonly Category[] {
  const parent = categories.find(({ name }) => name === category.parent);
  return parent === undefined ? [category] : [category, ...chainOf(parent, categories)];
}

function difference(was: SightedMessage, is: SightedMessage): readonly string[] {
  return [
    ...is.mailboxes.filter((name) => !was.mailboxes.includes(name)).map((name) => `+${name}`),
    ...was.mailboxes.filter((name) => !is.mailboxes.includes(name)).map((name) => `-${name}`),
  ];
}

/** What is there before and after. */
function pairs<Item extends { readonly id: string } | { readonly uid: string }>(
  before: readonly Item[],
  after: readonly Item[],
): readonly (readonly [was: Item, is: Item])[] {
  const keyOf = (item: Item): string => ('id' in item ? item.id : item.uid);
  const now = new Map(after.map((item) => [keyOf(item), item]));
  return before.flatMap((was) => {
    const is = now.get(keyOf(was));
    return is === undefined ? [] : [[was, is] as const];
  });
}
