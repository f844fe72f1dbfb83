import { foldAddress, isWholeDomain, wholeDomainOf } from './address';
import type { Category } from './category';
import type { Contact, Group } from './contact';
import { isCategory } from './decision';
import { historyOf } from './history';
import type { Verdict } from './judge';
import type { Message } from './message';
import { compareTexts } from './order';
import { groupOf, keyOf, SUBJECT_KINDS, type Subject, type SubjectKind, senderSubject, subjectsOf } from './subject';
import { prevailing } from './tellable';

/** The verdict that a message falls under, and whose it is. */
export interface Ruling {
  readonly subject: Subject;
  readonly category: Category;
}

/** The category of a subject's own verdict; undefined without one. */
export type CategoryOf = (subject: Subject) => Category | undefined;

/**
 * The verdict that rules a message: its sender's own, else its domain's, else that of a list that it is addressed to.
 * Nothing else says what wins.
 */
export function rulingOn(
  message: Message,
  categoryOf: CategoryOf,
  categories: readonly Category[],
): Ruling | undefined {
  const rulings = subjectsOf(message).flatMap((subject) => {
    const category = categoryOf(subject);
    return category === undefined ? [] : [{ subject, category }];
  });
  const [first] = rulings;
  if (first?.subject.kind !== 'list') return first;
  const category = prevailing(
    rulings.map((ruling) => ruling.category),
    'list',
    categories,
  );
  return rulings.find((ruling) => ruling.category === category);
}

/** True where the verdict on `one` wins over that on `other`, whatever they are. */
export function outranks(one: Subject, other: Subject): boolean {
  return SUBJECT_KINDS.indexOf(one.kind) < SUBJECT_KINDS.indexOf(other.kind);
}

/** What contacts and their groups say. */
export interface Standings {
  readonly categories: readonly Category[];
  /** The contacts with that address. */
  readonly contactsOf: (address: string) => readonly Contact[];
  /** All managed groups; others do no harm. */
  readonly groups: readonly Group[];
  /** The UID of Mailroom's own contact for an address. */
  readonly ownUid: (address: string) => string;
}

/** The categories of subjects by the groups that their contacts are in. */
export function categoriesBy({ contactsOf, ownUid, ...standings }: Standings): CategoryOf {
  const known = new Map<string, Category | undefined>();
  return (subject) => {
    const key = keyOf(subject);
    if (!known.has(key)) {
      const { address } = subject;
      const contacts = contactsOf(address);
      known.set(key, currentCategory({ ...standings, kind: subject.kind, contacts, ownUid: ownUid(address) }));
    }
    return known.get(key);
  };
}

/** The same when all of the verdicts are carried out. */
export function categoriesAfter(before: CategoryOf, verdicts: readonly Verdict[]): CategoryOf {
  const judged = new Map(verdicts.map(({ subject, decision }) => [keyOf(subject), decision]));
  return (subject) => {
    const decision = judged.get(keyOf(subject));
    if (decision === undefined) return before(subject);
    return isCategory(decision) ? decision : undefined;
  };
}

interface SubjectStandings extends Pick<Standings, 'categories' | 'groups'> {
  readonly kind: SubjectKind;
  readonly contacts: readonly Contact[];
  readonly ownUid: string;
}

/**
 * The category that a subject's contacts are in by the groups of its kind; undefined for one in none. A domain's contact
 * that is in a group of senders counts as one of these, as it does for the rules of mail servers.
 */
export function currentCategory({
  kind,
  categories,
  contacts,
  groups,
  ownUid,
}: SubjectStandings): Category | undefined {
  const memberOf = groups
    .filter(({ members }) => contacts.some(({ uid }) => members.includes(uid)))
    .map(({ name }) => name);
  if (memberOf.length === 0) return undefined;
  const remembered = historyOf(chosenContact(contacts, ownUid)?.note ?? '', kind).at(-1)?.category;
  const inGroupsOf = (one: SubjectKind) => {
    const current = categories.filter((category) => memberOf.includes(groupOf(category, one)));
    // Two categories may share a group: the note says which of them it was.
    return current.find(({ name }) => name === remembered) ?? current[0];
  };
  return (kind === 'domain' ? inGroupsOf('sender') : undefined) ?? inGroupsOf(kind);
}

/** Of several contacts: Mailroom's own, else the one whose UID sorts first. */
export function chosenContact(contacts: readonly Contact[], ownUid: string): Contact | undefined {
  const sorted = [...contacts].sort((one, other) => compareTexts(one.uid, other.uid));
  return sorted.find(({ uid }) => uid === ownUid) ?? sorted[0];
}

/** Addresses of contacts at that domain that have no verdict of their own, so that they fall under the domain's. */
export function addressesUnder(
  { address: wholeDomain }: Subject,
  contacts: readonly Contact[],
  categoryOf: CategoryOf,
): readonly string[] {
  const addresses = new Set(contacts.flatMap((contact) => contact.addresses.map(foldAddress)));
  return [...addresses]
    .filter((address) => !isWholeDomain(address) && wholeDomainOf(address) === wholeDomain)
    .filter((address) => categoryOf(senderSubject(address)) === undefined)
    .sort(compareTexts);
}
