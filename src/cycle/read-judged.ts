import { MailroomError } from '../errors';
import type { AddressBook, Mail, MessageQuery } from '../ports';
import { byAddress } from '../triage/by-address';
import type { Contact, Group, GroupSummary } from '../triage/contact';
import { isCategory } from '../triage/decision';
import type { Judgement, Verdict } from '../triage/judge';
import type { Message } from '../triage/message';
import { managedMailboxes, type Places } from '../triage/places';
import { outranks } from '../triage/ruling';
import { keyOf, type Subject, type SubjectKind, subjectsOf } from '../triage/subject';
import { decidersOf } from './deciders';
import type { Located } from './locate';
import { extrasFor, recently } from './read';

/** What a cycle reads about the senders, domains and lists that it has judged. */
export interface JudgedFacts {
  readonly mail: readonly Message[];
  readonly contacts: ReadonlyMap<string, readonly Contact[]>;
  readonly groups: readonly Group[];
  /** The groups that no category names; read only where a contact may go with its subject's verdict. */
  readonly userGroups: readonly Group[];
}

interface Ports {
  readonly mail: Mail;
  readonly book: AddressBook;
}

/** Reads mail, contacts and groups of the judged, both servers side by side. */
export async function readJudged(
  { verdicts }: Judgement,
  { places, managedGroups }: Located,
  { mail, book }: Ports,
  now: Date,
): Promise<JudgedFacts> {
  if (verdicts.length === 0) return { mail: [], contacts: new Map(), groups: [], userGroups: [] };
  const beyond = verdicts.some(({ decision }) => !isCategory(decision))
    ? book.groups.filter(({ href }) => !managedGroups.some((group) => group.href === href))
    : [];
  const [messages, contacts, groups, userGroups] = await Promise.all([
    readMail(verdicts, places, mail, now),
    readContacts(verdicts, book),
    readGroups(managedGroups, book),
    book.readGroups(beyond.map(({ href }) => href)),
  ]);
  const others = await readDeciders(messages, verdicts, places, book);
  return { mail: messages, contacts: new Map([...others, ...contacts]), groups, userGroups };
}

/** Contacts with the addresses of the judged, and of a domain those of all of its senders. */
async function readContacts(
  verdicts: readonly Verdict[],
  book: AddressBook,
): Promise<ReadonlyMap<string, readonly Contact[]>> {
  const ends = domainEnds(verdicts);
  const found = await book.findByAddress(
    verdicts.map(({ email }) => email),
    ends,
  );
  const addresses = new Set(verdicts.map(({ subject }) => subject.address));
  return byAddress(found, (address) => addresses.has(address) || ends.some((end) => address.endsWith(end)));
}

/**
 * Contacts of those whose verdicts decide about messages of the judged: a more exact verdict than that on a domain or a list,
 * or any where one is taken back. No request where nobody else can have a say.
 */
async function readDeciders(
  messages: readonly Message[],
  verdicts: readonly Verdict[],
  places: Places,
  book: AddressBook,
): Promise<ReadonlyMap<string, readonly Contact[]>> {
  const judged = new Map(verdicts.map((verdict) => [keyOf(verdict.subject), verdict]));
  const ends = domainEnds(verdicts);
  const addresses = new Set<string>();
  for (const message of [...messages, ...verdicts.flatMap(({ labelled }) => labelled)]) {
    const subjects = decidersOf(message, places);
    const verdict = subjects.map((subject) => judged.get(keyOf(subject))).find((one) => one !== undefined);
    if (verdict === undefined) continue;
    for (const subject of subjects) {
      const isKnown = judged.has(keyOf(subject)) || ends.some((end) => subject.address.endsWith(end));
      if (!isKnown && mayDecide(subject, verdict)) addresses.add(subject.address);
    }
  }
  if (addresses.size === 0) return new Map();
  return byAddress(await book.findByAddress([...addresses]), (address) => addresses.has(address));
}

/** A weaker verdict decides nothing, but where one is taken back, or the user's contacts are no spam though their domain is. */
function mayDecide(other: Subject, { subject, decision }: Verdict): boolean {
  const isFinal = isCategory(decision) || (decision === 'spam' && subject.kind === 'sender');
  return !isFinal || !outranks(subject, other);
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
 * The messages of the judged: the Screener and what is recent in managed mailboxes by listing them, older mail in managed
 * mailboxes by the server's search. Whatever was found is checked against the exact address or domain.
 */
async function readMail(
  verdicts: readonly Verdict[],
  places: Places,
  mail: Mail,
  now: Date,
): Promise<readonly Message[]> {
  const judged = new Set(verdicts.map(({ subject }) => keyOf(subject)));
  const found = new Map<string, Message>();
  for await (const page of mail.messages(mailQueries(verdicts, places, now), extrasFor(places))) {
    for (const message of page) {
      if (subjectsOf(message).some((subject) => judged.has(keyOf(subject)))) found.set(message.id, message);
    }
  }
  return [...found.values()];
}

function mailQueries(verdicts: readonly Verdict[], places: Places, now: Date): readonly MessageQuery[] {
  const managed = [...managedMailboxes(places)];
  const lists = emailsOf(verdicts, 'list');
  return [
    { inMailboxes: [places.screener] },
    { inMailboxes: managed, since: recently(now) },
    { inMailboxes: managed, from: [...emailsOf(verdicts, 'sender'), ...domainEnds(verdicts)] },
    ...(lists.length === 0 ? [] : [{ inMailboxes: managed, to: lists }]),
  ];
}

function emailsOf(verdicts: readonly Verdict[], kind: SubjectKind): readonly string[] {
  return verdicts.filter(({ subject }) => subject.kind === kind).map(({ email }) => email);
}

/** What the addresses of the judged domains end with: `@shop.example`. */
function domainEnds(verdicts: readonly Verdict[]): readonly string[] {
  return emailsOf(verdicts, 'domain').map((wholeDomain) => wholeDomain.slice(1));
}
