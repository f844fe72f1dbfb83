import type { Settings } from '../../config';
import { judgedKinds, locate, mailboxPath } from '../../cycle/locate';
import { type Next, nextFor } from '../../cycle/next';
import { collect, recently } from '../../cycle/read';
import { readJudgement } from '../../cycle/read-judgement';
import { readPlan } from '../../cycle/read-plan';
import type { AddressBook, Mail, Mailbox } from '../../ports';
import type { Progress } from '../../progress';
import { foldAddress, wholeDomainOf } from '../../triage/address';
import type { Contact, Group } from '../../triage/contact';
import { type HistoryEntry, readHistory } from '../../triage/history';
import type { Message } from '../../triage/message';
import { compareTexts } from '../../triage/order';
import { managedMailboxes, type Places } from '../../triage/places';
import { routedInto, rulesFor } from '../../triage/routes';
import { currentCategory } from '../../triage/ruling';
import { addressesOf, senderOf } from '../../triage/sender';
import { keyOf, subjectAt } from '../../triage/subject';

/** All that is to be said of one sender. */
export interface SenderReport {
  readonly sender: string;
  /** Name of the category that its contacts are in by their groups, or else its domain's; null for a sender in none. */
  readonly category: string | null;
  /** Whose contacts say so; null without a category. */
  readonly by: 'sender' | 'domain' | null;
  /** Names of all groups that its contacts are in, the user's own too. */
  readonly groups: readonly string[];
  readonly contacts: readonly ContactReport[];
  /** The contacts that stand for all of the sender's domain. */
  readonly domainContacts: readonly ContactReport[];
  /** Cards that cannot be read and may be the sender's contact: it is not triaged while there are any. */
  readonly unreadable: readonly { readonly href: string; readonly reason: string }[];
  /** The verdicts in the contacts' notes, oldest first. */
  readonly history: readonly ToldEntry[];
  readonly messages: number;
  /** Messages that have other `From` addresses as well: nobody's, and counted in nothing else. */
  readonly shared: number;
  /** Name of a mailbox → number of the sender's messages in it. A message may be in several. */
  readonly mailboxes: Readonly<Record<string, number>>;
  /** The triage and system labels among these. */
  readonly labels: Readonly<Record<string, number>>;
  /** Names of the mailboxes into which the rules of the mail server put what comes next. */
  readonly newMail: readonly string[];
  readonly next: Next;
}

/** `sender`: what {@link keyOf} calls whom the line names. */
type ToldEntry = Omit<HistoryEntry, 'subject'> & { readonly sender: string | null };

export interface ContactReport {
  readonly uid: string;
  readonly name: string | null;
  readonly addresses: readonly string[];
  readonly groups: readonly string[];
  /** Those of the groups in which the server's rules do not find it, as they spell its UID otherwise than its card. */
  readonly misspelledIn: readonly string[];
  /** True for a contact with the UID that Mailroom gives this sender's. */
  readonly own: boolean;
}

export interface ExplainContext {
  readonly settings: Settings;
  readonly now: Date;
  readonly ownUid: (address: string, attempt: number) => string;
  readonly progress: Progress;
}

/** Reads everything about the sender with this address. What the next cycle would do is what it plans by itself. */
export async function reportOnSender(
  address: string,
  ports: { readonly mail: Mail; readonly book: AddressBook },
  context: ExplainContext,
): Promise<SenderReport> {
  const { settings, ownUid } = context;
  const { mail, book } = ports;
  const sender = foldAddress(address);
  const located = locate(settings, mail, book);
  const { places, managedGroups } = located;
  const wholeDomain = wholeDomainOf(sender);
  const [collected, fromSender, found, groups] = await Promise.all([
    collect(mail, places, context),
    readMessages(sender, mail, places, context),
    book.findByAddress([address, wholeDomain]),
    book.readGroups(book.groups.map(({ href }) => href)),
  ]);
  const judgement = await readJudgement(
    collected.filter((message) => addressesOf(message).includes(sender)),
    places,
    mail,
  );
  const plan = await readPlan({ collected, judgement }, located, ports, context);
  const messages = fromSender.filter((message) => senderOf(message) === sender);

  const contactsOf = (folded: string) =>
    found.filter(({ addresses }) => addresses.some((one) => foldAddress(one) === folded));
  const contacts = contactsOf(sender);
  const domainContacts = sender === wholeDomain ? [] : contactsOf(wholeDomain);
  const managed = groups.filter(({ href }) => managedGroups.some((group) => group.href === href));
  const categoryOf = (some: readonly Contact[], folded: string) =>
    currentCategory({
      kind: subjectAt(folded).kind,
      categories: settings.categories,
      contacts: some,
      groups: managed,
      ownUid: ownUid(folded, 0),
    });
  const own = categoryOf(contacts, sender);
  const category = own ?? categoryOf(domainContacts, wholeDomain);
  const groupsOf = (uid: string) => groups.filter(({ members }) => members.includes(uid)).map(({ name }) => name);
  const groupsOfAll = (some: readonly Contact[]) => [...new Set(some.flatMap(({ uid }) => groupsOf(uid)))];
  const routedGroups = groups
    .filter((group) => found.some((contact) => isFound(contact, group)))
    .map(({ name }) => name);
  const reportsOn = (some: readonly Contact[], folded: string): readonly ContactReport[] =>
    some.map((contact) => ({
      uid: contact.uid,
      name: contact.formattedName,
      addresses: contact.addresses,
      groups: groupsOf(contact.uid),
      misspelledIn: groups
        .filter((group) => group.members.includes(contact.uid) && !isFound(contact, group))
        .map(({ name }) => name),
      own: contact.uid === ownUid(folded, 0),
    }));
  const names = namesOf(mail.mailboxes);
  const ownLabels = [...places.labels.keys(), places.errorLabel, places.warningLabel];
  return {
    sender,
    category: category?.name ?? null,
    by: category === undefined ? null : own === undefined ? 'domain' : 'sender',
    groups: groupsOfAll(contacts),
    contacts: reportsOn(contacts, sender),
    domainContacts: reportsOn(domainContacts, wholeDomain),
    unreadable: book
      .unreadable()
      .filter(({ mayBelongTo }) => mayBelongTo.includes(sender))
      .map(({ href, reason }) => ({ href, reason })),
    history: contacts
      .flatMap(({ note }) => readHistory(note))
      .map(({ subject, ...entry }) => ({ ...entry, sender: subject && keyOf(subject) }))
      .sort((one, other) => compareTexts(one.date, other.date)),
    messages: messages.length,
    shared: fromSender.length - messages.length,
    mailboxes: countsBy(names, messages, () => true),
    labels: countsBy(names, messages, (id) => ownLabels.includes(id)),
    newMail: routedInto(
      { from: found.length === 0 ? undefined : routedGroups, to: [] },
      rulesFor(settings.categories, judgedKinds(settings, mail.mailboxes)),
      settings.screenerMailbox,
    ),
    next: nextFor({ ...plan, sweeps: plan.sweeps.filter((sweep) => sweep.sender === sender) }, names),
  };
}

/**
 * The messages with the sender among their `From` addresses, wherever they are. What Mailroom has to do with is listed, and so is what is recent; the rest
 * is searched for, as far as the server's index goes.
 */
async function readMessages(
  sender: string,
  mail: Mail,
  places: Places,
  { now, progress }: ExplainContext,
): Promise<readonly Message[]> {
  const { screener, errorLabel, warningLabel, labels } = places;
  const ours = new Set([screener, errorLabel, warningLabel ?? screener, ...labels.keys(), ...managedMailboxes(places)]);
  const total = mail.mailboxes.filter(({ id }) => ours.has(id)).reduce((sum, { totalEmails }) => sum + totalEmails, 0);
  const found = new Map<string, Message>();
  let read = 0;
  for await (const page of mail.messages([{ inMailboxes: [...ours] }, { since: recently(now) }, { from: [sender] }])) {
    for (const message of page) if (addressesOf(message).includes(sender)) found.set(message.id, message);
    read += page.length;
    progress.show('Reading mail', read, total);
  }
  progress.end();
  return [...found.values()];
}

/** True where the server's rules find the contact in the group. */
function isFound({ writtenUid }: Contact, { writtenMembers }: Group): boolean {
  return writtenMembers.includes(writtenUid);
}

/** Id → name of a mailbox; where several have that name, the path to it. */
function namesOf(mailboxes: readonly Mailbox[]): ReadonlyMap<string, string> {
  const isShared = ({ id, name }: Mailbox) => mailboxes.some((other) => other.name === name && other.id !== id);
  return new Map(
    mailboxes.map((mailbox) => [mailbox.id, isShared(mailbox) ? mailboxPath(mailbox, mailboxes) : mailbox.name]),
  );
}

function countsBy(
  names: ReadonlyMap<string, string>,
  messages: readonly Message[],
  wanted: (mailboxId: string) => boolean,
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const id of messages.flatMap(({ mailboxIds }) => mailboxIds.filter(wanted))) {
    const name = names.get(id) ?? id;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([one], [other]) => one.localeCompare(other)));
}
