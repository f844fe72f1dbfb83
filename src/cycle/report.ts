import { MailroomError } from '../errors';
import { plural } from '../printable';
import type { Objection } from '../triage/judge';
import type { CyclePlan } from '../triage/plan';
import type { SenderWork } from './sender-work';

/** What a cycle did, in counts. */
export interface CycleReport {
  readonly triaged: number;
  /** Messages filed, the labelled ones included. */
  readonly filed: number;
  readonly contactsCreated: number;
  readonly warned: number;
  readonly conflicts: number;
  readonly withoutSender: number;
  /** Labelled messages with several `From` addresses. */
  readonly severalSenders: number;
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
 * Counts what was done. Throws the first sender's failure when every sender failed: then something is wrong that is
 * no sender's fault.
 */
export function reportOn(plan: CyclePlan, work: readonly SenderWork[]): CycleReport {
  const done = work.filter(({ started, failure }) => started && failure === null);
  const failures = work.flatMap(({ failure }) => failure ?? []);
  const [first] = failures;
  if (first !== undefined && done.length === 0) {
    throw new MailroomError({
      code: first.code,
      message: `No sender could be triaged (${failures.length} of ${work.length} failed): ${first.message}`,
      hint: first.hint,
      cause: first,
    });
  }
  const refused = failures.filter(({ code }) => code === 'refused').length;
  return {
    triaged: done.length,
    filed: done.reduce((sum, { filed }) => sum + filed.size, 0),
    contactsCreated: done.filter(({ standing }) => standing.step.kind === 'create').length,
    warned: done.filter(({ plan: { warned } }) => warned).length,
    conflicts: plan.objections.filter(({ objection }) => objection.reason === 'conflict').length,
    withoutSender: countMessages(plan, 'no sender'),
    severalSenders: countMessages(plan, 'several senders'),
    leftAlone: plan.leftAlone,
    failed: failures.length - refused,
    refused,
    notStarted: work.filter(({ started }) => !started).length,
  };
}

/** One line for people: what was done, and what stands out. */
export function summarise(report: CycleReport): string {
  const { triaged, filed, conflicts, withoutSender, severalSenders, leftAlone, failed, refused, notStarted } = report;
  const remarks = [
    [conflicts, 'in conflict'],
    [withoutSender, 'without a usable From'],
    [severalSenders, 'with several From addresses'],
    [leftAlone, 'left alone with the error label'],
    [refused, 'refused by a server'],
    [failed, 'failed, to be tried again'],
    [notStarted, 'left for the next cycle'],
  ] as const;
  const standOut = remarks.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (triaged === 0 && standOut.length === 0) return 'Nothing to triage';
  return [`Triaged ${plural(triaged, 'sender')}, filed ${plural(filed, 'message')}`, ...standOut].join(', ');
}

function countMessages(plan: CyclePlan, reason: Objection['reason']): number {
  return plan.objections
    .filter(({ objection }) => objection.reason === reason)
    .reduce((sum, { changes }) => sum + changes.length, 0);
}
