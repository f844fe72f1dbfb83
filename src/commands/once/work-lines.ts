import { namedIn } from '../../cycle/describe-plan';
import type { VerdictWork } from '../../cycle/verdict-work';
import { plural } from '../../printable';
import { sentence } from '../../screen/lines';
import type { Screen } from '../../screen/screen';
import { cautionText } from '../../triage/caution';
import { decisionName } from '../../triage/decision';
import { compareTexts } from '../../triage/order';
import { keyOf, nameOf } from '../../triage/subject';

/** What was done for a person to read: a sentence for each sender that was triaged, in the order of their addresses. */
export function workLines(work: readonly VerdictWork[], screen: Screen): readonly string[] {
  return work
    .filter(({ started, failure }) => started && failure === null)
    .toSorted((one, other) => compareTexts(keyOf(one.plan.verdict.subject), keyOf(other.plan.verdict.subject)))
    .flatMap(({ plan: { verdict, cautions, under }, standing: { from, step }, filed }) => {
      const facts = [
        from === null ? '' : `it was in ${from}`,
        step.kind === 'create' ? 'contact made' : '',
        `${plural(filed.size, 'message')} filed`,
        cautions.length === 0 ? '' : `with a warning: ${cautions.map(cautionText).join(', and ')}`,
        under.length === 0 ? '' : `${plural(under.length, 'contact')} of your own fall under it: ${namedIn(under)}`,
      ];
      const text = facts.filter((fact) => fact !== '').join(', ');
      return sentence(`${nameOf(verdict.subject)} → ${decisionName(verdict.decision)}: ${text}`, screen);
    });
}
