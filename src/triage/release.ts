import type { Contact, ContactEdit, Group } from './contact';
import { type HistoryEntry, readHistory } from './history';
import { isDisposable, takeBack } from './reset';

/** A contact whose sender loses its verdict: what becomes of it when all of the sender's mail is where it belongs. */
export interface Release {
  readonly contact: Contact;
  /** True for one that Mailroom made and nobody has changed: it goes, unless somebody is faster. */
  readonly deletable: boolean;
}

export interface ReleaseFacts {
  readonly sender: string;
  /** The UID of Mailroom's own contact for the sender. */
  readonly ownUid: string;
  /** The groups that no category names. */
  readonly userGroups: readonly Group[];
}

/** The sender's contacts off which something is to be taken. */
export function releasesOf(contacts: readonly Contact[], facts: ReleaseFacts): readonly Release[] {
  return contacts
    .map((contact) => ({ contact, deletable: isDeletable(contact, facts) }))
    .filter(({ contact, deletable }) => deletable || releaseEdit(contact, facts) !== undefined);
}

/** What takes the sender's history, and a name that it gave, off a contact as it is now; undefined where there is none. */
export function releaseEdit(contact: Contact, facts: Pick<ReleaseFacts, 'sender' | 'ownUid'>): ContactEdit | undefined {
  return takeBack(contact, (entry) => isOfSender(entry, contact, facts));
}

function isDeletable(contact: Contact, facts: ReleaseFacts): boolean {
  const isGrouped = facts.userGroups.some(({ members }) => members.includes(contact.uid));
  return (
    isDisposable(contact) && !isGrouped && readHistory(contact.note).every((entry) => isOfSender(entry, contact, facts))
  );
}

/** A line without an address is its contact's own sender's. */
function isOfSender(
  { sender }: HistoryEntry,
  { uid, addresses }: Contact,
  facts: Pick<ReleaseFacts, 'sender' | 'ownUid'>,
): boolean {
  return sender === null ? uid === facts.ownUid || addresses.length < 2 : sender === facts.sender;
}
