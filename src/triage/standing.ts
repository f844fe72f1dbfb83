import { domainOf, foldAddress } from './address';
import { chainOf } from './categories';
import type { Category } from './category';
import type { Contact, ContactEdit, Group, GroupSummary, NewContact } from './contact';
import { decisionName, isCategory } from './decision';
import { cleanName, namesDiffer, personName } from './display-name';
import { historyLine, historyOf } from './history';
import type { Verdict } from './judge';
import { type Release, releasesOf } from './release';
import { chosenContact, currentCategory } from './ruling';
import { groupOf, isSame, type Subject, type SubjectKind } from './subject';

/** What a subject's contact and groups are planned from. */
export interface StandingFacts {
  readonly verdict: Verdict;
  readonly categories: readonly Category[];
  /** All contacts with the address. */
  readonly contacts: readonly Contact[];
  /** All managed groups. */
  readonly groups: readonly Group[];
  /** The groups that no category names, where a contact may have to go. */
  readonly userGroups: readonly Group[];
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** The UID that a contact of Mailroom's for this address has. */
  readonly ownUid: string;
}

export type ContactStep =
  | { readonly kind: 'create'; readonly contact: NewContact }
  | { readonly kind: 'change'; readonly contact: Contact; readonly edit: ContactEdit }
  | { readonly kind: 'keep'; readonly contact: Contact }
  /** No contact has anything to do with it. */
  | { readonly kind: 'none' };

/** A contact in a group. */
export interface Membership {
  readonly group: GroupSummary;
  readonly uid: string;
}

/** A membership by which the server's rules find the contact. */
export interface Join extends Membership {
  readonly writtenUid: string;
}

/** One subject's place among the contacts: what is written to reach it. */
export interface Standing {
  readonly step: ContactStep;
  /** Name of the category that the subject was in; null for one that is new. */
  readonly from: string | null;
  /** What the subject is to be in: the chain's groups, of several with one name the first. */
  readonly memberships: readonly Join[];
  /** The memberships that are not there yet, or not in the one spelling that the server's rules find. */
  readonly joins: readonly Join[];
  readonly leaves: readonly Membership[];
  /** What is taken off contacts when all of the mail is where it belongs. */
  readonly releases: readonly Release[];
  /** True when a sender's contact has another name than the display name of a labelled message. */
  readonly nameDiffers: boolean;
}

/**
 * The groups whose rules a subject's contact must not be found by, but for those of its own verdict: a domain's counts as a
 * sender's too, where it is in a group of senders. A contact may serve an address both as a sender and as a list.
 */
const KINDS_OF_GROUPS: Readonly<Record<SubjectKind, readonly SubjectKind[]>> = {
  sender: ['sender'],
  domain: ['domain', 'sender'],
  list: ['list'],
};

/** Plans a subject's contact and its groups: joins the chain's groups, leaves the managed groups outside it. */
export function planStanding(facts: StandingFacts): Standing {
  const { verdict, groups, categories } = facts;
  const { decision, subject } = verdict;
  const releases = releasesFor(facts);
  const gone = releases.filter(({ deletable }) => deletable).map((release) => release.contact);
  const contact = chosenContact(
    facts.contacts.filter((one) => !gone.includes(one)),
    facts.ownUid,
  );
  const uids = facts.contacts.map(({ uid }) => uid);
  const chain = isCategory(decision) ? chainOf(decision, categories).map((one) => groupOf(one, subject.kind)) : [];
  const rival = new Set(KINDS_OF_GROUPS[subject.kind].flatMap((kind) => categories.map((one) => groupOf(one, kind))));
  const memberships = [...new Set(chain)]
    .flatMap((name) => groups.find((group) => group.name === name) ?? [])
    .map((group) => ({
      group,
      uid: contact?.uid ?? facts.ownUid,
      writtenUid: contact?.writtenUid ?? facts.ownUid,
    }));
  const leaves = groups
    .filter(({ name }) => rival.has(name) && !chain.includes(name))
    .flatMap((group) =>
      uids.filter((member) => group.members.includes(member)).map((member) => ({ group, uid: member })),
    );
  const before = currentCategory({ ...facts, kind: subject.kind })?.name ?? null;
  const from = before === decisionName(decision) ? null : before;
  return {
    step: stepFor(contact, facts, from),
    from,
    memberships,
    joins: memberships.filter(({ group, writtenUid }) => !group.writtenMembers.includes(writtenUid)),
    leaves,
    releases,
    nameDiffers:
      isCategory(decision) && subject.kind === 'sender' && contact !== undefined && differs(contact, verdict),
  };
}

function stepFor(contact: Contact | undefined, facts: StandingFacts, from: string | null): ContactStep {
  const { decision } = facts.verdict;
  if (decision === 'take back') return { kind: 'none' };
  if (contact === undefined)
    return isCategory(decision) ? { kind: 'create', contact: newContact(facts, decision) } : { kind: 'none' };
  const edit = editOf(contact, facts, from);
  return edit === undefined ? { kind: 'keep', contact } : { kind: 'change', contact, edit };
}

/** Who is unknown again leaves nothing behind; of spam, the user's own contacts keep their history. */
function releasesFor(facts: StandingFacts): readonly Release[] {
  const { verdict, contacts } = facts;
  if (isCategory(verdict.decision)) return [];
  const releases = releasesOf(contacts, { ...facts, subject: verdict.subject });
  return verdict.decision === 'spam' ? releases.filter(({ deletable }) => deletable) : releases;
}

/** What the verdict changes on a contact as it is now; undefined when nothing. */
export function editOf(contact: Contact, facts: StandingFacts, from: string | null): ContactEdit | undefined {
  const { verdict, today, ownUid } = facts;
  const category = decisionName(verdict.decision);
  const subject = lineSubject(verdict.subject, contact.uid === ownUid);
  const history = historyOf(contact.note, verdict.subject.kind);
  const since = history.findLastIndex((entry) => entry.category !== category) + 1;
  const repeated = history.slice(since).some((entry) => isSameOrNone(entry.subject, subject));
  const nameless = isCategory(verdict.decision) && (contact.formattedName ?? '').trim() === '';
  if (repeated && !nameless) return undefined;
  const how = contact.formattedName === null ? 'added' : 'filled';
  const name = nameless ? ({ how, name: nameFor(verdict) } as const) : null;
  return {
    addNoteLine: repeated ? undefined : historyLine({ date: today, category, from, subject, name }),
    formattedName: name?.name,
  };
}

function newContact({ verdict, today, ownUid }: StandingFacts, category: Category): NewContact {
  const { subject, email } = verdict;
  const isPerson = subject.kind === 'sender' && category.contactType === 'person';
  return {
    uid: ownUid,
    email,
    formattedName: nameFor(verdict),
    note: historyLine({
      date: today,
      category: category.name,
      from: null,
      subject: lineSubject(subject, true),
      name: null,
    }),
    personName: isPerson ? personName(displayName(verdict) ?? '') : null,
  };
}

/** Whom a line of history names: nobody on a contact of Mailroom's own, whose UID says it, but for a list. */
function lineSubject(subject: Subject, isOwn: boolean): Subject | null {
  return isOwn && subject.kind !== 'list' ? null : subject;
}

function isSameOrNone(one: Subject | null, other: Subject | null): boolean {
  return one === null || other === null ? one === other : isSame(one, other);
}

function nameFor(verdict: Verdict): string {
  const { subject, email } = verdict;
  if (subject.kind === 'domain') return domainOf(email);
  return (subject.kind === 'sender' ? displayName(verdict) : null) ?? email;
}

/** The display name of the newest labelled message that has one. */
function displayName({ labelled }: Verdict): string | null {
  return labelled.map((message) => cleanName(message.from?.[0]?.name ?? null)).find((name) => name !== null) ?? null;
}

/** An FN that only repeats the address is no name to compare with. */
function differs({ formattedName }: Contact, { subject, labelled }: Verdict): boolean {
  const known = cleanName(formattedName);
  if (known === null || foldAddress(known) === subject.address) return false;
  return labelled.some((message) => {
    const shown = cleanName(message.from?.[0]?.name ?? null);
    return shown !== null && namesDiffer(shown, known);
  });
}
