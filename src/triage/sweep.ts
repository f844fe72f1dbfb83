import { foldAddress } from './address';
import type { Category } from './category';
import type { Contact, Group } from './contact';
import { destinationsOf, fileBacklog } from './filing';
import type { Judgement } from './judge';
import type { Message, MessageChange } from './message';
import { decisionsOn, type Places } from './places';
import { addressesOf, senderOf } from './sender';
import { currentCategory } from './standing';

/** What is known of mail that may have slipped past the mail server's rules. */
export interface SweepFacts {
  /** Sender → its messages that came into the Screener of late ({@link slippedBy}). */
  readonly slipped: ReadonlyMap<string, readonly Message[]>;
  /** Contacts with the senders' addresses. */
  readonly slippedContacts: readonly Contact[];
  /** All managed groups, as they were before the cycle. */
  readonly slippedGroups: readonly Group[];
}

export const NOTHING_SLIPPED: SweepFacts = { slipped: new Map(), slippedContacts: [], slippedGroups: [] };

/** One sender's mail that slipped past the rules, and how its verdict files it. */
export interface Sweep {
  readonly sender: string;
  readonly category: Category;
  readonly changes: readonly MessageChange[];
}

/**
 * The messages by sender, but for those of senders whom this cycle judges or objects to, and those with a label of
 * Mailroom's: they wait for the user, or for the next cycle.
 */
export function slippedBy(
  messages: readonly Message[],
  { verdicts, objections }: Judgement,
  places: Places,
): ReadonlyMap<string, readonly Message[]> {
  const judged = new Set([
    ...verdicts.map(({ sender }) => sender),
    ...objections.flatMap((objection) => objection.messages.flatMap(addressesOf)),
  ]);
  const bySender = new Map<string, Message[]>();
  for (const message of messages) {
    const sender = senderOf(message);
    const isMarked = decisionsOn(message, places).length > 0 || message.mailboxIds.includes(places.errorLabel);
    if (sender === null || judged.has(sender) || isMarked) continue;
    bySender.set(sender, [...(bySender.get(sender) ?? []), message]);
  }
  return bySender;
}

/** Files what slipped past the rules, where its sender has a verdict. */
export function planSweep(
  { slipped, slippedContacts, slippedGroups }: SweepFacts,
  {
    categories,
    places,
    ownUid,
  }: {
    readonly categories: readonly Category[];
    readonly places: Places;
    readonly ownUid: (address: string) => string;
  },
): readonly Sweep[] {
  return [...slipped].flatMap(([sender, messages]) => {
    const contacts = slippedContacts.filter(({ addresses }) => addresses.some((one) => foldAddress(one) === sender));
    const category = currentCategory({ categories, contacts, groups: slippedGroups, ownUid: ownUid(sender) });
    if (category === undefined) return [];
    const destinations = destinationsOf(category, places, categories);
    const filing = { decision: category, destinations, places, outOfInbox: false };
    const changes = messages.flatMap((message) => fileBacklog(message, filing) ?? []);
    return changes.length === 0 ? [] : [{ sender, category, changes }];
  });
}
