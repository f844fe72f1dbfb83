import type { Category } from '../../../src/triage/category';
import { DEFAULTS } from '../builders';
import type { Sight, SightedMessage } from './sight';

/** What of an account is Mailroom's to manage. */
export interface Rules {
  readonly categories: readonly Category[];
  readonly screener: string;
  readonly errorLabel: string;
  readonly warningLabel: string;
  /** Labels that take a verdict back, and that make mail spam, in accounts that have them. */
  readonly release?: { readonly undo: string; readonly spam: string; readonly junk: string };
  /** Labels that make a verdict one on the sender's domain, or on the message's list, in accounts that have them. */
  readonly modifiers?: { readonly domain: string; readonly list: string };
  /** Domains whose addresses belong to strangers: they get no verdict. */
  readonly publicDomains?: readonly string[];
}

/** Those of the default settings. */
export const DEFAULT_RULES: Rules = {
  categories: DEFAULTS,
  screener: 'Screener',
  errorLabel: '@MailroomError',
  warningLabel: '@MailroomWarning',
};

export const INBOX = 'Inbox';

/** What a triage label asks for. */
export interface Order {
  readonly label: string;
  /** Where mail goes. */
  readonly mailboxes: readonly string[];
  /** Verdicts whose groups the subject joins. Without any it leaves all groups. */
  readonly chain: readonly Category[];
  readonly addToInbox: boolean;
}

export function ordersOf({ categories, screener, release }: Rules): readonly Order[] {
  const files = categories.map((category) => {
    const chain = chainOf(category, categories);
    return {
      label: category.label,
      mailboxes: chain.map(({ mailbox }) => mailbox),
      chain,
      addToInbox: category.addToInbox,
    };
  });
  if (release === undefined) return files;
  const none = { chain: [], addToInbox: false };
  return [
    ...files,
    { label: release.undo, mailboxes: [screener], ...none },
    { label: release.spam, mailboxes: [release.junk], ...none },
  ];
}

/**
 * What verdicts are on: the address of a sender, `*@` and a domain, or `list:` and the address of a list. The contact has
 * it as its address, a list's without the mark.
 */
export type Subject = string;

const LIST = 'list:';

export function contactAddress(subject: Subject): string {
  return subject.startsWith(LIST) ? subject.slice(LIST.length) : subject;
}

/** Whose verdicts may rule a message; the one that wins comes first. */
export function subjectsOf({ sender, recipients }: SightedMessage): readonly Subject[] {
  return sender === null ? [] : [sender, domainOf(sender), ...recipients.map((address) => LIST + address)];
}

function domainOf(sender: string): Subject {
  return `*${sender.slice(sender.lastIndexOf('@'))}`;
}

/** What the labels of a message are about: its sender, its domain, or the list that it is addressed to; null for nothing, or too much. */
export function subjectAsked(message: SightedMessage, { modifiers }: Rules): Subject | null {
  const { sender, recipients, mailboxes } = message;
  const [isOfDomain, isOfList] = [modifiers?.domain, modifiers?.list].map((label) => mailboxes.includes(label ?? ''));
  if (sender === null || (isOfDomain && isOfList)) return null;
  if (isOfDomain) return domainOf(sender);
  if (!isOfList) return sender;
  return recipients[0] === undefined ? null : LIST + recipients[0];
}

/** All labels by which the user asks for something. */
export function labelsOf(rules: Rules): ReadonlySet<string> {
  return new Set([...ordersOf(rules).map(({ label }) => label), ...Object.values(rules.modifiers ?? {})]);
}

/** Subjects with one triage label, on messages that do not wait for the user. */
export function judgedSubjects({ messages }: Sight, rules: Rules): ReadonlySet<Subject> {
  const labels = ordersOf(rules).map(({ label }) => label);
  const asked = new Map<Subject, Set<string>>();
  for (const message of messages.filter(({ mailboxes }) => !mailboxes.includes(rules.errorLabel))) {
    const subject = subjectAsked(message, rules);
    if (subject === null) continue;
    const wanted = asked.get(subject) ?? new Set();
    for (const label of labels.filter((name) => message.mailboxes.includes(name))) wanted.add(label);
    asked.set(subject, wanted);
  }
  const isRefused = (subject: Subject, wanted: ReadonlySet<string>): boolean =>
    (rules.publicDomains ?? []).some((domain) => subject === `*@${domain}`) && !wanted.has(rules.release?.undo ?? '');
  return new Set(
    [...asked].flatMap(([subject, wanted]) => (wanted.size === 1 && !isRefused(subject, wanted) ? subject : [])),
  );
}

/** Addresses of contacts that the user has asked to be set free, and others that share a contact with them. */
export function releasedAddresses({ messages, contacts }: Sight, rules: Rules): ReadonlySet<string> {
  const labels = ordersOf(rules).flatMap(({ label, chain }) => (chain.length === 0 ? label : []));
  const asked = messages.filter(({ mailboxes }) => labels.some((name) => mailboxes.includes(name)));
  const found = new Set(
    asked.flatMap((message) => {
      const subject = subjectAsked(message, rules);
      return subject === null ? [] : contactAddress(subject);
    }),
  );
  const shared = contacts.filter(({ addresses }) => addresses.some((address) => found.has(address)));
  return new Set([...found, ...shared.flatMap(({ addresses }) => addresses)]);
}

/** True where a contact of the subject's is in the group that subjects of its kind have for the category. */
export function isInGroup({ contacts, groups }: Sight, subject: Subject, category: Category): boolean {
  const address = contactAddress(subject);
  const uids = contacts.filter(({ addresses }) => addresses.includes(address)).map(({ uid }) => uid);
  const name = groupName(subject, category);
  return groups.some((group) => group.name === name && group.members.some((uid) => uids.includes(uid)));
}

export function groupName(subject: Subject, { group, domainGroup, listGroup }: Category): string {
  if (subject.startsWith(LIST)) return listGroup;
  return subject.startsWith('*@') ? domainGroup : group;
}

/** True where a contact of the subject's is in the group of any category. */
export function hasVerdict(sight: Sight, subject: Subject, { categories }: Rules): boolean {
  return categories.some((category) => isInGroup(sight, subject, category));
}

export function managedGroups({ categories }: Rules): ReadonlySet<string> {
  return new Set(categories.flatMap(({ group, domainGroup, listGroup }) => [group, domainGroup, listGroup]));
}

function chainOf(category: Category, categories: readonly Category[]): readonly Category[] {
  const parent = categories.find(({ name }) => name === category.parent);
  return parent === undefined ? [category] : [category, ...chainOf(parent, categories)];
}

/** What is there before and after. */
export function pairs<Item extends { readonly id: string } | { readonly uid: string }>(
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
