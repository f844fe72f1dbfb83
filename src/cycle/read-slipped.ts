import type { AddressBook } from '../ports';
import { byAddress } from '../triage/by-address';
import { NOTHING_SLIPPED, type SweepFacts, slippedIn } from '../triage/sweep';
import { decidersOf } from './deciders';
import type { Located } from './locate';
import { type Occasion, sweptSince } from './read';

/**
 * What of the collected messages may have slipped past the rules, and the verdicts of its senders as they are before the
 * cycle: two requests for up to 50 addresses (a sender's, and with the features on its domain's and its recipients'), and
 * none where there are none.
 */
export async function readSlipped(
  { collected, judgement }: Occasion,
  { places }: Located,
  book: AddressBook,
  now: Date,
): Promise<SweepFacts> {
  const since = sweptSince(now);
  const recent = collected.filter(
    ({ mailboxIds, receivedAt }) => mailboxIds.includes(places.screener) && receivedAt >= since,
  );
  const slipped = slippedIn(recent, judgement, places);
  if (slipped.length === 0) return NOTHING_SLIPPED;
  const deciders = slipped.flatMap((message) => decidersOf(message, places));
  const addresses = new Set(deciders.map(({ address }) => address));
  const { contacts, groups } = await book.findWithGroups([...addresses]);
  return { slipped, slippedContacts: byAddress(contacts, (address) => addresses.has(address)), slippedGroups: groups };
}
