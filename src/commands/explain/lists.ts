import { decidersOf } from '../../cycle/deciders';
import type { AddressBook } from '../../ports';
import { byAddress } from '../../triage/by-address';
import type { Contact } from '../../triage/contact';
import type { Message } from '../../triage/message';
import type { Places } from '../../triage/places';
import { categoriesBy, rulingOn, type Standings } from '../../triage/ruling';
import type { Subject } from '../../triage/subject';

/** A mailing list by whose verdict mail of a sender is filed. */
export interface ViaList {
  readonly list: string;
  readonly category: string;
  /** How many of the sender's messages that are. */
  readonly messages: number;
}

/** What is to be said of an address as that of a mailing list. */
export interface ListReport {
  /** Null without a verdict. */
  readonly category: string | null;
  /** Messages that the list has sent. */
  readonly messages: number;
  /** Names of the mailboxes into which the rules of the mail server put what comes next of it, from strangers. */
  readonly newMail: readonly string[];
}

export interface ListFacts {
  readonly subject: Subject;
  /** Of the sender, or of all senders of the domain. */
  readonly messages: readonly Message[];
  /** Those that the list at the address has sent. */
  readonly toList: readonly Message[];
  /** Folded address → contacts, as far as they are read. */
  readonly contacts: ReadonlyMap<string, readonly Contact[]>;
  readonly standings: Omit<Standings, 'contactsOf'>;
  readonly places: Places;
  readonly book: AddressBook;
}

/** What mailing lists have to do with it. No request where there are no verdicts on lists. */
export async function readLists({
  subject,
  messages,
  toList,
  contacts,
  standings,
  places,
  book,
}: ListFacts): Promise<{ readonly via: readonly ViaList[]; readonly own: Omit<ListReport, 'newMail'> | null }> {
  if (places.wholeList === null) return { via: [], own: null };
  const lists = messages.flatMap((message) => decidersOf(message, places)).filter(({ kind }) => kind === 'list');
  const wanted = new Set(lists.map(({ address }) => address).filter((address) => !contacts.has(address)));
  const others = byAddress(await book.findByAddress([...wanted]), (address) => wanted.has(address));
  const categoryOf = categoriesBy({
    ...standings,
    contactsOf: (address) => contacts.get(address) ?? others.get(address) ?? [],
  });
  const via = new Map<string, ViaList>();
  for (const message of messages) {
    const ruling = rulingOn(message, categoryOf, standings.categories);
    if (ruling?.subject.kind !== 'list') continue;
    const { address } = ruling.subject;
    const count = (via.get(address)?.messages ?? 0) + 1;
    via.set(address, { list: address, category: ruling.category.name, messages: count });
  }
  const category = categoryOf({ kind: 'list', address: subject.address })?.name ?? null;
  const isList = subject.kind === 'sender' && (category !== null || toList.length > 0);
  return { via: [...via.values()], own: isList ? { category, messages: toList.length } : null };
}
