import type { Log } from '../log';
import type { Mail } from '../ports';
import { fieldsOf } from '../triage/subject';
import type { Sweep } from '../triage/sweep';

/** Files what slipped past the rules, and gives the number of messages. What fails is found again by the next cycle. */
export async function applySweep(
  sweeps: readonly Sweep[],
  { mail, log, stop }: { readonly mail: Mail; readonly log: Log; readonly stop: AbortSignal },
): Promise<number> {
  if (stop.aborted) return 0;
  const outcomes = await mail.update(sweeps.flatMap(({ changes }) => changes));
  const filed = sweeps.map(({ sender, subject, category, changes }) => {
    const done = changes.filter(({ id }) => outcomes.get(id)?.kind === 'updated').length;
    if (done > 0)
      log.info('Filed what had slipped past the rules', {
        ...fieldsOf(subject),
        sender,
        category: category.name,
        filed: done,
      });
    return done;
  });
  const failed = [...outcomes.values()].filter(({ kind }) => kind === 'refused' || kind === 'failed').length;
  if (failed > 0) log.warn('Some messages that had slipped past the rules could not be filed', { messages: failed });
  return filed.reduce((sum, count) => sum + count, 0);
}
