import type { Settings } from '../../config';
import { judgedKinds, mailboxNamed, neededGroups, requireMailbox } from '../../cycle/locate';
import type { AddressBook, Mail, MessageExtra } from '../../ports';
import type { Progress } from '../../progress';
import { foldAddress, isWholeDomain } from '../../triage/address';
import type { Contact, Group } from '../../triage/contact';
import { HISTORY_MARK, historyLines, historyOf } from '../../triage/history';
import type { MessageChange } from '../../triage/message';
import {
  type ContactFate,
  fateOf,
  type OwnUids,
  type ResetPlaces,
  sendBack,
  type TriagedBy,
  triagedBy,
} from '../../triage/reset';
import { senderOf } from '../../triage/sender';
import { SUBJECT_KINDS, type SubjectKind, subjectsOf } from '../../triage/subject';
import { LETTER_HEADER } from '../letter/header';

/** Where mail is taken from and put back to, and whose. */
export interface ResetScope {
  readonly settings: Settings;
  readonly places: ResetPlaces;
  readonly triagedBy: TriagedBy;
  /** What of messages is to be read besides. */
  readonly extras: readonly MessageExtra[];
}

/** One message's way back. */
export interface Return {
  readonly change: MessageChange;
  /** Null for a message without a sender, which has lost a system label alone. */
  readonly sender: string | null;
  /** The contacts whose history says that it was triaged. */
  readonly contacts: readonly Contact[];
}

export interface ResetPlan extends ResetScope {
  /** What verdicts have been on, or may be. */
  readonly kinds: readonly SubjectKind[];
  readonly returns: readonly Return[];
  /** Managed groups that have members. */
  readonly groups: readonly Group[];
  readonly contacts: readonly { readonly contact: Contact; readonly fate: ContactFate }[];
  /** Ids of the Screener's letters. */
  readonly letters: readonly string[];
  /** How many messages carry a triage label: the next cycle triages their senders. */
  readonly pending: number;
}

export interface ResetReading {
  readonly settings: Settings;
  readonly ownUids: OwnUids;
  readonly progress: Progress;
}

/** Reads all that Mailroom did, and plans how it is taken back. Only the Screener has to be there. */
export async function readReset(
  { mail, book }: { readonly mail: Mail; readonly book: AddressBook },
  { settings, ownUids, progress }: ResetReading,
): Promise<ResetPlan> {
  const places = placesFor(settings, mail);
  const [found, groups] = await Promise.all([
    book.findByNote(HISTORY_MARK),
    book.readGroups(book.groups.map(({ href }) => href)),
  ]);
  const contacts = await certain(
    found.filter(({ note }) => historyLines(note).length > 0),
    book,
  );
  // A line that names nobody is on whom the contact stands for.
  const hasHistoryOf = (kind: SubjectKind) =>
    contacts.some(({ note, addresses }) =>
      historyOf(note, kind).some(({ subject }) => subject !== null || addresses.map(foldAddress).some(isWholeDomain)),
    );
  const extras: readonly MessageExtra[] = hasHistoryOf('list') ? ['lists'] : [];
  const scope = { settings, places, triagedBy: triagedBy(contacts, ownUids), extras };
  // What was judged once may have lost its label since.
  const judged = judgedKinds(settings, mail.mailboxes);
  const kinds = SUBJECT_KINDS.filter((kind) => judged.includes(kind) || hasHistoryOf(kind));
  const managedGroups = new Set(neededGroups(settings, kinds));
  const userGroups = groups.filter(({ name }) => !managedGroups.has(name));
  const labels = [
    ...settings.categories.map(({ label }) => label),
    ...Object.values(settings.featureLabels).flatMap((label) => label ?? []),
  ].map((label) => mailboxNamed(label, mail.mailboxes));
  return {
    ...scope,
    kinds,
    returns: await readReturns(scope, mail, progress),
    groups: groups.filter(({ name, members }) => managedGroups.has(name) && members.length > 0),
    contacts: contacts.map((contact) => ({ contact, fate: fateOf(contact, userGroups, ownUids) })),
    letters: await readLetters(settings, mail),
    pending: labels.reduce((sum, label) => sum + (typeof label === 'object' ? label.totalEmails : 0), 0),
  };
}

async function readLetters({ letterMailbox }: Settings, mail: Mail): Promise<readonly string[]> {
  const mailbox = mailboxNamed(letterMailbox, mail.mailboxes);
  const letters = await mail.ownMessages(LETTER_HEADER, typeof mailbox === 'object' ? mailbox.id : null);
  return letters.map(({ id }) => id);
}

/**
 * The messages that have yet to go back, found by listing: a search index may lag behind by any time, and what it
 * leaves out would never be found again.
 */
export async function readReturns(
  { settings, places, triagedBy, extras }: ResetScope,
  mail: Mail,
  progress: Progress,
): Promise<readonly Return[]> {
  const inMailboxes = [...places.managed, ...places.systemLabels];
  const total = mail.mailboxes
    .filter(({ id }) => inMailboxes.includes(id))
    .reduce((sum, { totalEmails }) => sum + totalEmails, 0);
  const returns = new Map<string, Return>();
  let read = 0;
  for await (const page of mail.messages([{ inMailboxes }], extras)) {
    for (const message of page) {
      const sender = senderOf(message);
      const contacts = [...new Set(subjectsOf(message).flatMap(triagedBy))];
      const change = sendBack(message, { places, categories: settings.categories, contacts });
      if (change !== null) returns.set(message.id, { change, sender, contacts });
    }
    read += page.length;
    progress.show('Reading mail', read, total);
  }
  progress.end();
  return [...returns.values()];
}

/** The contacts, those that seem untouched from their whole cards. */
async function certain(contacts: readonly Contact[], book: AddressBook): Promise<readonly Contact[]> {
  const seeming = contacts.filter(({ pristine }) => pristine);
  const whole = new Map((await book.readContacts(seeming.map(({ href }) => href))).map((one) => [one.href, one]));
  return contacts.flatMap((contact) => (contact.pristine ? (whole.get(contact.href) ?? []) : contact));
}

function placesFor(settings: Settings, { mailboxes }: Mail): ResetPlaces {
  const idsOf = (names: readonly string[]): ReadonlySet<string> => {
    const found = names.map((name) => mailboxNamed(name, mailboxes));
    return new Set(found.flatMap((mailbox) => (typeof mailbox === 'object' ? mailbox.id : [])));
  };
  const [inbox = null] = idsOf(['Inbox']);
  return {
    screener: requireMailbox(settings.screenerMailbox, mailboxes).id,
    inbox,
    managed: idsOf(settings.categories.map(({ mailbox }) => mailbox)),
    systemLabels: idsOf([settings.errorLabel, settings.warningLabel]),
  };
}
