import type { Decision } from './decision';
import type { Message } from './message';

/** The mailboxes that a cycle knows, by id. */
export interface Places {
  readonly screener: string;
  /** The mailbox with the role `inbox`; null when no category needs it. */
  readonly inbox: string | null;
  readonly errorLabel: string;
  /** Null when warnings are off and the mailbox does not exist. */
  readonly warningLabel: string | null;
  /** The mailbox with the role `junk`; null without one. */
  readonly junk: string | null;
  /** Triage label → what it asks for. Labels that are optional and not there are left out. */
  readonly labels: ReadonlyMap<string, Decision>;
  /** The label that makes a verdict one on the sender's whole domain; null where it is not there. */
  readonly wholeDomain: string | null;
  /** The label that makes a verdict one on the message's mailing list; null where it is not there. */
  readonly wholeList: string | null;
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

/** True for the labels that say what a verdict is on, beside a triage label. */
export function isModifier(mailboxId: string, { wholeDomain, wholeList }: Places): boolean {
  return mailboxId === wholeDomain || mailboxId === wholeList;
}

/** True for a message with the label; none has one that is not there. */
export function carries({ mailboxIds }: Message, label: string | null): boolean {
  return label !== null && mailboxIds.includes(label);
}

/** What the triage labels of the message ask for. */
export function decisionsOn(message: Message, places: Places): readonly Decision[] {
  return message.mailboxIds.flatMap((id) => places.labels.get(id) ?? []);
}

/** True for a message that waits for the user: labelled, and marked with the error label. */
export function isLeftAlone(message: Message, places: Places): boolean {
  return message.mailboxIds.includes(places.errorLabel) && decisionsOn(message, places).length > 0;
}
