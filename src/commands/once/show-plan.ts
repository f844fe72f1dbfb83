import type { Settings } from '../../config';
import type { Log } from '../../log';
import type { Mailbox } from '../../ports';
import { redaction } from '../../redaction';
import type { CyclePlan } from '../../triage/plan';
import { printOn, type Runtime } from '../../wiring/runtime';
import { secretsOf } from '../../wiring/secrets';

export type ShowPlan = (plan: CyclePlan, mailboxes: readonly Mailbox[]) => void;

export interface ShowPlanOptions {
  readonly settings: Settings;
  readonly log: Log;
  /** In words on stdout, instead of records of the log. */
  readonly forPerson: boolean;
}

/** What shows a plan that is not to be done. */
export async function showPlanOn(runtime: Runtime, { settings, log, forPerson }: ShowPlanOptions): Promise<ShowPlan> {
  if (!forPerson) {
    const { describePlan } = await import('../../cycle/describe-plan');
    return (plan, mailboxes) => {
      for (const { text, fields } of describePlan(plan, mailboxes)) log.info(text, fields);
    };
  }
  const [{ planLines }, { screenOf }] = await Promise.all([import('./plan-lines'), import('../../screen/screen')]);
  const print = printOn(runtime);
  const redact = redaction(secretsOf(settings), '[redacted]');
  return (plan, mailboxes) => {
    for (const line of planLines(plan, mailboxes, screenOf(runtime))) print(redact(line));
  };
}
