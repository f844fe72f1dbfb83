import { requireMailbox } from '../../cycle/locate';
import type { Mail } from '../../ports';
import { Queue } from '../../triage/queue';
import type { CommandContext } from '../context';

/** Who waits in the Screener. */
export async function readQueue(
  mail: Mail,
  { settings, progress }: Pick<CommandContext, 'settings' | 'progress'>,
): Promise<Queue> {
  const screener = requireMailbox(settings.screenerMailbox, mail.mailboxes);
  const { isPublicDomain } = await import('../../domains/public-domains');
  const waiting = new Queue(isPublicDomain);
  let read = 0;
  if (screener.totalEmails === 0) return waiting;
  for await (const page of mail.listedMessages([{ inMailboxes: [screener.id] }])) {
    waiting.add(page);
    read += page.length;
    progress.show('Reading the Screener', read, screener.totalEmails);
  }
  progress.end();
  return waiting;
}
