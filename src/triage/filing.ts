import type { Category } from './category';
import type { Message, MessageChange } from './message';
import { isLeftAlone, isTriaged, type Places, verdictsOn } from './places';

/** Where a category's mail goes. */
export interface Filing {
  readonly category: Category;
  /** Destination mailboxes of the category's chain, by id. */
  readonly destinations: readonly string[];
  readonly places: Places;
}

/** What files a labelled message and takes its label off; with `warn`, it also gets the warning label. */
export function fileLabelled(message: Message, filing: Filing, warn: boolean): MessageChange {
  const { warningLabel } = filing.places;
  return change(message, filing, warn && warningLabel !== null ? [warningLabel] : []);
}

/**
 * What files another message of the sender; null when it is right already, or none of Mailroom's business:
 * it lies elsewhere only, it waits for the user, or it has meanwhile got a triage label that this cycle did not judge.
 */
export function fileBacklog(message: Message, filing: Filing): MessageChange | null {
  const { places, category } = filing;
  const ours = message.mailboxIds.some((id) => isTriaged(id, places));
  const unheard = verdictsOn(message, places).some(({ name }) => name !== category.name);
  if (!ours || unheard || isLeftAlone(message, places)) return null;
  const filed = change(message, filing, []);
  return filed.add.length + filed.remove.length === 0 ? null : filed;
}

function change(message: Message, filing: Filing, extra: readonly string[]): MessageChange {
  const { destinations, places } = filing;
  const inbox = belongsInInbox(message, filing) && places.inbox !== null ? [places.inbox] : [];
  const target = new Set([...destinations, ...inbox, ...extra]);
  const leaves = (id: string): boolean =>
    isTriaged(id, places) || id === places.errorLabel || id === places.warningLabel;
  return {
    id: message.id,
    add: [...target].filter((id) => !message.mailboxIds.includes(id)),
    remove: message.mailboxIds.filter((id) => leaves(id) && !target.has(id)),
  };
}

/**
 * True for what comes out of the Screener, where the category adds to the Inbox. What has got there before stays: a
 * cycle that ended in the middle has filed it, or a rule of the mail server.
 */
function belongsInInbox(message: Message, { category, destinations, places }: Filing): boolean {
  const { mailboxIds } = message;
  const filedBefore = [...destinations, places.inbox].every((id) => id !== null && mailboxIds.includes(id));
  return category.addToInbox && (mailboxIds.includes(places.screener) || wasMoved(message, places) || filedBefore);
}

/** True for a message that was moved out of the Screener into its triage label, as folders are used: it is in no other mailbox. */
function wasMoved({ mailboxIds }: Message, { labels, errorLabel, warningLabel }: Places): boolean {
  return mailboxIds.every((id) => labels.has(id) || id === errorLabel || id === warningLabel);
}
