import { byWhom, partyIn } from '../../cycle/describe-plan';
import { objectionStep, sweepStep, triageSteps } from '../../cycle/next';
import type { Mailbox } from '../../ports';
import { sentence } from '../../screen/lines';
import type { Screen } from '../../screen/screen';
import { decisionName } from '../../triage/decision';
import { compareTexts } from '../../triage/order';
import type { CyclePlan } from '../../triage/plan';
import { keyOf, nameOf } from '../../triage/subject';

/** The plan for a person: each verdict on a line, and below it what would be written, step by step. */
export function planLines(plan: CyclePlan, mailboxes: readonly Mailbox[], screen: Screen): readonly string[] {
  const names = new Map(mailboxes.map(({ id, name }) => [id, name]));
  const narrower = { ...screen, width: screen.width === undefined ? undefined : screen.width - INDENT.length };
  const block = (who: string, what: string, steps: readonly string[]): readonly string[] => [
    ...sentence(what === '' ? who : `${who} → ${what}`, screen).map(screen.style.title),
    ...steps.flatMap((step) => sentence(step, narrower)).map((line) => INDENT + line),
  ];
  return [
    ...plan.verdicts
      .toSorted((one, other) => compareTexts(keyOf(one.verdict.subject), keyOf(other.verdict.subject)))
      .flatMap((planned) =>
        block(nameOf(planned.verdict.subject), decisionName(planned.verdict.decision), triageSteps(planned, names)),
      ),
    ...plan.sweeps.flatMap((sweep) =>
      block(sweep.sender, sweep.category.name + byWhom(sweep.subject), [sweepStep(sweep, names)]),
    ),
    ...plan.objections.flatMap((objected) => block(partyIn(objected.objection), '', [objectionStep(objected)])),
  ];
}

const INDENT = '  ';
