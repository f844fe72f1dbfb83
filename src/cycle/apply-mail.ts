import { MailroomError } from '../errors';
import type { Mail, UpdateOutcome } from '../ports';
import type { MessageChange } from '../triage/message';
import { inHand, type SenderWork } from './sender-work';

/** Makes one kind of change for all senders in hand, and records with its sender what could not be done. */
export async function applyMail(
  work: readonly SenderWork[],
  changesOf: (sender: SenderWork) => readonly MessageChange[],
  mail: Mail,
): Promise<void> {
  const senders = inHand(work);
  const outcomes = await mail.update(senders.flatMap(changesOf));
  for (const sender of senders) {
    for (const { id } of changesOf(sender)) {
      const outcome = outcomes.get(id);
      if (outcome?.kind === 'updated') sender.filed.add(id);
      else sender.failure ??= failureOf(outcome);
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
