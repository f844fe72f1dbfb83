import type { AddressBook, Mail } from '../ports';
import type { Judgement } from '../triage/judge';
import type { Message } from '../triage/message';
import { NOTHING_SLIPPED, type SweepFacts, slippedBy } from '../triage/sweep';
import type { Located } from './locate';

/** What lies in the Screener for longer was put there by the user, or is left to the user. */
const HOURS = 24;

/**
 * Reads what came into the Screener since yesterday, and the verdicts of its senders as they are before the cycle. No
 * request while the Screener is empty, one while nothing in it is new; else two more for up to 50 senders.
 */
export async function readSlipped(
  judgement: Judgement,
  { places, managedGroups }: Located,
  { mail, book }: { readonly mail: Mail; readonly book: AddressBook },
  now: Date,
): Promise<SweepFacts> {
  const isEmpty = mail.mailboxes.some(({ id, totalEmails }) => id === places.screener && totalEmails === 0);
  if (isEmpty) return NOTHING_SLIPPED;
  const since = `${new Date(now.getTime() - HOURS * 3_600_000).toISOString().slice(0, 19)}Z`;
  const recent = new Map<string, Message>();
  for await (const page of mail.messages([{ inMailboxes: [places.screener], since }])) {
    for (const message of page) recent.set(message.id, message);
  }
  const slipped = slippedBy([...recent.values()], judgement, places);
  if (slipped.size === 0) return NOTHING_SLIPPED;
  const { contacts, groups } = await book.findWithGroups([...slipped.keys()]);
  const managed = new Set(managedGroups.map(({ href }) => href));
  return {
    slipped,
    slippedContacts: contacts,
    slippedGroups: groups.filter(({ href }) => managed.has(href)),
  };
}
