import { foldAddress } from './address';
import { chainOf } from './categories';
import type { Category } from './category';
import type { Contact, ContactEdit, Group, GroupSummary, NewContact } from './contact';
import { decisionName, isCategory } from './decision';
import { cleanName, namesDiffer, personName } from './display-name';
import { historyLine, readHistory } from './history';
import type { Verdict } from './judge';
import { compareTexts } from './order';
import { type Release, releasesOf } from './release';

/** What a sender's contact and groups are planned from. */
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
  /** The UID that a contact of Mailroom's for this sender has. */
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

/** One sender's place among the contacts: what is written to reach it. */
export interface Standing {
  readonly step: ContactStep;
  /** Names of the categories the sender was in; null for one that is new. */
  readonly from: string | null;
  /** What the sender is to be in: the chain's groups, of several with one name the first. */
  readonly memberships: readonly Join[];
  /** The memberships that are not there yet, or not in the one spelling that the server's rules find. */
  readonly joins: readonly Join[];
  readonly leaves: readonly Membership[];
  /** What is taken off contacts when all of the sender's mail is where it belongs. */
  readonly releases: readonly Release[];
  /** True when the contact's name is not the display name of a labelled message. */
  readonly nameDiffers: boolean;
}

/** Plans a sender's contact and its groups: joins the chain's groups, leaves the managed groups outside it. */
export function planStanding(facts: StandingFacts): Standing {
  const { verdict, groups } = facts;
  const { decision } = verdict;
  const releases = releasesFor(facts);
  const gone = releases.filter(({ deletable }) => deletable).map((release) => release.contact);
  const contact = chosenContact(
    facts.contacts.filter((one) => !gone.includes(one)),
    facts.ownUid,
  );
  const uids = facts.contacts.map(({ uid }) => uid);
  const chain = isCategory(decision) ? chainOf(decision, facts.categories).map(({ group }) => group) : [];
  const memberships = [...new Set(chain)]
    .flatMap((name) => groups.find((group) => group.name === name) ?? [])
    .map((group) => ({
      group,
      uid: contact?.uid ?? facts.ownUid,
      writtenUid: contact?.writtenUid ?? facts.ownUid,
    }));
  const leaves = groups
    .filter((group) => !chain.includes(group.name))
    .flatMap((group) =>
      uids.filter((member) => group.members.includes(member)).map((member) => ({ group, uid: member })),
    );
  const before = currentCategory(facts)?.name ?? null;
  const from = before === decisionName(decision) ? null : before;
  return {
    step: stepFor(contact, facts, from),
    from,
    memberships,
    joins: memberships.filter(({ group, writtenUid }) => !group.writtenMembers.includes(writtenUid)),
    leaves,
    releases,
    nameDiffers: isCategory(decision) && contact !== undefined && differs(contact, verdict),
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

/** A sender that is unknown again leaves nothing behind; of one that is spam, the user's own contacts keep their history. */
function releasesFor(facts: StandingFacts): readonly Release[] {
  const { verdict, contacts } = facts;
  if (isCategory(verdict.decision)) return [];
  const releases = releasesOf(contacts, { ...facts, sender: verdict.sender });
  return verdict.decision === 'spam' ? releases.filter(({ deletable }) => deletable) : releases;
}

/** What the verdict changes on a contact as it is now; undefined when nothing. */
export function editOf(contact: Contact, facts: StandingFacts, from: string | null): ContactEdit | undefined {
  const { verdict, today, ownUid } = facts;
  const category = decisionName(verdict.decision);
  const sender = contact.uid === ownUid ? null : verdict.sender;
  const history = readHistory(contact.note);
  const since = history.findLastIndex((entry) => entry.category !== category) + 1;
  const repeated = history.slice(since).some((entry) => entry.sender === sender);
  const nameless = isCategory(verdict.decision) && (contact.formattedName ?? '').trim() === '';
  if (repeated && !nameless) return undefined;
  const how = contact.formattedName === null ? 'added' : 'filled';
  const name = nameless ? ({ how, name: nameFor(verdict) } as const) : null;
  return {
    addNoteLine: repeated ? undefined : historyLine({ date: today, category, from, sender, name }),
    formattedName: name?.name,
  };
}

/** Of several contacts: Mailroom's own, else the one whose UID sorts first. */
export function chosenContact(contacts: readonly Contact[], ownUid: string): Contact | undefined {
  const sorted = [...contacts].sort((one, other) => compareTexts(one.uid, other.uid));
  return sorted.find(({ uid }) => uid === ownUid) ?? sorted[0];
}

/** The category that a sender's contacts are in by their groups; undefined for a sender in none. */
export function currentCategory({
  categories,
  contacts,
  groups,
  ownUid,
}: Pick<StandingFacts, 'categories' | 'contacts' | 'groups' | 'ownUid'>): Category | undefined {
  const memberOf = groups
    .filter(({ members }) => contacts.some(({ uid }) => members.includes(uid)))
    .map(({ name }) => name);
  const remembered = readHistory(chosenContact(contacts, ownUid)?.note ?? '').at(-1)?.category;
  const current = categories.filter(({ group }) => memberOf.includes(group));
  // Two categories may share a group: the note says which of them it was.
  return current.find(({ name }) => name === remembered) ?? current[0];
}

function newContact({ verdict, today, ownUid }: StandingFacts, category: Category): NewContact {
  const { from } = verdict;
  return {
    uid: ownUid,
    email: from.email,
    formattedName: nameFor(verdict),
    note: historyLine({ date: today, category: category.name, from: null, sender: null, name: null }),
    personName: category.contactType === 'person' ? personName(displayName(verdict) ?? '') : null,
  };
}

function nameFor(verdict: Verdict): string {
  return displayName(verdict) ?? verdict.from.email;
}

/** The display name of the newest labelled message that has one. */
function displayName({ labelled }: Verdict): string | null {
  return labelled.map((message) => cleanName(message.from?.[0]?.name ?? null)).find((name) => name !== null) ?? null;
}

/** An FN that only repeats the address is no name to compare with. */
function differs({ formattedName }: Contact, { sender, labelled }: Verdict): boolean {
  const known = cleanName(formattedName);
  if (known === null || foldAddress(known) === sender) return false;
  return labelled.some((message) => {
    const shown = cleanName(message.from?.[0]?.name ?? null);
    return shown !== null && namesDiffer(shown, known);
  });
}
