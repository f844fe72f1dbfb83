import type { Category } from './category';
import type { Message } from './message';

/** The mailboxes that a cycle knows, by id. */
export interface Places {
  readonly screener: string;
  /** The mailbox with the role `inbox`; null when no category needs it. */
  readonly inbox: string | null;
  readonly errorLabel: string;
  /** Null when warnings are off and the mailbox does not exist. */
  readonly warningLabel: string | null;
  /** Triage label → category. */
  readonly labels: ReadonlyMap<string, Category>;
  /** Name of a category → its destination mailbox. */
  readonly destinations: ReadonlyMap<string, string>;
}

/** Destination mailboxes of all categories. */
export function managedMailboxes(places: Places): ReadonlySet<string> {
  return new Set(places.destinations.values());
}

/** True for the Screener, the triage labels and the managed mailboxes: what a triage takes a sender's mail out of. */
export function isTriaged(mailboxId: string, places: Places): boolean {
  const { screener, labels, destinations } = places;
  return mailboxId === screener || labels.has(mailboxId) || [...destinations.values()].includes(mailboxId);
}

/** The categories whose triage labels the message carries. */
export function verdictsOn(message: Message, places: Places): readonly Category[] {
  return message.mailboxIds.flatMap((id) => places.labels.get(id) ?? []);
}

/** True for a message that waits for the user: labelled, and marked with the error label. */
export function isLeftAlone(message: Message, places: Places): boolean {
  return message.mailboxIds.includes(places.errorLabel) && verdictsOn(message, places).length > 0;
}
