import { MailroomError } from '../errors';
import { plural } from '../printable';
import { isCategory } from '../triage/decision';
import type { ObjectionReason } from '../triage/judge';
import type { CyclePlan } from '../triage/plan';
import type { SubjectKind } from '../triage/subject';
import type { VerdictWork } from './verdict-work';

/** What a cycle did, in counts. */
export interface CycleReport {
  /** Senders. */
  readonly triaged: number;
  readonly domains: number;
  readonly lists: number;
  /** Senders, domains and lists whose verdict was taken back. */
  readonly takenBack: number;
  /** Senders, domains and lists that were taken for spam. */
  readonly spam: number;
  /** Messages filed, the labelled ones included. */
  readonly filed: number;
  /** Messages filed besides, which had slipped past the mail server's rules. */
  readonly swept: number;
  readonly contactsCreated: number;
  readonly warned: number;
  readonly conflicts: number;
  readonly withoutSender: number;
  /** Labelled messages with several `From` addresses. */
  readonly severalSenders: number;
  /** Messages of spam for which there is no junk mailbox. */
  readonly withoutJunk: number;
  /** Messages that ask for a verdict on a domain or a list that cannot be given, or to take back what is not there. */
  readonly impossible: number;
  /** Labelled messages that wait for the user to take the error label off. */
  readonly leftAlone: number;
  /** Senders that wait for the next cycle after a failure. */
  readonly failed: number;
  /** Senders that a server refuses. */
  readonly refused: number;
  /** Senders that wait for the next cycle because this one was stopped. */
  readonly notStarted: number;
}

/**
 * Counts what was done. Throws the first failure when every verdict failed: then something is wrong that is
 * no sender's fault.
 */
export function reportOn(plan: CyclePlan, work: readonly VerdictWork[], swept: number): CycleReport {
  const done = work.filter(({ started, failure }) => started && failure === null);
  const failures = work.flatMap(({ failure }) => failure ?? []);
  const [first] = failures;
  if (first !== undefined && done.length === 0) {
    throw new MailroomError({
      code: first.code,
      message: `Nothing could be triaged (${failures.length} of ${work.length} failed): ${first.message}`,
      hint: first.hint,
      cause: first,
    });
  }
  const triaged = (kind: SubjectKind) =>
    done.filter(({ plan: { verdict } }) => isCategory(verdict.decision) && verdict.subject.kind === kind).length;
  const refused = failures.filter(({ code }) => code === 'refused').length;
  return {
    triaged: triaged('sender'),
    domains: triaged('domain'),
    lists: triaged('list'),
    takenBack: done.filter(({ plan: { verdict } }) => verdict.decision === 'take back').length,
    spam: done.filter(({ plan: { verdict } }) => verdict.decision === 'spam').length,
    filed: done.reduce((sum, { filed }) => sum + filed.size, 0),
    swept,
    contactsCreated: done.filter(({ standing }) => standing.step.kind === 'create').length,
    warned: done.filter(({ plan: { cautions } }) => cautions.length > 0).length,
    conflicts: plan.objections.filter(({ objection }) => CONFLICTS.includes(objection.reason)).length,
    withoutSender: countMessages(plan, 'no sender'),
    severalSenders: countMessages(plan, 'several senders'),
    withoutJunk: countMessages(plan, 'no junk mailbox'),
    impossible: countMessages(plan, ...IMPOSSIBLE),
    leftAlone: plan.leftAlone,
    failed: failures.length - refused,
    refused,
    notStarted: work.filter(({ started }) => !started).length,
  };
}

const CONFLICTS: readonly ObjectionReason[] = ['conflict', 'domain and list'];

const IMPOSSIBLE: readonly ObjectionReason[] = [
  'public domain',
  'own domain',
  'no list',
  'not addressed to its list',
  'verdict of its domain',
  'verdict of its list',
];

/** One line for people: what was done, and what stands out. */
export function summarise(report: CycleReport): string {
  const remarks = [
    [report.contactsCreated, report.contactsCreated === 1 ? 'contact made' : 'contacts made'],
    [report.warned, 'with a warning'],
    [report.swept, 'filed that had slipped past the rules'],
    [report.takenBack, 'taken back'],
    [report.spam, 'taken for spam'],
    [report.conflicts, 'in conflict'],
    [report.withoutSender, 'without a usable From'],
    [report.severalSenders, 'with several From addresses'],
    [report.withoutJunk, 'spam without a junk mailbox'],
    [report.impossible, 'asking for what cannot be'],
    [report.leftAlone, 'left alone with the error label'],
    [report.refused, 'refused by a server'],
    [report.failed, 'failed, to be tried again'],
    [report.notStarted, 'left for the next cycle'],
  ] as const;
  const { triaged, domains, lists, filed } = report;
  const who = [
    ...(triaged === 0 && domains + lists > 0 ? [] : [plural(triaged, 'sender')]),
    ...(domains === 0 ? [] : [plural(domains, 'domain')]),
    ...(lists === 0 ? [] : [plural(lists, 'mailing list')]),
  ];
  const done =
    triaged + domains + lists + filed === 0 ? [] : [`Triaged ${who.join(', ')}, filed ${plural(filed, 'message')}`];
  return [...done, ...counts(remarks)].join(', ') || NOTHING;
}

/** One line for people: what a plan would do. */
export function summarisePlan({ verdicts, objections, sweeps, leftAlone }: CyclePlan): string {
  const parts = counts([
    [verdicts.length, 'to triage'],
    [sweeps.length, 'whose mail slipped past the rules'],
    [objections.length, 'to object to'],
    [leftAlone, 'left alone with the error label'],
  ]);
  return `Nothing was written: ${parts.join(', ') || 'nothing to triage'}`;
}

const NOTHING = 'Nothing to triage';

function counts(remarks: readonly (readonly [count: number, what: string])[]): readonly string[] {
  return remarks.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

function countMessages(plan: CyclePlan, ...reasons: readonly ObjectionReason[]): number {
  return plan.objections
    .filter(({ objection }) => reasons.includes(objection.reason))
    .reduce((sum, { changes }) => sum + changes.length, 0);
}
