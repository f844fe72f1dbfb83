import type { SenderWork } from '../../cycle/sender-work';
import { plural } from '../../printable';
import { sentence } from '../../screen/lines';
import type { Screen } from '../../screen/screen';
import { decisionName } from '../../triage/decision';
import { compareTexts } from '../../triage/order';

/** What was done for a person to read: a sentence for each sender that was triaged, in the order of their addresses. */
export function workLines(work: readonly SenderWork[], screen: Screen): readonly string[] {
  return work
    .filter(({ started, failure }) => started && failure === null)
    .toSorted((one, other) => compareTexts(one.plan.verdict.sender, other.plan.verdict.sender))
    .flatMap(({ plan: { verdict, warned }, standing: { from, step }, filed }) => {
      const facts = [
        from === null ? '' : `it was in ${from}`,
        step.kind === 'create' ? 'contact made' : '',
        `${plural(filed.size, 'message')} filed`,
        warned ? 'with a warning' : '',
      ];
      const text = facts.filter((fact) => fact !== '').join(', ');
      return sentence(`${verdict.sender} → ${decisionName(verdict.decision)}: ${text}`, screen);
    });
}
