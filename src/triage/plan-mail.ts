import type { Category } from './category';
import { type Decision, isCategory } from './decision';
import { destinationsOf, type Filing, fileBacklog, fileLabelled, takeLabelsOff, withLabelsOn } from './filing';
import type { Verdict } from './judge';
import type { Message, MessageChange } from './message';
import { decisionsOn, isModifier, type Places } from './places';
import { outranks, type Ruling } from './ruling';
import { senderOf } from './sender';
import { isSame, keyOf, subjectsOf } from './subject';

/** What the mail of the judged is planned from. */
export interface MailFacts {
  readonly places: Places;
  readonly categories: readonly Category[];
  /** What rules a message when all verdicts are carried out. */
  readonly rulingAfter: (message: Message) => Ruling | undefined;
  /** True for a sender that has a contact. */
  readonly isContact: (sender: string) => boolean;
}

/** What one verdict does to mail, in the order of the writes. */
export interface MailPlan {
  readonly backlog: readonly MessageChange[];
  readonly labelled: readonly MessageChange[];
}

/** What became of the subject until now. */
interface Past {
  /** True where it has a verdict, or what is left of one. */
  readonly wasTriaged: boolean;
  /** True where a verdict on it may have added mail to the Inbox. */
  readonly hasCopiesInInbox: boolean;
}

/**
 * The messages whose verdict in this cycle decides about them, by {@link keyOf}: a message with several judged subjects is
 * that of the first. Labelled messages are left out: they go with the verdict that they ask for, or wait.
 */
export function mailByVerdict(
  mail: readonly Message[],
  verdicts: readonly Verdict[],
  labelledIds: ReadonlySet<string>,
): ReadonlyMap<string, readonly Message[]> {
  const found = new Map<string, Message[]>(verdicts.map(({ subject }) => [keyOf(subject), []]));
  for (const message of mail.filter(({ id }) => !labelledIds.has(id))) {
    const key = subjectsOf(message)
      .map(keyOf)
      .find((one) => found.has(one));
    if (key !== undefined) found.get(key)?.push(message);
  }
  return found;
}

/** Plans where the labelled messages and the other mail go; with `warn`, the labelled ones get the warning label. */
export function planMail(
  verdict: Verdict,
  backlog: readonly Message[],
  past: Past,
  facts: MailFacts,
  warn: boolean,
): MailPlan {
  const { places, categories } = facts;
  const filingTo = (decision: Decision): Filing => ({
    decision,
    destinations: destinationsOf(decision, places, categories),
    places,
    outOfInbox: decision === 'take back' && past.hasCopiesInInbox,
  });
  const others = backlog.flatMap((message) => {
    const { decision, follows } = fateOf(message, verdict, past, facts);
    return follows && !asksMore(message, verdict, places) ? (fileBacklog(message, filingTo(decision)) ?? []) : [];
  });
  const filed = verdict.labelled.map((message) =>
    fileLabelled(message, filingTo(fateOf(message, verdict, past, facts).decision), warn),
  );
  return verdict.decision === 'take back'
    ? inTwoSteps(others, filed, verdict, places)
    : { backlog: others, labelled: filed };
}

/** True where the message has meanwhile been labelled for a verdict on somebody else than its sender, or than the subject is. */
function asksMore(message: Message, { subject }: Verdict, places: Places): boolean {
  if (decisionsOn(message, places).length === 0) return false;
  return subject.kind !== 'sender' || message.mailboxIds.some((id) => isModifier(id, places));
}

interface Fate {
  readonly decision: Decision;
  /** False for mail that the verdict leaves where it is, unless it carries the label. */
  readonly follows: boolean;
}

/** What a verdict comes to for one message of its subject's: a more exact verdict wins, now as later. */
function fateOf(message: Message, { subject, decision }: Verdict, { wasTriaged }: Past, facts: MailFacts): Fate {
  const ruling = facts.rulingAfter(message);
  if (ruling !== undefined && outranks(ruling.subject, subject)) return { decision: ruling.category, follows: false };
  if (isCategory(decision)) {
    return { decision: ruling?.category ?? decision, follows: ruling === undefined || isSame(ruling.subject, subject) };
  }
  // The user's own contacts are no strangers whose mail is spam, or was in the Screener, because their domain or list is.
  const isKnown = subject.kind !== 'sender' && facts.isContact(senderOf(message) ?? '');
  if (decision === 'spam' && !isKnown) return { decision, follows: true };
  return { decision: ruling?.category ?? 'take back', follows: !isKnown || wasTriaged };
}

/**
 * Where the labelled messages lay is told by the contacts' history, which goes before the labels do: they are moved with
 * the other mail, and keep their labels until the contacts are released.
 */
function inTwoSteps(
  backlog: readonly MessageChange[],
  filed: readonly MessageChange[],
  { labelled }: Verdict,
  places: Places,
): MailPlan {
  return {
    backlog: [...filed.map((change) => withLabelsOn(change, places)), ...backlog],
    labelled: labelled.map((message) => takeLabelsOff(message, places)),
  };
}
