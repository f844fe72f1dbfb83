import type { Category } from './category';
import type { Contact, Group } from './contact';
import { destinationsOf, type Filing, fileBacklog, fileLabelled, takeLabelsOff, withLabelsOn } from './filing';
import type { Judgement, Objection, Verdict } from './judge';
import type { Message, MessageChange } from './message';
import type { Places } from './places';
import { hasCopiesInInbox } from './reset';
import { type Membership, planStanding, type Standing, type StandingFacts } from './standing';
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
  /** Sender → the contacts with its address. */
  readonly contacts: ReadonlyMap<string, readonly Contact[]>;
  readonly sweep: SweepFacts;
  /** Sender → its messages in the Screener and in managed mailboxes. May hold the labelled ones too. */
  readonly mail: ReadonlyMap<string, readonly Message[]>;
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  readonly warningsEnabled: boolean;
  /** The UID of Mailroom's own contact for an address. */
  readonly ownUid: (address: string) => string;
}

/** Everything that is written for one sender, in the order of the writes. */
export interface SenderPlan {
  readonly verdict: Verdict;
  readonly standing: Standing;
  readonly standingFacts: StandingFacts;
  readonly backlog: readonly MessageChange[];
  readonly labelled: readonly MessageChange[];
  /** True when the labelled messages get the warning label. */
  readonly warned: boolean;
}

/** Everything that a cycle writes. */
export interface CyclePlan {
  readonly senders: readonly SenderPlan[];
  readonly objections: readonly { readonly objection: Objection; readonly changes: readonly MessageChange[] }[];
  readonly leftAlone: number;
  /** Mail that slipped past the mail server's rules, of senders that have a verdict. */
  readonly sweeps: readonly Sweep[];
}

/** The whole cycle, planned from what was read. Pure: the same facts give the same plan. */
export function planCycle(facts: CycleFacts): CyclePlan {
  return {
    senders: withoutContradictions(facts.judgement.verdicts.map((verdict) => planSender(verdict, facts))),
    objections: facts.judgement.objections.map((objection) => ({
      objection,
      changes: objection.messages.map((message) => errorLabelOn(message, facts.places)),
    })),
    leftAlone: facts.judgement.leftAlone,
    sweeps: planSweep(facts.sweep, facts),
  };
}

/** Puts the error label on a message, while it has its triage label, and leaves everything else of it alone. */
export function errorLabelOn({ id, mailboxIds }: Message, { errorLabel, labels }: Places): MessageChange {
  return { id, add: [errorLabel], remove: [], whileIn: mailboxIds.filter((mailbox) => labels.has(mailbox)) };
}

function planSender(verdict: Verdict, facts: CycleFacts): SenderPlan {
  const { places, categories, groups, userGroups, today } = facts;
  const { decision, labelled } = verdict;
  const standingFacts: StandingFacts = {
    verdict,
    categories,
    contacts: facts.contacts.get(verdict.sender) ?? [],
    groups,
    userGroups,
    today,
    ownUid: facts.ownUid(verdict.sender),
  };
  const standing = planStanding(standingFacts);
  const filing: Filing = {
    decision,
    destinations: destinationsOf(decision, places, categories),
    places,
    outOfInbox:
      decision === 'take back' && standingFacts.contacts.some((contact) => hasCopiesInInbox(contact, categories)),
  };
  const warned = facts.warningsEnabled && standing.nameDiffers;
  const labelledIds = new Set(labelled.map(({ id }) => id));
  const backlog = (facts.mail.get(verdict.sender) ?? [])
    .filter(({ id }) => !labelledIds.has(id))
    .flatMap((message) => fileBacklog(message, filing) ?? []);
  const filed = labelled.map((message) => fileLabelled(message, filing, warned));
  const steps = decision === 'take back' ? inTwoSteps(backlog, filed, verdict, places) : { backlog, labelled: filed };
  return { verdict, standing, standingFacts, ...steps, warned };
}

/**
 * Where the labelled messages lay is told by the contacts' history, which goes before the labels do: they are moved with
 * the other mail, and keep their labels until the contacts are released.
 */
function inTwoSteps(
  backlog: readonly MessageChange[],
  filed: readonly MessageChange[],
  { labelled }: Verdict,
  places: Places,
): Pick<SenderPlan, 'backlog' | 'labelled'> {
  return {
    backlog: [...filed.map((change) => withLabelsOn(change, places)), ...backlog],
    labelled: labelled.map((message) => takeLabelsOff(message, places)),
  };
}

/**
 * A contact may have the addresses of two senders with two verdicts: it stays where either of them belongs, since
 * each leaving the other's groups could leave it in none.
 */
function withoutContradictions(senders: readonly SenderPlan[]): readonly SenderPlan[] {
  const key = ({ group, uid }: Membership): string => JSON.stringify([group.href, uid]);
  const wanted = new Set(senders.flatMap(({ standing }) => standing.memberships.map(key)));
  return senders.map((sender) => ({
    ...sender,
    standing: {
      ...sender.standing,
      leaves: sender.standing.leaves.filter((membership) => !wanted.has(key(membership))),
    },
  }));
}
