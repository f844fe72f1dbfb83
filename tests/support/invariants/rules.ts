import type { Category } from '../../../src/triage/category';
import { DEFAULTS } from '../builders';
import type { Sight } from './sight';

/** What of an account is Mailroom's to manage. */
export interface Rules {
  readonly categories: readonly Category[];
  readonly screener: string;
  readonly errorLabel: string;
  readonly warningLabel: string;
  /** Labels that take a verdict back, and that make mail spam, in accounts that have them. */
  readonly release?: { readonly undo: string; readonly spam: string; readonly junk: string };
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
  /** Groups that the sender joins. Without any it leaves all of them. */
  readonly groups: readonly string[];
  readonly addToInbox: boolean;
}

export function ordersOf({ categories, screener, release }: Rules): readonly Order[] {
  const files = categories.map((category) => {
    const chain = chainOf(category, categories);
    return {
      label: category.label,
      mailboxes: chain.map(({ mailbox }) => mailbox),
      groups: chain.map(({ group }) => group),
      addToInbox: category.addToInbox,
    };
  });
  if (release === undefined) return files;
  const none = { groups: [], addToInbox: false };
  return [
    ...files,
    { label: release.undo, mailboxes: [screener], ...none },
    { label: release.spam, mailboxes: [release.junk], ...none },
  ];
}

/** Addresses of senders with one triage label, on messages that do not wait for the user. */
export function judgedSenders({ messages }: Sight, rules: Rules): ReadonlySet<string> {
  const labels = ordersOf(rules).map(({ label }) => label);
  const asked = new Map<string, Set<string>>();
  for (const { sender, mailboxes } of messages.filter((message) => !message.mailboxes.includes(rules.errorLabel))) {
    if (sender === null) continue;
    const wanted = asked.get(sender) ?? new Set();
    for (const label of labels.filter((name) => mailboxes.includes(name))) wanted.add(label);
    asked.set(sender, wanted);
  }
  return new Set([...asked].filter(([, wanted]) => wanted.size === 1).map(([sender]) => sender));
}

/** Addresses of senders that the user has asked to be forgotten, and others that share a contact with them. */
export function releasedSenders({ messages, contacts }: Sight, rules: Rules): ReadonlySet<string> {
  const labels = ordersOf(rules).flatMap(({ label, groups }) => (groups.length === 0 ? label : []));
  const senders = new Set(
    messages.flatMap(({ sender, mailboxes }) =>
      labels.some((name) => mailboxes.includes(name)) ? (sender ?? []) : [],
    ),
  );
  const shared = contacts.filter(({ addresses }) => addresses.some((address) => senders.has(address)));
  return new Set([...senders, ...shared.flatMap(({ addresses }) => addresses)]);
}

export function isInGroup({ contacts, groups }: Sight, address: string, name: string): boolean {
  const uids = contacts.filter(({ addresses }) => addresses.includes(address)).map(({ uid }) => uid);
  return groups.some((group) => group.name === name && group.members.some((uid) => uids.includes(uid)));
}

/** True where a contact of the sender's is in the group of any category. */
export function hasVerdict(sight: Sight, sender: string, rules: Rules): boolean {
  return [...managedGroups(rules)].some((group) => isInGroup(sight, sender, group));
}

export function managedGroups({ categories }: Rules): ReadonlySet<string> {
  return new Set(categories.map(({ group }) => group));
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
