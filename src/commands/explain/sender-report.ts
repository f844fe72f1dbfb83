import type { Settings } from '../../config';
import { judgedKinds, locate } from '../../cycle/locate';
import { type Next, nextFor } from '../../cycle/next';
import { collect } from '../../cycle/read';
import { readJudgement } from '../../cycle/read-judgement';
import { readPlan } from '../../cycle/read-plan';
import type { AddressBook, Mail } from '../../ports';
import type { Progress } from '../../progress';
import { domainOf, foldAddress, isWholeDomain, wholeDomainOf } from '../../triage/address';
import { byAddress } from '../../triage/by-address';
import type { Caution } from '../../triage/caution';
import type { Contact, Group } from '../../triage/contact';
import { type HistoryEntry, readHistory } from '../../triage/history';
import { compareTexts } from '../../triage/order';
import { routedInto, rulesFor } from '../../triage/routes';
import { addressesUnder, categoriesBy } from '../../triage/ruling';
import { senderOf } from '../../triage/sender';
import { domainSubject, keyOf, type SubjectKind, subjectAt } from '../../triage/subject';
import { cautionsOnSender } from './cautions';
import { type ListReport, readLists, type ViaList } from './lists';
import { concerns, countsBy, namesOf, readMessages } from './messages';

/** All that is to be said of one sender, or of all of a domain. */
export interface SenderReport {
  /** Folded; `*@` and the domain for all of a domain. */
  readonly sender: string;
  /** Name of the category that its contacts are in by their groups, or else its domain's; null for a sender in none. */
  readonly category: string | null;
  /** Whose contacts say so; null without a category. */
  readonly by: 'sender' | 'domain' | null;
  /** The verdicts on the sender and its domain. The first one holds. */
  readonly verdicts: readonly Ruled[];
  /** Addresses of the user's own contacts that fall under the domain's verdict, having none of their own. */
  readonly under: readonly string[];
  /** The mailing lists by whose verdicts some of its mail is filed. */
  readonly lists: readonly ViaList[];
  /** What is to be said of the address as that of a mailing list; null where it is none. */
  readonly list: ListReport | null;
  /** Names of all groups that its contacts are in, the user's own too. */
  readonly groups: readonly string[];
  readonly contacts: readonly ContactReport[];
  /** The contacts that stand for all of the sender's domain. */
  readonly domainContacts: readonly ContactReport[];
  /** Cards that cannot be read and may be the sender's contact: it is not triaged while there are any. */
  readonly unreadable: readonly { readonly href: string; readonly reason: string }[];
  /** Why one may want to look twice before one lets it in. */
  readonly cautions: readonly Caution[];
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

/** A verdict, and what it is on. */
export interface Ruled {
  readonly on: SubjectKind;
  readonly category: string;
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

/**
 * Reads everything about the sender with this address, or about all of a domain (`*@shop.example`). What the next cycle
 * would do is what it plans by itself.
 */
export async function reportOnSender(
  address: string,
  ports: { readonly mail: Mail; readonly book: AddressBook },
  context: ExplainContext,
): Promise<SenderReport> {
  const { settings } = context;
  const { mail, book } = ports;
  const ownUid = (folded: string) => context.ownUid(folded, 0);
  const sender = foldAddress(address);
  const subject = subjectAt(sender);
  const isDomain = subject.kind === 'domain';
  const located = locate(settings, mail, book);
  const { places, managedGroups } = located;
  const wholeDomain = wholeDomainOf(sender);
  const [collected, read, atDomain, groups] = await Promise.all([
    collect(mail, places, context),
    readMessages(subject, mail, places, context),
    book.findByAddress([...new Set([address, wholeDomain])], [wholeDomain.slice(1)]),
    book.readGroups(book.groups.map(({ href }) => href)),
  ]);
  const judgement = await readJudgement(
    collected.filter((message) => concerns(message, subject, places)),
    places,
    mail,
  );
  const plan = await readPlan({ collected, judgement }, located, ports, context);
  const messages = read.from.filter((message) => isDomain || senderOf(message) === sender);

  const known = byAddress(atDomain, () => true);
  const contactsOf = (folded: string) => known.get(folded) ?? [];
  const contacts = contactsOf(sender);
  const domainContacts = isDomain ? [] : contactsOf(wholeDomain);
  const standings = {
    categories: settings.categories,
    groups: groups.filter(({ href }) => managedGroups.some((group) => group.href === href)),
    ownUid,
  };
  const categoryOf = categoriesBy({ ...standings, contactsOf });
  const verdicts = [...(isDomain ? [] : [subject]), domainSubject(sender)].flatMap((one): readonly Ruled[] => {
    const category = categoryOf(one);
    return category === undefined ? [] : [{ on: one.kind, category: category.name }];
  });
  const [holding] = verdicts;
  const isRuledDomain = verdicts.some(({ on }) => on === 'domain');
  const groupsOf = (uid: string) => groups.filter(({ members }) => members.includes(uid)).map(({ name }) => name);
  const reportsOn = (some: readonly Contact[], folded: string): readonly ContactReport[] =>
    some.map((contact) => ({
      uid: contact.uid,
      name: contact.formattedName,
      addresses: contact.addresses,
      groups: groupsOf(contact.uid),
      misspelledIn: groups
        .filter((group) => group.members.includes(contact.uid) && !isFound(contact, group))
        .map(({ name }) => name),
      own: contact.uid === ownUid(folded),
    }));
  const found = [...contacts, ...domainContacts];
  const rules = rulesFor(settings.categories, judgedKinds(settings, mail.mailboxes));
  const routed = (some: readonly Contact[]) =>
    groups.filter((group) => some.some((contact) => isFound(contact, group))).map(({ name }) => name);
  const names = namesOf(mail.mailboxes);
  const ownLabels = [...places.labels.keys(), places.errorLabel, places.warningLabel];
  const lists = await readLists({ subject, messages, toList: read.toList, contacts: known, standings, places, book });
  return {
    sender,
    category: holding?.category ?? null,
    by: holding === undefined ? null : holding.on === 'domain' ? 'domain' : 'sender',
    verdicts,
    under: isRuledDomain ? addressesUnder(domainSubject(sender), atDomain, categoryOf) : [],
    lists: lists.via,
    list: lists.own && {
      ...lists.own,
      newMail: routedInto({ from: undefined, to: routed(contacts) }, rules, settings.screenerMailbox),
    },
    groups: [...new Set(contacts.flatMap(({ uid }) => groupsOf(uid)))],
    contacts: reportsOn(contacts, sender),
    domainContacts: reportsOn(domainContacts, wholeDomain),
    unreadable: book
      .unreadable()
      .filter(({ mayBelongTo }) => mayBelongTo.includes(sender))
      .map(({ href, reason }) => ({ href, reason })),
    cautions: await cautionsOnSender(subject, messages, ports, context),
    history: contacts
      .flatMap(({ note }) => readHistory(note))
      .map(({ subject: told, ...entry }) => ({ ...entry, sender: told && keyOf(told) }))
      .sort((one, other) => compareTexts(one.date, other.date)),
    messages: messages.length,
    shared: read.from.length - messages.length,
    mailboxes: countsBy(names, messages, () => true),
    labels: countsBy(names, messages, (id) => ownLabels.includes(id)),
    newMail: routedInto(
      { from: found.length === 0 ? undefined : routed(found), to: [] },
      rules,
      settings.screenerMailbox,
    ),
    next: nextFor({ ...plan, sweeps: plan.sweeps.filter((sweep) => isOf(sweep.sender, sender)) }, names),
  };
}

/** True for a sender's own address, and for any at the domain. */
function isOf(sender: string, address: string): boolean {
  return isWholeDomain(address) ? domainOf(sender) === domainOf(address) : sender === address;
}

/** True where the server's rules find the contact in the group. */
function isFound({ writtenUid }: Contact, { writtenMembers }: Group): boolean {
  return writtenMembers.includes(writtenUid);
}
