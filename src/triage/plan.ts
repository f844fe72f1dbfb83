import type { Category } from './category';
import type { Caution } from './caution';
import type { Contact, Group } from './contact';
import { decisionName, isCategory } from './decision';
import { readHistory } from './history';
import type { Judgement, Objection, ObjectionReason, Verdict } from './judge';
import type { Message, MessageChange } from './message';
import type { Places } from './places';
import type { CautionsOf } from './plan-cautions';
import { type MailFacts, mailByVerdict, planMail } from './plan-mail';
import { isOfSubject } from './release';
import { hasCopiesInInbox } from './reset';
import { addressesUnder, categoriesAfter, categoriesBy, type Ruling, rulingOn } from './ruling';
import { type Membership, planStanding, type Standing, type StandingFacts } from './standing';
import { keyOf } from './subject';
import { planSweep, type Sweep, type SweepFacts } from './sweep';

/** Everything that was read before the first write. */
export interface CycleFacts {
  readonly places: Places;
  readonly categories: readonly Category[];
  readonly judgement: Judgement;
  /** All managed groups. */
  readonly groups: readonly Group[];
  /** The groups that no category names; empty where no contact goes. */
  readonly userGroups: readonly Group[];
  /**
   * Folded address → the contacts with it: the addresses of the judged subjects, and of all whose verdicts may decide about a
   * message of theirs.
   */
  readonly contacts: ReadonlyMap<string, readonly Contact[]>;
  readonly sweep: SweepFacts;
  readonly cautionsOf: CautionsOf;
  /** The messages of the judged subjects in the Screener and in managed mailboxes, each once. May hold the labelled ones too. */
  readonly mail: readonly Message[];
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  readonly warningsEnabled: boolean;
  /** The UID of Mailroom's own contact for an address. */
  readonly ownUid: (address: string) => string;
}

/** Everything that is written for one verdict, be it on a sender, a domain or a list, in the order of the writes. */
export interface VerdictPlan {
  readonly verdict: Verdict;
  readonly standing: Standing;
  readonly standingFacts: StandingFacts;
  readonly backlog: readonly MessageChange[];
  readonly labelled: readonly MessageChange[];
  /** Why the labelled messages get the warning label; empty where they get none. */
  readonly cautions: readonly Caution[];
  /** Addresses of the user's own contacts that fall under the verdict on their domain, having none of their own. */
  readonly under: readonly string[];
}

/** Everything that a cycle writes. */
export interface CyclePlan {
  readonly verdicts: readonly VerdictPlan[];
  readonly objections: readonly { readonly objection: Objection; readonly changes: readonly MessageChange[] }[];
  readonly leftAlone: number;
  /** Mail that slipped past the mail server's rules, of senders that have a verdict. */
  readonly sweeps: readonly Sweep[];
}

/** The whole cycle, planned from what was read. Pure: the same facts give the same plan. */
export function planCycle(facts: CycleFacts): CyclePlan {
  const { judgement, places, categories } = facts;
  const contactsOf = (address: string) => facts.contacts.get(address) ?? [];
  const categoryAfter = categoriesAfter(categoriesBy({ ...facts, contactsOf }), judgement.verdicts);
  const mailFacts: MailFacts = {
    places,
    categories,
    rulingAfter: (message) => rulingOn(message, categoryAfter, categories),
    isContact: (sender) => contactsOf(sender).length > 0,
  };
  const { standings, objections } = withoutObjections(facts, mailFacts.rulingAfter);
  const labelled = [
    ...judgement.verdicts.map((one) => one.labelled),
    ...judgement.objections.map((one) => one.messages),
  ];
  const mail = mailByVerdict(
    facts.mail,
    standings.map(({ verdict }) => verdict),
    new Set(labelled.flat().map(({ id }) => id)),
  );
  const planned = standings.map((one) => {
    const { subject, decision } = one.verdict;
    const ofDomain = subject.kind === 'domain' && isCategory(decision);
    return {
      ...planSubject(one, mail.get(keyOf(subject)) ?? [], facts, mailFacts),
      under: ofDomain ? addressesUnder(subject, [...facts.contacts.values()].flat(), categoryAfter) : [],
    };
  });
  return {
    verdicts: withoutContradictions(planned),
    objections: [...judgement.objections, ...objections].map((objection) => ({
      objection,
      changes: objection.messages.map((message) => errorLabelOn(message, places)),
    })),
    leftAlone: judgement.leftAlone,
    sweeps: planSweep(facts.sweep, facts),
  };
}

/** Puts the error label on a message, while it has its triage label, and leaves everything else of it alone. */
export function errorLabelOn({ id, mailboxIds }: Message, { errorLabel, labels }: Places): MessageChange {
  return { id, add: [errorLabel], remove: [], whileIn: mailboxIds.filter((mailbox) => labels.has(mailbox)) };
}

/** One verdict, with what it comes to among the contacts. */
interface Standings {
  readonly verdict: Verdict;
  readonly standingFacts: StandingFacts;
  readonly standing: Standing;
}

function standingOf(verdict: Verdict, facts: CycleFacts): Standings {
  const { address } = verdict.subject;
  const { categories, groups, userGroups, today } = facts;
  const contacts = facts.contacts.get(address) ?? [];
  const standingFacts = { verdict, categories, contacts, groups, userGroups, today, ownUid: facts.ownUid(address) };
  return { verdict, standingFacts, standing: planStanding(standingFacts) };
}

/** The verdicts that are carried out, and what is to be said of the others. */
function withoutObjections(facts: CycleFacts, rulingAfter: (message: Message) => Ruling | undefined) {
  const standings = facts.judgement.verdicts.map((verdict) => standingOf(verdict, facts));
  const objections = standings.flatMap((one): readonly Objection[] => {
    const reason = objectionTo(one, rulingAfter);
    const { subject, decision, labelled } = one.verdict;
    if (reason === null) return [];
    return [{ reason, subject, addresses: [], categories: [decisionName(decision)], messages: labelled }];
  });
  const objected = new Set(objections.map(({ messages }) => messages));
  return { standings: standings.filter(({ verdict }) => !objected.has(verdict.labelled)), objections };
}

/**
 * What speaks against taking a sender's verdict back: that it has none, as that is its domain's or a list's, by which its
 * mail would come back at once.
 */
function objectionTo(
  { verdict: { subject, decision, labelled }, standing: { leaves, releases } }: Standings,
  rulingAfter: (message: Message) => Ruling | undefined,
): ObjectionReason | null {
  if (decision !== 'take back' || subject.kind !== 'sender' || leaves.length + releases.length > 0) return null;
  const kinds = labelled.map((message) => rulingAfter(message)?.subject.kind);
  if (kinds.includes(undefined)) return null;
  return kinds.includes('domain') ? 'verdict of its domain' : 'verdict of its list';
}

function planSubject(
  { verdict, standingFacts, standing }: Standings,
  backlog: readonly Message[],
  facts: CycleFacts,
  mailFacts: MailFacts,
): Omit<VerdictPlan, 'under'> {
  const { subject } = verdict;
  const differs = standing.nameDiffers ? [{ kind: 'name differs' } as const] : [];
  const cautions = facts.warningsEnabled ? [...differs, ...facts.cautionsOf(standingFacts, backlog)] : [];
  const history = standingFacts.contacts.flatMap((contact) =>
    readHistory(contact.note).filter((entry) => isOfSubject(entry, contact, { subject, ownUid: standingFacts.ownUid })),
  );
  const past = {
    wasTriaged: standing.leaves.length + history.length > 0,
    hasCopiesInInbox: hasCopiesInInbox(history, facts.categories),
  };
  const mail = planMail(verdict, backlog, past, mailFacts, cautions.length > 0);
  return { verdict, standing, standingFacts, ...mail, cautions };
}

/**
 * A contact may have the addresses of two senders with two verdicts: it stays where either of them belongs, since
 * each leaving the other's groups could leave it in none.
 */
function withoutContradictions(plans: readonly VerdictPlan[]): readonly VerdictPlan[] {
  const key = ({ group, uid }: Membership): string => JSON.stringify([group.href, uid]);
  const wanted = new Set(plans.flatMap(({ standing }) => standing.memberships.map(key)));
  return plans.map((plan) => ({
    ...plan,
    standing: {
      ...plan.standing,
      leaves: plan.standing.leaves.filter((membership) => !wanted.has(key(membership))),
    },
  }));
}
