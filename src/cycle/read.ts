import type { Settings } from '../config';
import { MailroomError } from '../errors';
import type { AddressBook, Mail, MessageQuery } from '../ports';
import { foldAddress } from '../triage/address';
import type { Contact, Group, GroupSummary } from '../triage/contact';
import { isCategory } from '../triage/decision';
import type { Judgement, Verdict } from '../triage/judge';
import type { Message } from '../triage/message';
import { managedMailboxes, type Places } from '../triage/places';
import { senderOf } from '../triage/sender';
import type { Located } from './locate';

/** Days of managed mailboxes that are listed as well as searched: a search index may lag behind by as much. */
const RECENT_DAYS = 7;

/** What lies in the Screener for longer was put there by the user, or is left to the user. */
const SWEPT_HOURS = 24;

export interface Collecting {
  readonly settings: Pick<Settings, 'sweep'>;
  readonly now: Date;
}

/**
 * Every message in any triage label and, where the sweep is on, every one that came into the Screener since yesterday: in
 * one request, and without any where the mailboxes' own counts say that there is none.
 */
export async function collect(mail: Mail, places: Places, { settings, now }: Collecting): Promise<readonly Message[]> {
  const holding = mail.mailboxes.filter(({ totalEmails }) => totalEmails > 0).map(({ id }) => id);
  const labels = holding.filter((id) => places.labels.has(id));
  const queries: readonly MessageQuery[] = [
    ...(labels.length === 0 ? [] : [{ inMailboxes: labels }]),
    ...(settings.sweep && holding.includes(places.screener)
      ? [{ inMailboxes: [places.screener], since: sweptSince(now) }]
      : []),
  ];
  const found = new Map<string, Message>();
  for await (const page of mail.messages(queries)) {
    for (const message of page) found.set(message.id, message);
  }
  return [...found.values()];
}

/** UTCDate since when what came into the Screener may have slipped past the rules. */
export function sweptSince(now: Date): string {
  return utcDate(now.getTime() - SWEPT_HOURS * 3_600_000);
}

/** What a cycle goes by. */
export interface Occasion {
  /** As {@link collect} gives it. */
  readonly collected: readonly Message[];
  /** What is judged of it. */
  readonly judgement: Judgement;
}

/** What a cycle reads about the senders that it has judged. */
export interface SenderFacts {
  readonly mail: ReadonlyMap<string, readonly Message[]>;
  readonly contacts: ReadonlyMap<string, readonly Contact[]>;
  readonly groups: readonly Group[];
  /** The groups that no category names; read only where a contact may go with its sender's verdict. */
  readonly userGroups: readonly Group[];
}

/** Reads mail, contacts and groups of the senders, both servers side by side. */
export async function readSenders(
  { verdicts }: Judgement,
  { places, managedGroups }: Located,
  ports: { readonly mail: Mail; readonly book: AddressBook },
  now: Date,
): Promise<SenderFacts> {
  if (verdicts.length === 0) return { mail: new Map(), contacts: new Map(), groups: [], userGroups: [] };
  const beyond = verdicts.some(({ decision }) => !isCategory(decision))
    ? ports.book.groups.filter(({ href }) => !managedGroups.some((group) => group.href === href))
    : [];
  const [mail, contacts, groups, userGroups] = await Promise.all([
    readMail(verdicts, places, ports.mail, now),
    readContacts(verdicts, ports.book),
    readGroups(managedGroups, ports.book),
    ports.book.readGroups(beyond.map(({ href }) => href)),
  ]);
  return { mail, contacts, groups, userGroups };
}

/** Sender → contacts that have its address. */
export async function readContacts(
  verdicts: readonly Verdict[],
  book: AddressBook,
): Promise<ReadonlyMap<string, readonly Contact[]>> {
  const found = await book.findByAddress(verdicts.map(({ from }) => from.email));
  const bySender = new Map<string, Contact[]>(verdicts.map(({ sender }) => [sender, []]));
  for (const contact of found) {
    for (const address of new Set(contact.addresses.map(foldAddress))) bySender.get(address)?.push(contact);
  }
  return bySender;
}

/** Throws `transient` when a group went away since start-up: who leaves another one for it would be in none. */
async function readGroups(managed: readonly GroupSummary[], book: AddressBook): Promise<readonly Group[]> {
  const groups = await book.readGroups(managed.map(({ href }) => href));
  const lost = managed.find(({ name }) => !groups.some((group) => group.name === name));
  if (lost === undefined) return groups;
  throw new MailroomError({
    code: 'transient',
    message: `The contact group ${JSON.stringify(lost.name)} went away while the cycle was reading`,
  });
}

/**
 * Sender → its messages: the Screener and what is recent in managed mailboxes by listing them, older mail in managed
 * mailboxes by the server's search. Whatever was found is checked against the exact address.
 */
async function readMail(
  verdicts: readonly Verdict[],
  places: Places,
  mail: Mail,
  now: Date,
): Promise<ReadonlyMap<string, readonly Message[]>> {
  const bySender = new Map(verdicts.map(({ sender }) => [sender, new Map<string, Message>()]));
  for await (const page of mail.messages(sweepQueries(verdicts, places, now))) {
    for (const message of page) bySender.get(senderOf(message) ?? '')?.set(message.id, message);
  }
  return new Map([...bySender].map(([sender, messages]) => [sender, [...messages.values()]]));
}

function sweepQueries(verdicts: readonly Verdict[], places: Places, now: Date): readonly MessageQuery[] {
  const managed = [...managedMailboxes(places)];
  return [
    { inMailboxes: [places.screener] },
    { inMailboxes: managed, since: recently(now) },
    { inMailboxes: managed, from: verdicts.map(({ from }) => from.email) },
  ];
}

/** UTCDate since when mail may be missing from the server's search index. */
export function recently(now: Date): string {
  return utcDate(now.getTime() - RECENT_DAYS * 86_400_000);
}

/** RFC 8620, section 1.4. */
function utcDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
