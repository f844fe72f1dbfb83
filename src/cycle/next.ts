import { plural } from '../printable';
import { type Caution, cautionText } from '../triage/caution';
import { type Decision, isCategory } from '../triage/decision';
import type { Objection } from '../triage/judge';
import type { CyclePlan, VerdictPlan } from '../triage/plan';
import { nameOf } from '../triage/subject';
import type { Sweep } from '../triage/sweep';
import { type Move, movesOf, NAMED, namedIn } from './describe-plan';

/** What the next cycle would do about a sender. */
export type Next = { readonly text: string } & (
  | {
      readonly does: 'triage' | 'take back' | 'spam';
      /** Where it is triaged to; null where the sender ends without a verdict. */
      readonly category: string | null;
      readonly from: string | null;
      readonly contact: 'create' | 'change' | 'keep' | 'none';
      /** Contacts that Mailroom made and that go. */
      readonly deletes: number;
      readonly joins: readonly string[];
      readonly leaves: readonly string[];
      readonly moves: readonly Move[];
      /** True when the labelled messages get the warning label. */
      readonly warned: boolean;
      /** Why they get it. */
      readonly cautions: readonly Caution[];
      /** Addresses of the user's own contacts that fall under a domain's verdict. */
      readonly under: readonly string[];
    }
  | { readonly does: 'object'; readonly categories: readonly string[]; readonly messages: number }
  | {
      /** Files what slipped past the mail server's rules. */
      readonly does: 'sweep';
      readonly category: string;
      readonly moves: readonly Move[];
    }
  | {
      readonly does: 'nothing';
      /** Labelled messages that wait for the user to take the error label off. */
      readonly leftAlone: number;
    }
);

/** Reads a cycle's plan for one sender, and in words for what else is judged with it. `names`: id of a mailbox → its name. */
export function nextFor(plan: CyclePlan, names: Names): Next {
  const {
    verdicts: [planned, ...others],
    objections,
    sweeps: [sweep],
    leftAlone,
  } = plan;
  const objected = objections.map(objectionStep);
  const waiting = `${plural(leftAlone, 'labelled message')} left alone until the error label is taken off`;
  if (planned !== undefined) {
    const facts = factsOf(planned, names);
    const besides = others.map((one) => `${nameOf(one.verdict.subject)}: ${headline(one.verdict.decision)}`);
    const steps = [...stepsOf(facts), ...besides, ...objected, ...(leftAlone > 0 ? [waiting] : [])];
    return { text: `${headline(planned.verdict.decision)}: ${steps.join('; ')}`, ...facts };
  }
  if (objections.length > 0) {
    const categories = objections.flatMap(({ objection }) => objection.categories);
    const messages = objections.reduce((sum, { changes }) => sum + changes.length, 0);
    return { does: 'object', text: objected.join('; '), categories, messages };
  }
  if (sweep !== undefined) {
    const { category, changes } = sweep;
    return { does: 'sweep', text: sweepStep(sweep, names), category: category.name, moves: movesOf(changes, names) };
  }
  const reason = leftAlone > 0 ? waiting : 'no message carries a triage label';
  return { does: 'nothing', text: `nothing: ${reason}`, leftAlone };
}

/** What will be written of one sender, a few words each. `names`: id of a mailbox → its name. */
export function triageSteps(planned: VerdictPlan, names: Names): readonly string[] {
  return stepsOf(factsOf(planned, names));
}

/** What will be written of mail that slipped past the rules. */
export function sweepStep({ changes }: Sweep, names: Names): string {
  return `file what slipped past the rules: ${movesOf(changes, names).map(stepOf).join('; ')}`;
}

/** What will be written of messages that Mailroom objects to. */
export function objectionStep({ objection, changes }: CyclePlan['objections'][number]): string {
  return `put the error label on ${plural(changes.length, 'message')}: ${objectionReason(objection)}`;
}

/** Why Mailroom objects to messages. */
export function objectionReason(objection: Objection): string {
  return OBJECTIONS[objection.reason](objection);
}

type Names = ReadonlyMap<string, string>;

function factsOf({ verdict, standing, backlog, labelled, cautions, under }: VerdictPlan, names: Names) {
  const { decision } = verdict;
  return {
    does: isCategory(decision) ? ('triage' as const) : decision,
    category: isCategory(decision) ? decision.name : null,
    from: standing.from,
    contact: standing.step.kind,
    deletes: standing.releases.filter(({ deletable }) => deletable).length,
    joins: standing.joins.map(({ group }) => group.name),
    leaves: standing.leaves.map(({ group }) => group.name),
    moves: movesOf([...labelled, ...backlog], names),
    warned: cautions.length > 0,
    cautions,
    under,
  };
}

function headline(decision: Decision): string {
  if (decision === 'take back') return 'take the verdict back';
  return decision === 'spam' ? 'take it for spam' : `triage to ${decision.name}`;
}

const OBJECTIONS: Readonly<Record<Objection['reason'], (objection: Objection) => string>> = {
  conflict: ({ categories }) => `the triage labels contradict each other (${categories.join(', ')})`,
  'no sender': () => 'no usable From',
  'several senders': ({ addresses, messages }) =>
    `${messages.length === 1 ? 'it has' : 'they have'} several From addresses (${addresses.slice(0, NAMED).join(', ')})`,
  'no junk mailbox': () => 'no mailbox has the role junk',
  'domain and list': () => 'the labels ask for a verdict on the domain and on the mailing list at once',
  'public domain': () => 'the addresses of this domain belong to people who have nothing to do with each other',
  'own domain': () => 'this domain is your own',
  'no list': () => 'it has no List-Post that says where its mailing list is posted to',
  'not addressed to its list': () => 'it is not addressed to the mailing list that its List-Post names',
  'verdict of its domain': () =>
    'the verdict is that of the whole domain; the label for whole domains beside this one takes that back',
  'verdict of its list': () =>
    'the verdict is that of the mailing list; the label for whole lists beside this one takes that back',
};

const CONTACT_STEPS = { create: 'make a contact', change: 'note it in the contact', keep: '', none: '' } as const;

function stepsOf(facts: Omit<Extract<Next, { contact: string }>, 'does' | 'text'>): readonly string[] {
  const { contact, deletes, joins, leaves, moves, cautions, under } = facts;
  return [
    CONTACT_STEPS[contact],
    deletes === 0 ? '' : 'delete the contact',
    joins.length === 0 ? '' : `join ${joins.join(', ')}`,
    leaves.length === 0 ? '' : `leave ${leaves.join(', ')}`,
    ...moves.map(stepOf),
    cautions.length === 0 ? '' : `warn that ${cautions.map(cautionText).join(', and that ')}`,
    under.length === 0 ? '' : `${plural(under.length, 'contact')} of your own fall under it: ${namedIn(under)}`,
  ].filter((step) => step !== '');
}

function stepOf({ messages, add, remove }: Move): string {
  const into = add.length === 0 ? '' : ` into ${add.join(', ')}`;
  const outOf = remove.length === 0 ? '' : ` out of ${remove.join(', ')}`;
  return `${plural(messages, 'message')}${outOf}${into}`;
}
