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
      else verdict.failure ??= failureOf(outcome);
    }
  }
}

/** A message that is gone needs no filing, nor does one that the user has put elsewhere. */
function failureOf(outcome: UpdateOutcome | undefined): MailroomError | null {
  if (outcome?.kind === 'gone' || outcome?.kind === 'moved') return null;
  const reason = outcome !== undefined && 'reason' in outcome ? outcome.reason : 'the server did not say';
  return new MailroomError({
    code: outcome?.kind === 'refused' ? 'refused' : 'transient',
    message: `A message could not be filed: ${reason}`,
  });
}
