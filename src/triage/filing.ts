import { chainOf } from './categories';
import type { Category } from './category';
import { type Decision, isCategory } from './decision';
import type { Message, MessageChange } from './message';
import { decisionsOn, isLeftAlone, isModifier, isTriaged, type Places } from './places';

/** Where a decision puts mail. */
export interface Filing {
  readonly decision: Decision;
  /** Mailboxes by id: those of the category's chain, the Screener, or the junk mailbox. */
  readonly destinations: readonly string[];
  readonly places: Places;
  /** True where the mail leaves the Inbox too, though no category has that for its destination. */
  readonly outOfInbox: boolean;
}

/** Where the decision puts mail. */
export function destinationsOf(decision: Decision, places: Places, categories: readonly Category[]): readonly string[] {
  if (decision === 'take back') return [places.screener];
  if (decision === 'spam') return places.junk === null ? [] : [places.junk];
  return chainOf(decision, categories).flatMap(({ name }) => places.destinations.get(name) ?? []);
}

/** What files a labelled message and takes its labels off; with `warn`, it also gets the warning label. */
export function fileLabelled(message: Message, filing: Filing, warn: boolean): MessageChange {
  const { warningLabel } = filing.places;
  const filed = change(message, filing, warn && warningLabel !== null ? [warningLabel] : []);
  return { ...filed, remove: [...filed.remove, ...message.mailboxIds.filter((id) => isModifier(id, filing.places))] };
}

/**
 * What files another message; null when it is right already, or none of Mailroom's business:
 * it lies elsewhere only, it waits for the user, or it has meanwhile got a triage label that this cycle did not judge.
 */
export function fileBacklog(message: Message, filing: Filing): MessageChange | null {
  const { places, decision } = filing;
  const ours = message.mailboxIds.some((id) => isTriaged(id, places));
  const unheard = decisionsOn(message, places).some((one) => one !== decision);
  if (!ours || unheard || isLeftAlone(message, places)) return null;
  const filed = change(message, filing, []);
  return filed.add.length + filed.remove.length === 0 ? null : filed;
}

/** What takes a message out of the labels that a verdict was asked for by, and does nothing else. */
export function takeLabelsOff({ id, mailboxIds }: Message, places: Places): MessageChange {
  const remove = mailboxIds.filter((mailbox) => asks(mailbox, places));
  return { id, add: [], remove, whileIn: remove };
}

/** The change as far as those labels stay on. */
export function withLabelsOn(change: MessageChange, places: Places): MessageChange {
  return { ...change, remove: change.remove.filter((mailbox) => !asks(mailbox, places)) };
}

function asks(mailboxId: string, places: Places): boolean {
  return places.labels.has(mailboxId) || isModifier(mailboxId, places);
}

/** RFC 8621, section 10.5. */
const SPAM_KEYWORDS = { $junk: true, $notjunk: false } as const;

function change(message: Message, filing: Filing, extra: readonly string[]): MessageChange {
  const { decision, destinations, places, outOfInbox } = filing;
  const inbox = belongsInInbox(message, filing) && places.inbox !== null ? [places.inbox] : [];
  const target = new Set([...destinations, ...inbox, ...extra]);
  const leaves = (id: string): boolean =>
    isTriaged(id, places) ||
    id === places.errorLabel ||
    id === places.warningLabel ||
    (outOfInbox && id === places.inbox);
  return {
    id: message.id,
    add: [...target].filter((id) => !message.mailboxIds.includes(id)),
    remove: message.mailboxIds.filter((id) => leaves(id) && !target.has(id)),
    whileIn: sourcesOf(message, places),
    ...(decision === 'spam' ? { keywords: SPAM_KEYWORDS } : {}),
  };
}

/** Where a message is filed from: the Screener and managed mailboxes; for one that is in none of them, its triage label. */
function sourcesOf({ mailboxIds }: Message, places: Places): readonly string[] {
  const triaged = mailboxIds.filter((id) => isTriaged(id, places));
  const mailboxes = triaged.filter((id) => !places.labels.has(id));
  return mailboxes.length > 0 ? mailboxes : triaged;
}

/**
 * True for what comes out of the Screener, where the category adds to the Inbox. What has got there before stays: a
 * cycle that ended in the middle has filed it, or a rule of the mail server.
 */
function belongsInInbox(message: Message, { decision, destinations, places }: Filing): boolean {
  if (!isCategory(decision) || !decision.addToInbox) return false;
  const { mailboxIds } = message;
  const filedBefore = [...destinations, places.inbox].every((id) => id !== null && mailboxIds.includes(id));
  return mailboxIds.includes(places.screener) || wasMoved(message, places) || filedBefore;
}

/** True for a message that was moved out of the Screener into its triage label, as folders are used: it is in no other mailbox. */
function wasMoved({ mailboxIds }: Message, places: Places): boolean {
  return mailboxIds.every((id) => asks(id, places) || id === places.errorLabel || id === places.warningLabel);
}
