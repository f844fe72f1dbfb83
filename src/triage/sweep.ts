import type { Category } from './category';
import type { Contact, Group } from './contact';
import { destinationsOf, fileBacklog } from './filing';
import type { Judgement } from './judge';
import type { Message, MessageChange } from './message';
import { decisionsOn, isModifier, type Places } from './places';
import { categoriesBy, rulingOn } from './ruling';
import { addressesOf, senderOf } from './sender';
import { keyOf, type Subject, subjectsOf } from './subject';

/** What is known of mail that may have slipped past the mail server's rules. */
export interface SweepFacts {
  /** Messages that came into the Screener of late ({@link slippedIn}). */
  readonly slipped: readonly Message[];
  /** Folded address → the contacts with it: those of the messages' senders, and with the features their domains and lists. */
  readonly slippedContacts: ReadonlyMap<string, readonly Contact[]>;
  /** All groups, as they were before the cycle. */
  readonly slippedGroups: readonly Group[];
}

export const NOTHING_SLIPPED: SweepFacts = { slipped: [], slippedContacts: new Map(), slippedGroups: [] };

/** Mail of one sender that slipped past the rules, and how its verdict files it. */
export interface Sweep {
  readonly sender: string;
  /** Whose verdict that is: the sender's own, its domain's or a list's. */
  readonly subject: Subject;
  readonly category: Category;
  readonly changes: readonly MessageChange[];
}

/**
 * The messages but for those that this cycle judges or objects to somebody of, and those with a label of Mailroom's: they
 * wait for the user, or for the next cycle.
 */
export function slippedIn(
  messages: readonly Message[],
  { verdicts, objections }: Judgement,
  places: Places,
): readonly Message[] {
  const judged = new Set([...verdicts, ...objections].flatMap(({ subject }) => subject ?? []).map(keyOf));
  const objected = new Set(objections.flatMap((objection) => objection.messages.flatMap(addressesOf)));
  return messages.filter((message) => {
    const sender = senderOf(message);
    const isMarked =
      decisionsOn(message, places).length > 0 ||
      message.mailboxIds.some((id) => id === places.errorLabel || isModifier(id, places));
    if (sender === null || objected.has(sender) || isMarked) return false;
    return !subjectsOf(message).some((subject) => judged.has(keyOf(subject)));
  });
}

/** Files what slipped past the rules, where a verdict rules it. */
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
  const contactsOf = (address: string) => slippedContacts.get(address) ?? [];
  const categoryOf = categoriesBy({ categories, contactsOf, groups: slippedGroups, ownUid });
  const sweeps = new Map<string, Sweep & { readonly changes: MessageChange[] }>();
  for (const message of slipped) {
    const sender = senderOf(message);
    const ruling = rulingOn(message, categoryOf, categories);
    if (sender === null || ruling === undefined) continue;
    const { subject, category } = ruling;
    const destinations = destinationsOf(category, places, categories);
    const change = fileBacklog(message, { decision: category, destinations, places, outOfInbox: false });
    if (change === null) continue;
    const key = JSON.stringify([sender, keyOf(subject)]);
    const sweep = sweeps.get(key) ?? { sender, subject, category, changes: [] };
    sweep.changes.push(change);
    sweeps.set(key, sweep);
  }
  return [...sweeps.values()];
}
