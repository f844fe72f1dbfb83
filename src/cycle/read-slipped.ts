import type { AddressBook } from '../ports';
import { NOTHING_SLIPPED, type SweepFacts, slippedBy } from '../triage/sweep';
import type { Located } from './locate';
import { type Occasion, sweptSince } from './read';

/**
 * What of the collected messages may have slipped past the rules, and the verdicts of its senders as they are before the
 * cycle: two requests for up to 50 senders, and none where there are none.
 */
export async function readSlipped(
  { collected, judgement }: Occasion,
  { places, managedGroups }: Located,
  book: AddressBook,
  now: Date,
): Promise<SweepFacts> {
  const since = sweptSince(now);
  const recent = collected.filter(
    ({ mailboxIds, receivedAt }) => mailboxIds.includes(places.screener) && receivedAt >= since,
  );
  const slipped = slippedBy(recent, judgement, places);
  if (slipped.size === 0) return NOTHING_SLIPPED;
  const { contacts, groups } = await book.findWithGroups([...slipped.keys()]);
  const managed = new Set(managedGroups.map(({ href }) => href));
  return {
    slipped,
    slippedContacts: contacts,
    slippedGroups: groups.filter(({ href }) => managed.has(href)),
  };
}
