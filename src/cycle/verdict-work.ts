import { MailroomError } from '../errors';
import type { VerdictPlan } from '../triage/plan';
import type { Standing } from '../triage/standing';

/** One verdict on its way through a cycle's writes. The only state of a cycle that changes. */
export interface VerdictWork {
  readonly plan: VerdictPlan;
  /** Planned anew when somebody else was faster. */
  standing: Standing;
  started: boolean;
  /** How many groups it has yet to join. */
  joinsLeft: number;
  /** Ids of the messages filed so far, the labelled ones included. */
  readonly filed: Set<string>;
  failure: MailroomError | null;
}

export function workOn(plan: VerdictPlan): VerdictWork {
  return { plan, standing: plan.standing, started: false, joinsLeft: 0, filed: new Set(), failure: null };
}

/** Verdicts that go on to the next step. */
export function inHand(work: readonly VerdictWork[]): readonly VerdictWork[] {
  return work.filter(({ started, failure }) => started && failure === null);
}

/**
 * Records what stopped one verdict, so that the others go on. What stops everybody is thrown again: rejected
 * credentials, settings, and defects.
 */
export function recordFailure(verdicts: readonly VerdictWork[], error: unknown): void {
  const systemic = !(error instanceof MailroomError) || error.code === 'credentials' || error.code === 'settings';
  if (systemic) throw error;
  for (const verdict of verdicts) verdict.failure ??= error;
}
