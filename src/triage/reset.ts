import { foldAddress } from './address';
import type { Category } from './category';
import type { Contact, ContactEdit, Group } from './contact';
import { decisionName } from './decision';
import { type GivenName, type HistoryEntry, historyLines, readHistory } from './history';
import type { Message, MessageChange } from './message';
import { keyOf, type Subject, subjectAt } from './subject';

/** Subject → the contacts whose history says that Mailroom has triaged it; none for everybody else. */
export type TriagedBy = (subject: Subject) => readonly Contact[];

/** UIDs that a contact of Mailroom's own for an address can have. */
export type OwnUids = (address: string) => readonly string[];

/** The mailboxes that a reset knows, by id. */
export interface ResetPlaces {
  readonly screener: string;
  /** The mailbox with the role `inbox`; null without one. */
  readonly inbox: string | null;
  /** Destination mailboxes of all categories. */
  readonly managed: ReadonlySet<string>;
  readonly systemLabels: ReadonlySet<string>;
}

/**
 * Whose mail Mailroom has filed. A line of history names its subject, or stands on Mailroom's own contact for it, whose
 * UID gives it away even when the user has changed the address since. Lines that got onto another contact (when two
 * were merged, say) speak for all of its addresses.
 */
export function triagedBy(contacts: readonly Contact[], ownUids: OwnUids): TriagedBy {
  const byKey = new Map<string, Contact[]>();
  const byUid = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const history = readHistory(contact.note);
    const addresses = contact.addresses.map(foldAddress);
    const named = history.flatMap(({ subject }) => subject ?? []);
    const nameless = history.length > named.length;
    const isOwn = addresses.some((address) => ownUids(address).includes(contact.uid));
    const subjects = [...named, ...(nameless && !isOwn ? addresses.map(subjectAt) : [])];
    for (const key of new Set(subjects.map(keyOf))) add(byKey, key, contact);
    if (nameless) add(byUid, contact.uid, contact);
  }
  const known = new Map<string, readonly Contact[]>();
  return (subject) => {
    const key = keyOf(subject);
    const uids = subject.kind === 'list' ? [] : ownUids(subject.address);
    const found = known.get(key) ?? [
      ...new Set([...(byKey.get(key) ?? []), ...uids.flatMap((uid) => byUid.get(uid) ?? [])]),
    ];
    known.set(key, found);
    return found;
  };
}

export interface SendingBack {
  readonly places: ResetPlaces;
  readonly categories: readonly Category[];
  /** The contacts whose history says that the sender, its domain or a list of the message was triaged. */
  readonly contacts: readonly Contact[];
}

/**
 * What takes a message back to where it was before Mailroom: out of the managed mailboxes into the Screener, if its
 * sender, domain or list was triaged; and whoever sent it, out of the system labels. Null where nothing is to be changed.
 * A message that has no other mailbox left goes to the Screener.
 */
export function sendBack(message: Message, { places, categories, contacts }: SendingBack): MessageChange | null {
  const { screener, inbox, managed, systemLabels } = places;
  const back = contacts.length > 0 && message.mailboxIds.some((id) => managed.has(id));
  const outOfInbox = back && contacts.some(({ note }) => hasCopiesInInbox(readHistory(note), categories));
  const remove = message.mailboxIds.filter(
    (id) => id !== screener && (systemLabels.has(id) || (back && (managed.has(id) || (outOfInbox && id === inbox)))),
  );
  if (remove.length === 0) return null;
  const isOrphan = remove.length === message.mailboxIds.length;
  const toScreener = (back || isOrphan) && !message.mailboxIds.includes(screener);
  const whileIn = back ? message.mailboxIds.filter((id) => managed.has(id)) : remove;
  return { id: message.id, add: toScreener ? [screener] : [], remove, whileIn };
}

/** Categories with `addToInbox` file what was in the Screener into the Inbox as well, and re-triage leaves it there. */
export function hasCopiesInInbox(history: readonly HistoryEntry[], categories: readonly Category[]): boolean {
  const verdicts = history.map(({ category }) => category);
  return categories.some(({ name, addToInbox }) => addToInbox && verdicts.includes(name));
}

/** What becomes of a contact with history. */
export type ContactFate =
  /** Mailroom made it, and nobody has changed it. */
  | 'delete'
  /** Mailroom made it, and somebody has changed it, written into its note or put it into a group since. */
  | 'keep changed'
  /** It is the user's own. */
  | 'keep own';

/** `userGroups`: the groups that no category names. */
export function fateOf(contact: Contact, userGroups: readonly Group[], ownUids: OwnUids): ContactFate {
  const isGrouped = userGroups.some(({ members }) => members.includes(contact.uid));
  if (isDisposable(contact) && !isGrouped) return 'delete';
  // On its own contacts Mailroom need not name whom they are for, and its UIDs tell those that the user has not given a new address.
  const made =
    readHistory(contact.note).some(({ subject }) => subject === null) ||
    contact.addresses.some((address) => ownUids(foldAddress(address)).includes(contact.uid));
  return made ? 'keep changed' : 'keep own';
}

/** True for a contact that is as Mailroom made it, and whose note holds history alone. */
export function isDisposable({ pristine, note }: Contact): boolean {
  const lines = note.split('\n').filter((line) => line.trim() !== '');
  return pristine && lines.length === historyLines(note).length;
}

/**
 * What takes Mailroom's lines, and a name that it gave, off a contact as it is now; undefined when there are none.
 * `isMeant`: which of the lines; without it, all.
 */
export function takeBack(
  contact: Contact,
  isMeant: (entry: HistoryEntry) => boolean = () => true,
): ContactEdit | undefined {
  const entries = readHistory(contact.note);
  const lines = historyLines(contact.note).filter((_, index) => isMeant(entries[index] as HistoryEntry));
  if (lines.length === 0) return undefined;
  const own = givenNames(entries.filter(isMeant)).find(({ name }) => name === contact.formattedName);
  return {
    dropNoteLines: lines,
    formattedName: own === undefined ? undefined : own.how === 'filled' ? '' : null,
  };
}

/** What of a contact's history no reset can take back. */
export interface Untakeable {
  /** Verdicts of categories that the settings do not know: nobody knows any more where their mail went. */
  readonly verdicts: readonly string[];
  /** True where the name is another than the one that Mailroom gave, so that it stays. */
  readonly name: boolean;
}

export function untakeable(contact: Contact, categories: readonly Category[]): Untakeable {
  const known = new Set([...categories.map(({ name }) => name), decisionName('spam')]);
  const verdicts = readHistory(contact.note).map(({ category }) => category);
  const given = givenNames(readHistory(contact.note));
  return {
    verdicts: [...new Set(verdicts)].filter((verdict) => !known.has(verdict)),
    name: given.length > 0 && !given.some(({ name }) => name === contact.formattedName),
  };
}

function givenNames(entries: readonly HistoryEntry[]): readonly GivenName[] {
  return entries.flatMap(({ name }) => name ?? []);
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
