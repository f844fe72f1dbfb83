import type { Contact, ContactEdit, Group } from './contact';
import { type HistoryEntry, readHistory } from './history';
import { isDisposable, takeBack } from './reset';
import { isSame, type Subject } from './subject';

/** A contact that loses a verdict: what becomes of it when all of the mail is where it belongs. */
export interface Release {
  readonly contact: Contact;
  /** True for one that Mailroom made and nobody has changed: it goes, unless somebody is faster. */
  readonly deletable: boolean;
}

export interface ReleaseFacts {
  readonly subject: Subject;
  /** The UID of Mailroom's own contact for the subject's address. */
  readonly ownUid: string;
  /** The groups that no category names. */
  readonly userGroups: readonly Group[];
}

/** The subject's contacts off which something is to be taken. */
export function releasesOf(contacts: readonly Contact[], facts: ReleaseFacts): readonly Release[] {
  return contacts
    .map((contact) => ({ contact, deletable: isDeletable(contact, facts) }))
    .filter(({ contact, deletable }) => deletable || releaseEdit(contact, facts) !== undefined);
}

/** What takes the subject's history, and a name that it gave, off a contact as it is now; undefined where there is none. */
export function releaseEdit(contact: Contact, facts: Whose): ContactEdit | undefined {
  return takeBack(contact, (entry) => isOfSubject(entry, contact, facts));
}

/** True for a contact as it is now that is as Mailroom made it, and that has no other subject's history. */
export function isUnneeded(contact: Contact, facts: Whose): boolean {
  return isDisposable(contact) && readHistory(contact.note).every((entry) => isOfSubject(entry, contact, facts));
}

function isDeletable(contact: Contact, facts: ReleaseFacts): boolean {
  return isUnneeded(contact, facts) && !facts.userGroups.some(({ members }) => members.includes(contact.uid));
}

type Whose = Pick<ReleaseFacts, 'subject' | 'ownUid'>;

/** True for a line of the subject's history. One that names nobody is its contact's own. */
export function isOfSubject(entry: HistoryEntry, { uid, addresses }: Contact, { subject, ownUid }: Whose): boolean {
  if (entry.subject !== null) return isSame(entry.subject, subject);
  return subject.kind !== 'list' && (uid === ownUid || addresses.length < 2);
}
