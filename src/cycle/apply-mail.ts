import { MailroomError } from '../errors';
import type { Mail, UpdateOutcome } from '../ports';
import type { MessageChange } from '../triage/message';
import { inHand, type VerdictWork } from './verdict-work';

/** Makes one kind of change for all verdicts in hand, and records with its verdict what could not be done. */
export async function applyMail(
  work: readonly VerdictWork[],
  changesOf: (verdict: VerdictWork) => readonly MessageChange[],
  mail: Mail,
): Promise<void> {
  const verdicts = inHand(work);
  const outcomes = await mail.update(verdicts.flatMap(changesOf));
  for (const verdict of verdicts) {
    for (const { id } of changesOf(verdict)) {
      const outcome = outcomes.get(id);
      if (outcome?.kind === 'updated') verdict.filed.add(id);
      // A message that is gone needs no filing, nor does one that the user has put elsewhere.
      if (outcome !== undefined && 'reason' in outcome) verdict.failure ??= failureOf(outcome);
    }
  }
}

function failureOf({ kind, reason }: Extract<UpdateOutcome, { reason: string }>): MailroomError {
  return new MailroomError({
    code: kind === 'refused' ? 'refused' : 'transient',
    message: `A message could not be filed: ${reason}`,
  });
}
